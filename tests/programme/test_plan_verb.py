"""The verb plan from outside: pages, exit codes, pins, pain, history, and a plan's file that is not as it should be."""

import json
import os
import pty
import stat
import subprocess
import sys

import pytest
from plans_made import DEVICE, NO, figures

from retrowalk import cli
from retrowalk.archive.archive import Archive
from retrowalk.errors import UsageError
from retrowalk.programme import device_stage
from retrowalk.programme.history_figure import draw
from retrowalk.programme.page import build
from retrowalk.programme.profile import choose


@pytest.fixture
def anna(walker):
    """Anna's plan has begun, and she has walked twice: stage 1 is passed."""
    assert walker.start() == 0
    for day in (1, 3):
        walker.day = day
        walker.walk(figures(1))
    return walker


def plan_file(walker, name="anna"):
    return walker.archive.root / "plans" / f"{name}.json"


def test_without_a_plan_the_next_step_is_named(walker):
    code, _, err = walker.told()
    assert code == 4
    assert "`retrowalk plan start`" in err


def test_the_plans_file_is_private_and_of_format_1(walker):
    walker.start()
    path = plan_file(walker)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    told = json.loads(path.read_text())
    assert (told["format"], told["name"], told["stage"], told["height_cm"]) == (1, "Anna", 1, 172)
    assert told["screens"][0]["wording"] == 1
    assert not list(path.parent.glob("*.part"))


