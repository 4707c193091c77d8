"""analyze: the contract's object from recordings, the summary, and what bad input is told. Sessions: next file."""

import csv
import json
import subprocess
import sys

import analyze_contract as contract
import numpy as np
import pytest
from recordings_made import standing_then_stepping, write_csv
from walks_made import analyzed, arguments, header, told_walk, write_session

from retrogait import events
from retrowalk import analyze, cli
from retrowalk.errors import UsageError
from retrowalk.walk.walk_source import load_walk
from retrowalk.walk.walk_summary import Summary
from retrowalk.walk.walk_text import summary_lines

LINES = ("mark", "pain", "gap", "turn", "cue", "good_again")


@pytest.fixture
def path(tmp_path):
    return write_csv(tmp_path / "walk.csv.gz", standing_then_stepping())


def test_a_recording_at_the_waist(path):
    found = analyzed(path, "--mount", "waist")
    assert found["duration_s"] == pytest.approx(16, abs=0.02)
    assert 18 <= found["step_count"] <= 21  # 12 s at 100 a minute
    assert found["cadence_spm"] == pytest.approx(100, abs=3)
    assert found["segments"][0]["state"] in ("still", "unknown")
    assert np.nanmax(np.abs(np.array(found["lean"]["forward_deg"][:40], float))) < 1
    quality = found["quality"]
    assert quality["source"] == "recording"
    assert quality["sample_rate_hz"] == pytest.approx(100)
    assert quality["neutral"] == {"source": "found", "start_s": 0.0, "end_s": 2.0}
    assert (quality["gaps"], quality["missing_s"], quality["clipped_samples"], quality["gyro"]) == (0, 0, 0, True)


def test_a_recording_at_the_ankle_has_no_lean(path):
    assert "lean" not in analyzed(path, "--mount", "ankle")


def test_times_are_those_of_the_file(tmp_path, path):
    values = standing_then_stepping()
    values[:, 0] += 500
    moved = analyzed(write_csv(tmp_path / "later.csv", values), "--mount", "waist", "--neutral-s", "501,503")
    still = analyzed(path, "--mount", "waist", "--neutral-s", "1,3")
    assert moved["lean"]["t0_s"] == 500
    assert moved["quality"]["neutral"] == {"source": "given", "start_s": 501.0, "end_s": 503.0}
    assert [each["t_s"] - 500 for each in moved["steps"]] == pytest.approx([each["t_s"] for each in still["steps"]])


def test_axes_turn_the_sensor(tmp_path, path):
    upright = standing_then_stepping()
    turned = upright.copy()
    for of in (1, 4):
        x, y, z = upright[:, of], upright[:, of + 1], upright[:, of + 2]
        turned[:, of], turned[:, of + 1], turned[:, of + 2] = z, y, -x  # so that --axes=-z,y,x brings it back
    other = write_csv(tmp_path / "turned.csv", turned)
    found, expected = analyzed(other, "--mount", "waist", "--axes=-z,y,x"), analyzed(path, "--mount", "waist")
    assert found["steps"] == expected["steps"]
    assert found["lean"]["forward_deg"] == pytest.approx(expected["lean"]["forward_deg"], abs=0.1)


def test_attitude_is_told_in_the_axes_given_and_not_against_the_neutral(tmp_path):
    values = standing_then_stepping()
    lean = np.radians(12)
    turn = np.array([[np.cos(lean), 0, -np.sin(lean)], [0, 1, 0], [np.sin(lean), 0, np.cos(lean)]])
    values[:, 1:4] = values[:, 1:4] @ turn.T
    values[:, 4:7] = values[:, 4:7] @ turn.T
    values = np.delete(values, range(900, 1000), axis=0)
    tilted = write_csv(tmp_path / "tilted.csv", values)
    unworn = analyzed(tilted, "--mount", "none")
    assert (unworn["steps"], unworn["cadence_spm"], unworn["distance_m"]) == ([], None, None)
    assert [each["kind"] for each in unworn["events"]] == ["gap"]
    up = unworn["attitude"]["up"]
    assert up[int(9.5 * 104)] is None
    assert up[300] == pytest.approx([-np.sin(lean), 0, np.cos(lean)], abs=0.01)
    assert analyzed(tilted, "--mount", "none", "--axes=y,z,x")["attitude"]["up"][300] == pytest.approx(
        [0, np.cos(lean), -np.sin(lean)], abs=0.01
    )
    for mount in ("waist", "ankle"):
        walk = load_walk(arguments(tilted, "--mount", mount), with_up=True)
        found = analyze.contract(walk)
        contract.check(found)
        assert found["attitude"]["up"][300] == pytest.approx(up[300], abs=0.002)
    assert any("from Z" in line for line in summary_lines(load_walk(arguments(tilted, "--mount", "none"))))


