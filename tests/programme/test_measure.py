"""Figures from real session files: the walking model's walks, logged by the device's writer and replayed.

Backward walks here come from a model: a proxy. What is tested is the bookkeeping, against what the script did.
"""

import json
import stat
from dataclasses import replace

import pytest
from plans_made import DEVICE
from replayed_made import STAND, TURN, forward, steady, walked

from retrogait import events
from retrowalk.archive.archive import Archive
from retrowalk.programme import figure_cache, measure
from retrowalk.programme.criteria import Numbers
from retrowalk.programme.figure_cache import entries_of
from retrowalk.programme.outcome import PASSED, judge
from retrowalk.walk.replay import Span


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return Archive(tmp_path_factory.mktemp("walks"))


@pytest.fixture(scope="module")
def three_walks(archive):
    """Stage 3: three times 35 s with rests of 8 s; the middle one stops for 3 s; one cue given, one withheld."""
    rest, stop = [STAND] * 2, replace(STAND, duration_s=3.0)
    script = (*rest, steady(35.0), *rest, steady(18.0), stop, steady(18.0), *rest, steady(35.0), STAND)
    more = [(2000, events.CUE, events.LEAN_FORWARD, 120), (3000, events.WITHHELD, events.LEAN_FORWARD, 120)]
    return walked(archive, 1, script, 3, more)


def test_the_bouts_of_a_walk_are_found(three_walks):
    found = measure.measure(three_walks, 172)
    assert found.stage == 3
    assert [seconds for seconds, _ in found.walks] == pytest.approx([35, 36, 35], abs=3)
    total_m = measure.replayed(three_walks, 172).trace.pace.distance_m
    assert found.walked_m == pytest.approx(sum(metres or 0 for _, metres in found.walks), abs=0.1)
    assert found.walked_m == pytest.approx(total_m, rel=0.1), (
        "shared out by steps; how true it is: docs/reference/accuracy"
    )
    assert [metres for _, metres in found.walks] == pytest.approx([total_m / 3] * 3, rel=0.1)
    assert found.longest_stop_s == pytest.approx(3.0, abs=1.0)
    assert found.walked_s == pytest.approx(sum(seconds or 0 for seconds, _ in found.walks), abs=0.3)
    assert found.backward_percent is not None and found.backward_percent > 95
    assert found.lean_percent is not None and found.lean_percent > 95
    assert found.step_time_cv_percent is not None and 0 < found.step_time_cv_percent < 12
    assert (found.cues, found.withheld, found.stumbles, found.pain_stop) == (1, 1, 0, False)
    assert found.end_reason == "button"


def test_a_real_session_can_pass(archive, three_walks):
    entry = next(each for each in entries_of(archive, DEVICE, 172) if each.reference == three_walks.reference)
    outcome = judge(entry, Numbers())
    assert (outcome.verdict, outcome.reasons) == (PASSED, ["all that stage 3 asks for"])


def test_a_turn_and_a_walk_forward_end_a_bout(archive):
    script = (STAND, steady(20.0), TURN, steady(20.0), STAND, forward(12.0), STAND, steady(20.0), STAND)
    found = measure.measure(walked(archive, 2, script, None), 0)
    assert found.stage is None, "a log from before there were stages"
    assert len(found.walks) == 3
    assert found.backward_percent is not None and 65 < found.backward_percent < 95


def test_only_the_exercise_counts(archive):
    """Warm-up 4 to 20 s and cool-down from 42 s: leaning there, and a cue, are none of the exercise's business."""
    script = (STAND, steady(16.0, lean_deg=14.0), steady(22.0), steady(12.0, lean_deg=14.0), STAND)
    more = [(45 * 104, events.WITHHELD, events.LEAN_FORWARD, 100)]
    segments = {"countdown_s": 3, "warm_up_s": 19, "goal_s": 18, "cool_down_s": 60}
    with_segments = measure.measure(walked(archive, 3, script, 4, more, **segments), 172)
    whole = measure.measure(walked(archive, 4, script, 4), 172)
    assert with_segments.exercise_s == pytest.approx(18, abs=0.1)
    assert with_segments.lean_percent is not None and with_segments.lean_percent > 95
    assert whole.lean_percent is not None and whole.lean_percent < 60
    assert with_segments.withheld == 0 and with_segments.cues == 0
    assert whole.exercise_s == whole.duration_s - 3, "all but the countdown"
    assert with_segments.walked_s < 20 < whole.walked_s


