"""The short form of `make accuracy`: a few recorded trials, through `retrowalk analyze`, held by floors a little under
what was measured. The whole table: docs/reference/accuracy.md.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
from accuracy import ours, recordings, synthetic
from accuracy.scoring import Direction, f1, step_figures, within

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("recorded"), pytest.mark.xdist_group("accuracy")]


@pytest.fixture(scope="module")
def waist(recorded):
    """One ipol trial of each of the ten subjects, and what is found in it."""
    assert recorded == recordings.DATA
    trials = [trial for trial in recordings.ipol() if trial.name.endswith("_T3_lb")]
    assert len(trials) == 10
    return trials, ours.analyze_all(trials)


@pytest.fixture(scope="module")
def waist_reversed(waist):
    """The same, time-reversed."""
    trials = [trial.reversed() for trial in waist[0]]
    return trials, ours.analyze_all(trials)


def figures(walks):
    """Step figures of trials and what was found in them."""
    trials, found = walks
    return step_figures(trials, [ours.steps_of(each)[0] for each in found])


def test_waist_steps_forward(waist):
    """Steps to a tenth of a second, last steps, and none while standing."""
    got = figures(waist)
    assert got["f1_0.1"] >= 0.955
    assert got["f1_0.25"] >= 0.965
    assert got["count_median"] <= 2.5
    assert abs(got["count_mean"]) <= 2.5
    assert got["recall_turn_0.25"] >= 0.9
    assert got["recall_second_last_0.25"] >= 0.9
    assert got["recall_last_0.25"] >= 0.8
    assert got["still_false"] == 0


def test_waist_steps_time_reversed(waist_reversed):
    """The stand-in for backward walking."""
    got = figures(waist_reversed)
    assert got["f1_0.1"] >= 0.935
    assert got["f1_0.25"] >= 0.965
    assert got["count_median"] <= 4


@pytest.mark.parametrize(("walks", "want"), [("waist", 1), ("waist_reversed", -1)])
def test_waist_direction(walks, want, request):
    """Straight walking: nearly all windows decided, nearly all of these right."""
    score = Direction()
    for trial, found in zip(*request.getfixturevalue(walks), strict=True):
        score.add_spans(trial, ours.steps_of(found), want)
    assert score.decided >= 0.97 * score.judged
    assert score.right >= 0.99 * score.decided


@pytest.mark.parametrize(("back", "want"), [(False, 1), (True, -1)])
def test_foot_strides_and_direction(back, want):
    """Three feet of ipol and two of gaitmap, forward and time-reversed."""
    trials = [trial for trial in recordings.ipol_feet() if trial.name in ("S01_T1_lf", "S07_T2_rf", "S11_T1_lf")]
    trials += recordings.gaitmap_feet()
    trials = [trial.reversed() if back else trial for trial in trials]
    pairs, score = [], Direction()
    for trial, found in zip(trials, ours.analyze_all(trials), strict=True):
        t_s, directions = ours.own_strides(found)
        inside = within(t_s, trial)
        pairs.append((t_s[inside], trial.contacts_s))
        score.add_steps(directions[inside], want)
    assert f1(pairs, 0.25) >= 0.96
    assert score.decided >= 0.98 * score.judged
    assert score.right >= 0.99 * score.decided


@pytest.mark.long
def test_pocket_in_any_pose():
    """Accelerometer only, no axes: the count and the steps."""
    trials = [trial for trial in recordings.oxford() if trial.name in ("B_Samsung_backpocket_1", "U1_neckpouch")]
    assert len(trials) == 2
    got = step_figures(trials, [ours.steps_of(found)[0] for found in ours.analyze_all(trials)])
    assert got["f1_0.25"] >= 0.975
    assert got["count_median"] <= 1.5


def test_daily_life_with_pauses():
    """Whole recordings; only walking bouts are annotated, so a found step may be real and still count as false."""
    trials = recordings.mobilised()
    found = [ours.steps_of(each)[0] for each in ours.analyze_all(trials)]
    assert f1([(t_s, trial.contacts_s) for t_s, trial in zip(found, trials, strict=True)], 0.25) >= 0.82


@pytest.mark.long
def test_slowed_walks_with_lost_packets_keep_their_steps(waist):
    """A proxy: twice as slow, and the holes of these recordings twice as long."""
    trials = [trial.stretched(2.0) for trial in waist[0]]
    got = step_figures(trials, [ours.steps_of(found)[0] for found in ours.analyze_all(trials)])
    assert got["count_median"] <= 5


@pytest.mark.parametrize("name", ["sitting down and up", "turning on the spot", "picking things up"])
def test_no_steps_where_there_are_none(name, tmp_path):
    """SYNTHETIC movements without a step."""
    path = tmp_path / "made.csv"
    minutes = synthetic.write(synthetic.WAIST[name], 3, path)
    found = ours.analyze(path, "--mount", "waist", "--axes=x,y,z")
    assert found is not None
    assert found["step_count"] <= 1 * minutes


@pytest.mark.parametrize(("name", "most_per_minute"), [("riding a bus", 6), ("handling the clip", 10)])
def test_few_steps_at_an_ankle_that_does_not_walk(name, most_per_minute, tmp_path):
    """SYNTHETIC: what is left of 16 and 32 a minute."""
    path = tmp_path / "made.csv"
    minutes = synthetic.write(synthetic.ANKLE[name], 3, path)
    found = ours.analyze(path, "--mount", "ankle", "--axes=x,y,z")
    assert found is not None
    assert found["step_count"] <= most_per_minute * minutes


def test_matching_is_one_to_one():
    """A tolerance wider than the steps are apart does not let one true step count twice."""
    found, true = np.array([1.0, 1.1, 2.0]), np.array([1.05, 2.1, 3.0])
    i, j = recordings.matched(found, true, 0.25)
    assert i.tolist() == [0, 2]
    assert j.tolist() == [0, 1]
    assert f1([(found, true)], 0.25) == pytest.approx(4 / 6)