def test_attitude_without_gyro_and_of_a_session(tmp_path, capsys):
    values = standing_then_stepping()[:, :4]
    bare = write_csv(tmp_path / "bare.csv", values, "t_s,ax,ay,az")
    assert analyzed(bare, "--mount", "none")["attitude"]["up"][-1] == pytest.approx([0, 0, 1], abs=0.05)
    assert cli.main(["analyze", str(write_session(tmp_path / "s00007")), "--json", "--with", "attitude"]) == 0
    found = json.loads(capsys.readouterr().out)
    contract.check(found)
    assert found["attitude"]["up"][-1] == pytest.approx([0, 0, 1], abs=0.05)


def test_wrong_axes_still_count_steps_but_tell_no_direction(tmp_path, capsys):
    values = standing_then_stepping()
    values[:, 1:] = values[:, [3, 1, 2, 6, 4, 5]]  # up is x now
    found = analyzed(write_csv(tmp_path / "x_up.csv", values), "--mount", "waist")
    assert 18 <= found["step_count"] <= 21
    assert {each["direction"] for each in found["steps"]} == {"unknown"}
    assert not {each["state"] for each in found["segments"]} & {"backward", "forward"}
    assert set(found["lean"]["forward_deg"]) == {None}
    assert "near the file's x" in found["quality"]["notes"][-1]
    assert "--axes=-z,y,x" in capsys.readouterr().err


def test_a_phone_without_gyro_and_axes_has_steps_at_their_bumps_and_no_direction(tmp_path):
    bare = write_csv(tmp_path / "phone.csv", standing_then_stepping()[:, :4], "t_s,ax,ay,az")
    phone, clip = (analyzed(bare, "--mount", "waist", *axes) for axes in ([], ["--axes=x,y,z"]))
    assert {each["direction"] for each in phone["steps"]} == {"unknown"}
    assert {each["direction"] for each in clip["steps"]} == {"forward"}
    assert set(phone["lean"]["forward_deg"]) == {None}
    leads_s = [late["t_s"] - early["t_s"] for late, early in zip(phone["steps"], clip["steps"], strict=True)]
    assert all(0.04 < lead_s < 0.08 for lead_s in leads_s)
    assert "phone" in phone["quality"]["notes"][-1]


def test_holes_become_gaps(tmp_path):
    values = np.delete(standing_then_stepping(), range(900, 1000), axis=0)
    found = analyzed(write_csv(tmp_path / "holes.csv", values), "--mount", "waist")
    gap = next(each for each in found["events"] if each["kind"] == "gap")
    assert gap["t_s"] == pytest.approx(9, abs=0.02)
    assert gap["end_s"] == pytest.approx(10, abs=0.02)
    assert found["quality"]["gaps"] == 1
    assert found["quality"]["missing_s"] == pytest.approx(1, abs=0.02)
    lean = np.array(found["lean"]["forward_deg"], float)
    assert np.isnan(lean[int(9.1 * 13) : int(9.9 * 13)]).all()
    assert not any(9.05 < each["t_s"] < 9.95 for each in found["steps"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "add --mount"),
        (["--mount", "waist", "--axes=x,y"], "three axes"),
        (["--mount", "none", "--neutral-s", "0,1"], "nobody wears"),
        (["--mount", "waist", "--neutral-s", "3"], "no stretch of time"),
        (["--mount", "waist", "--neutral-s", "3,x"], "no stretch of time"),
        (["--mount", "waist", "--neutral-s", "3,2"], "no stretch of time"),
        (["--mount", "waist", "--neutral-s", "nan,2"], "no stretch of time"),
        (["--mount", "waist", "--neutral-s", "50,60"], "0 samples"),
        (["--mount", "waist", "--accel-unit", "g"], "looks like m/s2"),
    ],
)
def test_wrong_options(path, words, told):
    with pytest.raises(UsageError) as caught:
        load_walk(arguments(path, *words))
    assert told in str(caught.value)


def test_options_of_recordings_are_refused_for_sessions(tmp_path):
    folder = write_session(tmp_path / "s00007")
    for words in (["--mount", "waist"], ["--axes=x,y,z"], ["--neutral-s", "0,1"], ["--gyro-unit", "dps"]):
        with pytest.raises(UsageError, match="is for recordings"):
            load_walk(arguments(folder, *words))
    assert load_walk(arguments(folder / "0000.rwl")).trace.n_samples > 500