def test_a_pain_stop_and_a_stumble_of_the_log_are_kept(archive):
    more = [(1500, events.STUMBLE, 0, 0), (1800, events.PAIN, 0, 0)]
    found = measure.measure(walked(archive, 5, (STAND, steady(14.0), STAND), 2, more, end="pain"), 0)
    assert (found.stumbles, found.pain_stop, found.end_reason) == (1, True, "pain")


def test_each_session_is_replayed_once(archive, three_walks, monkeypatch):
    before = entries_of(archive, DEVICE, 172)
    cache = three_walks.path / figure_cache.CACHE
    assert stat.S_IMODE(cache.stat().st_mode) == 0o600
    kept = cache.read_bytes()
    replayed = []
    monkeypatch.setattr(measure, "measure", lambda session, height: replayed.append(session.name))
    assert entries_of(archive, DEVICE, 172) == before
    assert (replayed, cache.read_bytes()) == ([], kept)


@pytest.mark.parametrize("spoil", ["core", "height", "garbage", "fields", "types", "files"])
def test_a_cache_that_is_not_of_this_session_is_made_anew(archive, three_walks, monkeypatch, spoil):
    entries_of(archive, DEVICE, 172)
    cache = three_walks.path / figure_cache.CACHE
    kept = cache.read_bytes()
    told = json.loads(kept)
    if spoil == "core":
        told["key"]["core"] = "0.0.0"
    elif spoil == "files":
        told["key"]["files"] = {}
    elif spoil == "fields":
        del told["figures"]["walks"]
    elif spoil == "types":
        told["figures"]["walked_s"] = "long"
    cache.write_bytes(b"{" if spoil == "garbage" else json.dumps(told).encode())
    replayed = []
    real = measure.measure
    monkeypatch.setattr(measure, "measure", lambda session, cm: replayed.append(session.name) or real(session, cm))
    entries_of(archive, DEVICE, 180 if spoil == "height" else 172)
    assert three_walks.name in replayed
    if spoil != "height":
        assert replayed == [three_walks.name]
        assert cache.read_bytes() == kept


def test_a_session_without_a_header_is_told_and_the_others_are_measured(tmp_path):
    archive = Archive(tmp_path)
    good = walked(archive, 1, (STAND, steady(12.0), STAND), 2)
    bad = walked(archive, 2, (STAND, steady(6.0)), 2)
    path = bad.files()[0]
    path.write_bytes(b"x" * 600 + path.read_bytes()[600:])
    found = {each.reference: each for each in entries_of(archive, DEVICE, 0)}
    assert found[good.reference].figures is not None
    assert found[bad.reference].figures is None
    assert "header" in found[bad.reference].trouble


def test_a_clock_that_runs_ahead_of_the_sync_is_an_unset_clock(tmp_path):
    archive = Archive(tmp_path)
    session = walked(archive, 1, (STAND, steady(6.0)), 2)
    manifest = json.loads((session.path / "manifest.json").read_text())
    manifest["header"]["utc_s"] += 3 * 86400
    (session.path / "manifest.json").write_text(json.dumps(manifest))
    assert entries_of(archive, DEVICE, 0)[0].utc_s is None


def test_bouts_by_hand():
    told = [
        Span(0, 100, events.STILL), Span(100, 300, events.BACKWARD), Span(300, 350, events.STILL),
        Span(350, 500, events.BACKWARD), Span(500, 1100, events.STILL), Span(1100, 1200, events.BACKWARD),
        Span(1200, 1250, events.TURNING), Span(1250, 1400, events.BACKWARD),
    ]  # fmt: skip
    bouts, stops = measure.bouts_of(told, [(0, 1400)], 520)
    assert [[(each.start, each.end) for each in bout] for bout in bouts] == [
        [(100, 300), (350, 500)], [(1100, 1200)], [(1250, 1400)]
    ]  # fmt: skip
    assert stops == [50]
    bouts, _ = measure.bouts_of(told, [(150, 200), (1300, 1350)], 520)
    assert [[(each.start, each.end) for each in bout] for bout in bouts] == [[(150, 200)], [(1300, 1350)]]
