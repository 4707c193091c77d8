"""Absurd streams, recordings of a second, gaps everywhere: nothing is raised, lost, or claimed to be known."""

import numpy as np
import pytest
import robust_streams_made as made

from retrogait.events import BACKWARD, CUE, STEP, STUMBLE
from retrowalk.wearer.cast import model

NAMES = list(made.absurd("waist", 1))


@pytest.mark.parametrize("mount", ["waist", "ankle"])
@pytest.mark.parametrize("name", NAMES)
def test_absurd_streams_raise_nothing_and_stay_bounded(mount, name):
    made.said(mount, made.absurd(mount)[name])


def test_no_event_lies_before_the_session():
    told, _engine = made.said("waist", made.absurd("waist")["free fall and spin"])
    assert min(index for index, *_ in told) >= 0, "the log stores the index without a sign"


@pytest.mark.parametrize("mount", ["waist", "ankle"])
@pytest.mark.parametrize("name", NAMES)
def test_absurd_streams_get_no_direction_no_cue_and_no_stumble(mount, name):
    told, engine = made.said(mount, made.absurd(mount)[name])
    assert made.directed(told) == 0
    assert not made.of_kind(told, CUE)
    assert not made.of_kind(told, STUMBLE)
    assert engine.coach.cueing.cue_count == 0


@pytest.mark.parametrize("mount", ["waist", "ankle"])
@pytest.mark.parametrize(
    "name", ["all zero", "constant", "constant upside down", "saturated high", "one count of noise"]
)
def test_what_does_not_move_has_no_steps(mount, name):
    told, engine = made.said(mount, made.absurd(mount)[name])
    assert made.steps(told) == 0
    assert engine.gait.cadence_dspm == 0


@pytest.mark.parametrize("mount", ["waist", "ankle"])
@pytest.mark.parametrize("seconds", [0, 0.01, 0.5, 1])
def test_recordings_of_a_second_and_less(mount, seconds):
    walk = made.limited(made.counts_of(model("steady", mount).frames, mount))
    piece = walk[20 * 104 : 20 * 104 + round(seconds * 104)]
    told, _engine = made.said(mount, piece)
    assert made.steps(told) <= 2
    assert made.directed(told) == 0, "a second is too little to know a direction"


@pytest.mark.parametrize("mount", ["waist", "ankle"])
def test_gaps_everywhere_invent_no_steps(mount):
    """Every second a fifth of it is missing: time runs on, and never more steps come out than the wearer took."""
    walk = model("steady", mount, seed=2)
    engine, told = made.engine_for(mount), []
    rows = made.limited(made.counts_of(walk.frames, mount)).tolist()
    for index, row in enumerate(rows):
        if index % 104 == 83:
            engine.skip(21)
        if index % 104 < 83:
            engine.push(row)
        made.drain(engine, told)
    engine.finish()
    made.drain(engine, told)
    assert engine.index in range(len(rows) - 21, len(rows) + 22)
    assert made.steps(told) <= walk.truth.step_count * 1.05
    made.check(told, 0, engine.index, engine)


def test_a_gap_longer_than_the_session_is_only_a_gap():
    engine, told = made.engine_for("waist"), []
    for row in made.limited(made.upright("waist", 520)).tolist():
        engine.push(row)
    engine.skip(3600 * 104)
    for row in made.limited(made.upright("waist", 520)).tolist():
        engine.push(row)
    made.drain(engine, told)
    assert engine.index == 1040 + 3600 * 104
    assert made.steps(told) == 0
    assert np.abs([engine.lean_cdeg, engine.side_cdeg]).max() < 50


@pytest.mark.parametrize("rates", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (0, 1, 1), (1, 1, 1)])
def test_a_gyro_stuck_on_any_axes_makes_no_steps_at_the_waist(rates):
    counts = made.upright("waist", 30 * 104) + np.array([0, 0, 0, *rates]) * 32767
    told, _engine = made.said("waist", made.limited(counts))
    assert made.steps(told) == 0
    assert made.directed(told) == 0


@pytest.mark.parametrize("noise_g", [0.1, 0.3, 1, 3])
def test_noise_around_gravity_hardly_ever_gets_a_direction(noise_g):
    """By chance alone a third of its steps had one. At most a tenth, and no cue."""
    rng = np.random.default_rng(1)
    counts = made.upright("waist", 300 * 104)
    counts[:, :3] += rng.normal(0, noise_g * made.G_COUNTS["waist"], (len(counts), 3))
    told, engine = made.said("waist", made.limited(counts))
    assert made.directed(told) <= 0.1 * made.steps(told)
    assert engine.coach.cueing.cue_count == 0


def test_the_walk_is_known_again_after_nonsense():
    walk = model("steady", "waist", seed=3)
    rows = made.limited(made.counts_of(walk.frames, "waist"))
    nonsense = made.absurd("waist", 10)["random flips, full scale"]
    told, _engine = made.said("waist", np.vstack([nonsense, rows]))
    late = [way for index, kind, way, _ in told if kind == STEP and index > len(nonsense) + 15 * 104]
    assert len(late) > 30
    assert late.count(BACKWARD) >= 0.95 * len(late)