def test_every_event_kind_of_the_contract():
    found = analyze.contract(told_walk())
    contract.check(found)
    assert {each["kind"] for each in found["events"]} == set(LINES)
    cue = next(each for each in found["events"] if each["kind"] == "cue")
    assert cue == {"t_s": round(600 / 104, 4), "kind": "cue", "fault": "lean_forward", "length_ms": 180}
    turn = next(each for each in found["events"] if each["kind"] == "turn")
    assert turn == {"t_s": 10.0, "kind": "turn", "end_s": round(1190 / 104, 4), "angle_deg": -170}


def test_totals():
    summary = Summary(told_walk())
    assert (summary.n_backward, summary.n_forward, summary.n_unknown) == (12, 1, 1)
    assert summary.share_backward == pytest.approx(12 / 13)
    assert summary.cadence_spm == pytest.approx(60 * 104 / ((11 * 62 + 60) / 12))
    assert summary.cues_by_fault() == {"lean_forward": 1, "too_fast": 1}
    assert sum(summary.seconds_by_state().values()) == pytest.approx(20)


def test_few_steps_give_no_cadence():
    walk = told_walk()
    walk.trace.events[:] = [each for each in walk.trace.events if each.kind != events.STEP][:9]
    found = analyze.contract(walk)
    assert found["cadence_spm"] is None
    assert "not enough steps" in found["quality"]["notes"][-1]
    assert any("not enough steps" in line for line in summary_lines(walk))


def test_the_summary_says_what_was_found():
    text = "\n".join(summary_lines(told_walk()))
    for words in (
        "14: 12 backward, 1 forward, 1 unknown", "92 % of those known", "1; the first 170 degrees right at 10.0 s",
        "1 lean forward, 1 too fast", "a note", "1.0 s missing in 1 gaps", "2026-",
    ):  # fmt: skip
        assert words in text


def test_text_of_a_device_is_made_safe(tmp_path):
    folder = write_session(tmp_path / "s00007", header(name="evil\x1b]0;owned\x07\r\nclip", firmware="\x1b[2J9.9"))
    walk = load_walk(arguments(folder))
    text = "\n".join(summary_lines(walk))
    assert "evil" in text
    assert not any(ord(mark) < 32 and mark != "\n" for mark in text + json.dumps(analyze.contract(walk)))


def test_the_command(path, capsys):
    assert cli.main(["analyze", str(path), "--mount", "waist", "--height-m", "1.72", "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    contract.check(found)
    assert found["quality"]["height_m"] == 1.72
    assert err == ""
    assert cli.main(["analyze", str(path), "--mount", "waist"]) == 0
    assert "steps" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["nowhere.csv", "--mount", "waist"], 2, "There is no file nowhere.csv"),
        (["{path}"], 2, "add --mount"),
        (["{path}", "--mount", "head"], 2, "--mount"),
        (["{path}", "--mount", "waist", "--height-m", "172"], 2, "no height"),
        (["{empty}", "--mount", "waist"], 5, "is empty"),
    ],
)
def test_the_command_on_bad_input(path, tmp_path, capsys, words, code, told):
    (tmp_path / "empty.csv").touch()
    filled = [word.format(path=path, empty=tmp_path / "empty.csv") for word in words]
    assert cli.main(["analyze", *filled, "--json"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert "Next:" in err


def test_the_process_ends_with_the_code_and_no_traceback(tmp_path):
    call = "import sys; from retrowalk.cli import main; sys.exit(main())"
    words = [sys.executable, "-c", call, "analyze", str(tmp_path), "--mount", "waist"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "is a folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_recorded_walks_against_their_truth(recorded):
    folder = recorded / "ipol_gait_lowerback_feet"
    with (folder / "trials.csv").open(newline="") as file:
        truth = {row["trial"]: row for row in csv.DictReader(file)}
    for trial in ("S01_T1", "S13_T1", "S19_T3"):
        found = analyzed(folder / "dev" / f"{trial}_lb.csv.gz", "--mount", "waist", "--axes=-z,y,x")
        assert found["step_count"] == pytest.approx(int(truth[trial]["n_steps_in_trial"]), rel=0.1), trial
        assert found["cadence_spm"] == pytest.approx(float(truth[trial]["mean_cadence_spm"]), rel=0.1), trial
        assert found["quality"]["neutral"]["source"] == "found"
        assert found["quality"]["interpolated_s"] > 0  # lost packets