def test_nobody_to_ask_is_exit_code_4(tmp_path):
    words = [sys.executable, "-m", "retrowalk", "plan", "start", "--archive", str(tmp_path)]
    for more, named in (([], "--name"), (["--name", "Anna"], "--answers")):
        done = subprocess.run([*words, *more], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        assert done.returncode == 4
        assert named in done.stderr
    assert not (tmp_path / "plans").exists()


def test_the_questions_are_asked_on_a_terminal(tmp_path):
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "retrowalk", "plan", "start", "--archive", str(tmp_path)]
    with subprocess.Popen(words, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as asked:
        os.write(ours, b"Anna\n1.72m\nno\nno\nperhaps\nno\nyes\nno\nno\n")
        _, err = asked.communicate(timeout=60)
    assert asked.returncode == 0, err
    assert err.count("Did you have surgery lately?") == 2
    told = json.loads((tmp_path / "plans" / "anna.json").read_text())
    assert [key for key, yes in told["screens"][0]["answers"].items() if yes] == ["chest_pain"]
    assert told["height_cm"] == 172


def test_a_plan_is_never_begun_over_another(walker):
    walker.start()
    kept = plan_file(walker).read_bytes()
    assert walker.told("start", "--name", "ANNA", "--answers", NO)[0] == 2
    assert plan_file(walker).read_bytes() == kept


def test_todays_page_for_people(anna):
    code, out, _ = anna.told()
    assert code == 0
    for words in (
        "Plan of Anna: stage 1 static", "10 taps with each leg", "rail", "This week: 2 of 2 to 3 days",
        "Proposal: go on to stage 2 assisted", "`retrowalk plan accept`", "Not a medical device",
    ):  # fmt: skip
        assert words in out
    assert "heel first" not in out


def test_looking_changes_nothing(anna):
    anna.page()
    kept = plan_file(anna).read_bytes()
    for words in ((), ("--json",), ("history",), ("history", "--json")):
        assert anna.told(*words)[0] == 0
    assert plan_file(anna).read_bytes() == kept


def test_accepting_tells_how_the_device_learns_of_it(anna):
    code, out, err = anna.told("accept")
    assert code == 0
    assert "stage 2 assisted" in out
    assert "`retrowalk config set stage=2 height_cm=172`" in err
    entry = json.loads(plan_file(anna).read_text())["decisions"][-1]
    assert (entry["kind"], entry["from"], entry["to"]) == ("promote", 1, 2)
    assert entry["evidence"] == [f"{DEVICE}/s00001", f"{DEVICE}/s00002"]


def test_accepting_with_a_port_that_is_not_there_saves_the_plan(anna):
    code, _, err = anna.told("accept", "--port", "/dev/fake")
    assert code == 3 and "/dev/fake" in err
    assert anna.page()["stage"] == 2, "the plan itself is saved"


def test_the_device_is_told_through_the_verb_config(monkeypatch):
    told = []

    class Parser:
        def parse_args(self, words):
            return type("Args", (), {"run": staticmethod(lambda args: told.append(words) or 0)})

    monkeypatch.setattr(cli, "build_parser", lambda name: Parser())
    assert device_stage.send({"stage": 3, "height_cm": 172}, "/dev/fake") == 0
    assert told == [["set", "stage=3", "height_cm=172", "--port", "/dev/fake"]]


def test_a_device_left_in_another_stage_is_noted(anna):
    anna.plan("accept")
    anna.day = 5
    anna.walk(figures(1))
    assert any("walked in stage 1" in note and "config set stage=2" in note for note in anna.page()["notes"])


def test_a_therapist_pins_stage_limits_and_numbers(anna):
    words = ("pin", "stage=3", "lean_cue_cdeg=600", "form_cv_percent=10", "--by", "A. Berg, PT")
    assert anna.told(*words)[0] == 0
    page = anna.page()
    assert (page["stage"], page["pinned_stage"]) == (3, 3)
    assert page["pinned_limits"] == {"lean_cue_cdeg": 600}
    assert page["pinned_numbers"] == {"form_cv_percent": 10.0}
    for day in (5, 7):
        anna.day = day
        anna.walk(figures(3))
    proposal = anna.page()["proposal"]
    assert (proposal["kind"], proposal["stage"], proposal["command"]) == ("promote", 4, None)
    assert "stage 3 is pinned" in proposal["held_by"]
    assert anna.told("accept")[0] == 4
    assert anna.plan("unpin", "stage", "--by", "A. Berg, PT") == 0
    assert anna.page()["proposal"]["command"] == "retrowalk plan accept"
    assert anna.plan("unpin") == 0
    page = anna.page()
    assert (page["pinned_limits"], page["pinned_numbers"], page["stage"]) == ({}, {}, 3)
    assert [each.get("by") for each in anna.history()["decisions"]] == [None, "A. Berg, PT", "A. Berg, PT", None]


def test_pins_are_named_and_unpinned_in_the_units_people_use(anna):
    code, _, err = anna.told("pin", "stage=assisted", "lean_cue_deg=6", "goal_ft=100", "cue_twist=on")
    assert code == 0 and "the device keeps 30 m" in err
    assert "Pinned: lean_cue_deg = 6" in anna.told()[1]
    page = anna.page()
    assert page["pinned_limits"] == {"lean_cue_cdeg": 600, "goal_m": 30, "cue_twist": 1}
    assert page["pinned_stage"] == 2
    assert anna.plan("unpin", "lean_cue_deg", "goal_m") == 0
    assert anna.page()["pinned_limits"] == {"cue_twist": 1}


def test_the_picture_of_a_plan_without_walks_shows_these_weeks(tmp_path, monkeypatch):
    monkeypatch.setenv("RETROWALK_ARCHIVE", str(tmp_path))
    assert cli.main(["plan", "start", "--name", "Anna", "--answers", NO]) == 0
    page = build(Archive(tmp_path), choose(Archive(tmp_path), None))
    first, last = draw(page).axes[-1].get_xlim()
    assert last - first == 14
    assert draw(page).axes[1].get_ylim()[0] == 0


def test_a_second_plan_before_the_first_walk_needs_its_device(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RETROWALK_ARCHIVE", str(tmp_path))
    assert cli.main(["plan", "start", "--name", "Anna", "--answers", NO]) == 0
    assert cli.main(["plan", "start", "--name", "Bo", "--answers", NO]) == 2
    err = capsys.readouterr().err
    assert "plan of Anna waits for the first synced walk" in err and "--device ID" in err
    assert cli.main(["plan", "start", "--name", "Bo", "--answers", NO, "--device", "ffff0000"]) == 0


@pytest.mark.parametrize(
    "word",
    ["stage=6", "stage=x", "stage", "nothing=3", "lean_cue_cdeg=99999", "lean_cue_cdeg=2.5", "lean_clear_cdeg=900",
     "form_cv_percent=1", "form_cv_percent=nan", "week_sessions_least=7", "=3", "stage=1e400"],
)  # fmt: skip
def test_impossible_pins_are_refused_and_change_nothing(anna, word):
    anna.page()
    kept = plan_file(anna).read_bytes()
    code, _, err = anna.told("pin", word)
    assert code == 2 and "Next:" in err
    assert plan_file(anna).read_bytes() == kept


def test_pain_is_asked_scored_and_acted_on(anna):
    anna.plan("accept")
    anna.day = 5
    name = anna.walk(figures(2, pain_stop=True, end_reason="pain"))
    page = anna.page()
    assert page["ask_pain"] == [f"{DEVICE}/{name}"]
    assert any("SCORE" in note for note in page["notes"])
    for score in ("11", "-1", "x", "4.5", ""):
        assert anna.told("pain", name, score)[0] == 2
    assert anna.told("pain", "s09999", "3")[0] == 2
    assert anna.told("pain", name)[0] == 2
    assert anna.plan("pain", name, "4") == 0
    assert anna.page()["proposal"]["kind"] == "stay"
    assert anna.plan("pain", name, "5") == 0, "a later score replaces the first"
    page = anna.page()
    assert (page["proposal"]["kind"], page["proposal"]["stage"]) == ("step_back", 1)
    assert page["due"]["today"] is False and "rest after strong pain" in page["due"]["why"]
    assert page["ask_pain"] == []


def test_stage_5_chooses_one_variable(anna):
    assert anna.plan("pin", "stage=5") == 0
    assert anna.page()["advanced"]["variable"] == "time"
    assert anna.told("vary", "speed")[0] == 2, "the belt's speed must be said"
    assert anna.told("vary", "speed", "--belt", "3mph")[0] == 2
    assert anna.told("vary", "jumping")[0] == 2
    assert anna.plan("vary", "speed", "--belt", "0.5mph") == 0
    told = anna.page()["advanced"]
    assert (told["variable"], told["speed_mps"]) == ("speed", 0.224)
    assert "growing: speed" in anna.told()[1]


def test_history_is_a_table_of_sessions_and_decisions(anna):
    anna.plan("accept")
    lines = anna.told("history")[1].splitlines()
    assert lines[0].split() == ["day", "what", "stage", "verdict", "why"]
    assert [line.split()[1] for line in lines[1:]] == ["decision", "s00001", "s00002", "decision"]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda told: b"{ not json", ""),
        (lambda told: b"\xff\xfe\x00", ""),
        (lambda told: b"[" * 100000, ""),
        (lambda told: b"[]", "no JSON object"),
        (lambda told: {**told, "format": 2}, "format is 2"),
        (lambda told: {**told, "stage": 9}, "stage"),
        (lambda told: {**told, "stage": True}, "stage"),
        (lambda told: {**told, "decisions": [{}]}, "decisions"),
        (lambda told: {**told, "screens": None}, "screens"),
        (lambda told: {**told, "screens": [{"utc_s": 1, "wording": 1, "answers": 3}]}, "screens"),
        (lambda told: {**told, "pinned_limits": {"lean_cue_cdeg": 99999}}, "lean_cue_cdeg"),
        (lambda told: {**told, "pinned_numbers": {"pass_days": 99}}, "pass_days"),
        (lambda told: {**told, "belt": {"minutes": "many"}}, "belt"),
        (lambda told: {**told, "height_cm": -3}, "height_cm"),
        (lambda told: {**told, "pains": {"x": {"score": 3}}}, "pains"),
        (lambda told: {**told, "pains": {"x": {"score": "3", "utc_s": 1}}}, "pains"),
    ],
)
def test_a_damaged_plan_is_named_and_left_alone(anna, spoil, why):
    path = plan_file(anna)
    told = spoil(json.loads(path.read_text()))
    data = told if isinstance(told, bytes) else json.dumps(told).encode()
    path.write_bytes(data)
    for words in ((), ("accept",), ("pin", "stage=2"), ("start", "--name", "Bo", "--answers", NO)):
        code, out, err = anna.told(*words)
        assert code == 5, err
        assert str(path) in err and why in err and out == ""
    assert path.read_bytes() == data


def test_fields_of_a_later_version_are_kept(anna):
    path = plan_file(anna)
    path.write_text(json.dumps({**json.loads(path.read_text()), "shoes": "blue"}))
    assert anna.plan("accept") == 0
    told = json.loads(path.read_text())
    assert (told["shoes"], told["stage"]) == ("blue", 2)


def test_two_plans_need_a_name_and_devices_of_their_own(anna):
    assert anna.told()[0] == 0
    assert anna.told("start", "--name", "Bo", "--device", DEVICE, "--answers", NO)[0] == 2
    assert anna.told("start", "--name", "Bo", "--device", "ffff0000", "--answers", NO)[0] == 0
    assert anna.told()[0] == 2
    code, out, _ = anna.told("--name", "bo")
    assert code == 0 and "Plan of Bo" in out and "none synced yet" in out
    assert anna.told("--name", "nobody")[0] == 2
    assert anna.told("--name", "../../etc")[0] == 2


def test_names_become_safe_file_names(tmp_path):
    from retrowalk.programme.profile import path_for

    archive = Archive(tmp_path)
    assert path_for(archive, "../../Änne O'Neil").name == "nne-o-neil.json"
    with pytest.raises(UsageError):
        path_for(archive, "///")
