"""Walking tests: trials timed by the button, their mean, the step-length constant, and what makes a result doubtful."""

import json

import numpy as np
import pytest
import walks_made

from retrogait.engine import WaistEngine
from retrogait.mounting import Mounting
from retrogait.settings import Settings
from retrogait.trials import Trials
from retrowalk.cli import main
from retrowalk.recordings.recording import to_counts
from retrowalk.walk.walk_source import load_named
from retrowalk.walktest.kinds import KINDS
from retrowalk.walktest.result import result_of
from retrowalk.wearer.frames import MOUNTINGS
from retrowalk.wearer.model import walk
from retrowalk.wearer.script import BACKWARD, FORWARD, Segment

COUNTDOWN_S = 3


def walked_test(folder, name, speed_mps, direction=BACKWARD, n_trials=3):
    """A session of a test on a course of its length: stand, press, countdown, walk, press, stand; and true times."""
    course_m = KINDS[name].distance_m
    walk_s = course_m / speed_mps + 0.8
    script, presses, at_s = [Segment(2.0)], [], 2.0
    for _ in range(n_trials):
        script += [Segment(COUNTDOWN_S + 0.5), Segment(walk_s, direction, speed_mps, 95.0), Segment(4.0)]
        presses += [at_s + 0.3, at_s + COUNTDOWN_S + 0.5 + walk_s]
        at_s += COUNTDOWN_S + 0.5 + walk_s + 4.0
    frames = walk(tuple(script), seed=3).frames
    counts, _ = to_counts(np.hstack([frames.accel_mps2, frames.gyro_radps]), 8, 500)
    mounting = Mounting([round(16384 * value) for value in MOUNTINGS["waist"].flat])
    engine = WaistEngine(Settings(), mounting, 8, 500, Trials)
    told = walks_made.header(test=name, mounting=mounting.as_list())
    indices = {round(104 * press_s) for press_s in presses}
    walks_made.write_walk(folder, counts, engine, told, presses=indices)
    return [b - a - COUNTDOWN_S for a, b in zip(presses[::2], presses[1::2], strict=True)]


def result(folder, name):
    return result_of(load_named(str(folder), None), KINDS[name])


def test_three_trials_and_their_mean(tmp_path):
    true_s = walked_test(tmp_path / "s00007", "back3", 0.6)
    found = result(tmp_path / "s00007", "back3")
    assert [trial.time_s for trial in found.trials] == pytest.approx(true_s, abs=0.1)
    assert found.mean_s == pytest.approx(np.mean(true_s), abs=0.1)
    assert found.doubts == ()
    assert all(trial.share_way == 1.0 and trial.steps >= 5 for trial in found.trials)
    assert found.factor_permille is None, "three metres are too short for a constant"


@pytest.mark.parametrize(("name", "direction"), [("back10", BACKWARD), ("forward10", FORWARD)])
def test_the_constant_of_a_ten_metre_walk_makes_the_distance_right(tmp_path, name, direction):
    walked_test(tmp_path / "s00007", name, 0.7, direction)
    found = result(tmp_path / "s00007", name)
    assert found.factor_permille is not None
    mean_m = np.mean([trial.estimated_m for trial in found.trials])
    assert found.factor_permille == pytest.approx(1000 * 10 / mean_m, rel=0.05)


def test_walking_the_wrong_way_is_a_doubt_and_gives_no_constant(tmp_path):
    walked_test(tmp_path / "s00007", "back10", 0.7, FORWARD)
    found = result(tmp_path / "s00007", "back10")
    assert any("went backward" in doubt for doubt in found.doubts)
    assert found.factor_permille is None


def test_an_unfinished_test_says_so(tmp_path):
    walked_test(tmp_path / "s00007", "back3", 0.6, n_trials=1)
    assert "only 1 of 3 trials count" in result(tmp_path / "s00007", "back3").doubts


def test_the_page_has_population_and_accuracy_and_no_diagnosis(tmp_path, capsys):
    walked_test(tmp_path / "s00007", "back3", 0.6)
    assert main(["walktest", "result", str(tmp_path / "s00007")]) == 0
    said = capsys.readouterr().out
    assert "not a diagnosis" in said and "AUC 0.655" in said and "483 older adults" in said
    assert main(["walktest", "result", str(tmp_path / "s00007"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["test"] == "back3" and len(told["trials"]) == 3
    assert all(round(trial["time_s"], 1) == trial["time_s"] for trial in told["trials"])


def test_another_session_is_no_test(tmp_path, capsys):
    walks_made.write_session(tmp_path / "s00007")
    assert main(["walktest", "result", str(tmp_path / "s00007")]) == 2
    assert "no walking test" in capsys.readouterr().err


def test_a_name_that_no_test_has_is_no_test(tmp_path):
    walks_made.write_session(tmp_path / "s00007", walks_made.header(test="../../x"))
    assert main(["walktest", "result", str(tmp_path / "s00007")]) == 2
