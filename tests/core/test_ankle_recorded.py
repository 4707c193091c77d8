"""AnkleGait on a few recorded feet and shanks, forward and time-reversed; skips where the recordings are absent."""

import importlib.util

import pytest


@pytest.fixture(scope="module")
def bench(root, recorded):
    spec = importlib.util.spec_from_file_location("ankle_accuracy", root / "benchmarks" / "ankle_accuracy.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def trials(bench):
    feet = [trial for trial in bench.ipol() if trial.name[:3] in ("S01", "S13", "S19")]
    return {"ipol": feet, "gaitmap": list(bench.gaitmap()), "neura": list(bench.neura())}


@pytest.mark.parametrize("backward", [False, True], ids=["forward", "time-reversed"])
@pytest.mark.parametrize(("source", "least_f1"), [("ipol", 0.94), ("gaitmap", 0.97), ("neura", 0.95)])
def test_strides_and_direction(bench, trials, source, least_f1, backward):
    score = bench.Score()
    for trial in trials[source]:
        score.add(trial.reversed() if backward else trial)
    _, close, offset_ms, decided, right, _ = score.row()
    assert close >= least_f1
    assert abs(offset_ms) <= 65
    assert decided >= 0.95
    assert right >= 0.99


def test_both_feet_are_counted(bench, trials):
    for trial in trials["gaitmap"]:
        _, step_count = bench.own_strides(trial)
        assert step_count == pytest.approx(2 * len(trial.contacts_s), abs=5)


def test_the_table_of_axes_is_right_by_gravity_and_swing(bench, trials):
    for source in trials.values():
        for trial in source:
            body = trial.mounting
            swing = []
            for sample in trial.counts.tolist():
                body.rotate(bench.Scale(16, 2000), sample)
                swing.append((body.gx * body.gx + body.gz * body.gz, body.gy * body.gy, body.az))
            assert sum(s[1] for s in swing) > sum(s[0] for s in swing) / 2, "pitch is where most of the movement is"
            assert sorted(s[2] for s in swing)[len(swing) // 2] > 800, "gravity is along Z"
