"""A simulated year through the verb: from the first day to stage 5, with step backs, a pin and a long break.

Sessions are given by their figures (tests/programme/plans_made.py); a few real ones are replayed in test_measure.
"""

from itertools import pairwise

import pytest
from plans_made import figures

from retrowalk.programme.moment import DAY_S

TRAINING = (0, 2, 4)  # Monday, Wednesday, Friday
HOLIDAY = range(175, 204)  # nobody walks for four weeks


SHORT = {"walked_s": 20.0, "walks": [[20.0, 4.0]], "steps": 30}
LEARNING = {1: 2, 2: 4, 3: 8, 4: 36, 5: 0}
"""So many sessions in a stage are still too short to pass it."""


def what_goes_wrong(week: int, stage: int, n_before: int) -> dict:
    """The bad days of this year, and the short sessions of somebody who learns; everything else passes."""
    if week == 6 and stage == 3:
        return {"stumbles": 1}
    if week == 12 and stage == 4:
        return {"lean_percent": 70.0}
    if week == 20 and stage == 4:
        return {"pain_stop": True, "end_reason": "pain"}
    return SHORT if n_before < LEARNING[stage] or week == 34 else {}


@pytest.mark.slow
@pytest.mark.long
def test_from_the_first_day_to_stage_5(walker, capsys):
    assert walker.plan() == 4, "no plan yet"
    assert walker.start() == 0
    stages, moves, walked = [1], [], []
    for day in range(365):
        walker.day = float(day)
        if day % 7 not in TRAINING or day in HOLIDAY:
            continue
        before = walker.page()
        assert before["stage"] == stages[-1], "nothing changes by itself"
        if not before["due"]["today"]:
            continue
        stage = before["stage"]
        bad = what_goes_wrong(day // 7, stage, sum(stage == each for _, each in walked))
        name = walker.walk(figures(stage, **bad))
        walked.append((day, stage))
        if bad.get("pain_stop"):
            assert walker.page()["ask_pain"] == [f"0123456789ab/{name}"]
            assert walker.plan("pain", name, "6") == 0
        after = walker.page()
        assert after["stage"] == stage, "proposed, never applied"
        proposal = after["proposal"]
        if proposal["command"] is None:
            continue
        assert proposal["command"] == "retrowalk plan accept"
        assert proposal["evidence"] and proposal["reasons"]
        assert walker.plan("accept") == 0
        assert walker.plan("accept") == 4, "what was accepted is not open any more"
        moves.append((day // 7, proposal["kind"], proposal["stage"]))
        stages.append(proposal["stage"])

    assert moves[0][1:] == ("promote", 2)
    backs = [move for move in moves if move[1] == "step_back"]
    assert [(week, to) for week, _, to in backs] == [(6, 2), (12, 3), (20, 3)], moves
    ups = [to for _, kind, to in moves if kind == "promote"]
    assert ups[-1] == 5 and stages[-1] == 5
    assert all(abs(b - a) <= 1 for a, b in pairwise(stages)), "one stage at a time"
    assert "grow" in {kind for _, kind, _ in moves}

    history = walker.history()
    assert len(history["sessions"]) == len(walked) > 120
    verdicts = {each["verdict"] for each in history["sessions"]}
    assert verdicts == {"passed", "failed", "does not count"}
    assert [each["kind"] for each in history["decisions"]] == ["start", *(kind for _, kind, _ in moves)]
    assert [each["to"] for each in history["decisions"]] == stages
    for week in range(53):
        assert sum(day // 7 == week for day, _ in walked) <= 3
    for before, after in pairwise(history["decisions"]):
        if after["kind"] == "promote":
            evidence = [each for each in history["sessions"] if each["session"] in after["evidence"]]
            assert len({each["day"] for each in evidence}) == 2
            assert {each["stage"] for each in evidence} == {before["to"]}
        if after["kind"] == "grow":
            assert after["utc_s"] - before["utc_s"] >= 7 * DAY_S

    picture = walker.archive.root / "year.png"
    assert walker.plan("picture", str(picture)) == 0
    assert picture.read_bytes()[:4] == b"\x89PNG"
    words = picture.with_suffix(".txt").read_text(encoding="utf-8")
    assert f"now in stage 5: {len(walked)} sessions" in words
    assert words.count(": back to stage") == 3
    capsys.readouterr()
