"""Scenario files: what they may say, what is refused and in which words, and that a seed repeats a walk."""

import copy
import json

import numpy as np
import pytest

from retrowalk.errors import UsageError
from retrowalk.wearer.cast import FOLDER, model, names, scenario
from retrowalk.wearer.clip import Clip
from retrowalk.wearer.scenario import load, parse
from retrowalk.wearer.script import STILL

GOOD = {
    "format": 1,
    "for": "A test.",
    "why": "Invented.",
    "manner": {"sway": 0.5, "belt": True},
    "clip": {"twist_deg": 180},
    "segments": [
        {"duration_s": 4},
        {"duration_s": 20, "direction": "backward", "speed_mps": 0.5, "cadence_spm": 80},
        {"duration_s": 20},
    ],
    "events": [
        {"kind": "look", "at_s": 6, "twist_deg": 30, "holds_s": 1, "times": 2, "every_s": 5},
        {"kind": "fall", "at_s": 24.5, "pitch_deg": -80, "lies_s": 5},
    ],
}
ISSUE = {
    "beginner", "slowest", "limping", "sloucher", "hurrier", "looker", "stumbler", "faller", "treadmill", "rail",
    "stop_and_go", "turned_round", "slipping", "static", "tired",
}  # fmt: skip
OLD = {
    "steady", "lean", "hurry", "crooked", "slow", "stand", "turns", "forward", "demo", "first_steps", "bow",
}  # fmt: skip


def changed(path, value):
    """GOOD with one thing changed: `path` leads to it, a value of None takes it away."""
    words = copy.deepcopy(GOOD)
    at = words
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return words


def test_the_cast_is_complete():
    assert set(names()) >= ISSUE | OLD


def test_a_file_becomes_a_scenario():
    made = parse(GOOD, "good.json")
    assert made.purpose == "A test." and made.why == "Invented."
    assert made.manner.belt and made.manner.sway == 0.5 and made.clip.twist_deg == 180
    assert [event.at_s for event in made.events] == [6, 11, 24.5]
    assert made.duration_s == 44
    assert made.segments[1].cadence_spm == 80 and isinstance(made.segments[1].cadence_spm, float)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["format"], 2, "format 1"),
        (["for"], " ", "'for'"),
        (["why"], None, "'why'"),
        (["cast"], [], "no part 'cast'"),
        (["segments"], {}, "segments must be a list"),
        (["segments"], [], "at least one segment"),
        (["segments", 0], 4, "segment 0 must be an object"),
        (["segments", 0, "duration_s"], None, "does not say 'duration_s'"),
        (["segments", 1, "pace"], 1, "segment 1 has no field 'pace'"),
        (["segments", 1, "direction"], "sideways", "choose one of: still, backward, forward"),
        (["segments", 1, "speed_mps"], "fast", "speed_mps is no number"),
        (["segments", 1, "speed_mps"], True, "speed_mps is no number"),
        (["segments", 1, "cadence_spm"], 300, "from 0 to 160 steps/min"),
        (["segments", 1, "cadence_spm"], float("nan"), "from 0 to 160 steps/min"),
        (["segments", 1, "speed_mps"], 0.01, "segment 1: walking needs 0.05"),
        (["segments", 1, "ramp_s"], 30, "the ramp must fit"),
        (["segments", 2, "direction"], "forward", "walking needs"),
        (["manner", "belt"], 1, "choose one of: false, true"),
        (["manner", "limp_percent"], 20, "limp_percent cannot be 20"),
        (["clip", "yaw"], 20, "clip has no field 'yaw'"),
        (["events", 0, "kind"], "dance", "no kind 'dance'"),
        (["events", 0, "times"], 1.5, "times cannot be 1.5"),
        (["events", 0, "every_s"], 1, "every_s cannot be 1"),
        (["events", 0, "at_s"], 100, "after the walk's end"),
        (["events", 1, "at_s"], 10, "the wearer walks then"),
        (["events", 0], {"kind": "stumble", "at_s": 1, "pitch_deg": 10}, "the wearer stands then"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_remedy(path, value, words):
    with pytest.raises(UsageError) as caught:
        parse(changed(path, value), "mine.json")
    assert words in str(caught.value)
    assert caught.value.message.startswith("mine.json") and caught.value.next_step


def test_a_file_that_cannot_be_read_is_a_mistake_of_the_user(tmp_path):
    for content, words in ((None, "cannot be read"), (b"{", "no JSON"), (b"\xff\xfe", "cannot be read")):
        path = tmp_path / "scenario.json"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(UsageError, match=words):
            load(path)


@pytest.mark.parametrize("name", names())
def test_every_file_says_what_for_and_why(name):
    found = scenario(name)
    assert found.purpose.endswith(".") and found.purpose.count(". ") == 0, "one sentence"
    assert found.why
    assert model(name).truth.purpose == found.purpose
    if name not in ("bow",):
        assert found.segments[0].direction == STILL and found.segments[0].duration_s >= 4


def test_files_name_no_key_twice():
    def once(pairs):
        assert len(dict(pairs)) == len(pairs), pairs
        return dict(pairs)

    for path in FOLDER.glob("*.json"):
        json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=once)


@pytest.mark.parametrize("mount", ["waist", "ankle"])
@pytest.mark.parametrize("name", ["beginner", "limping", "stumbler", "faller", "slipping", "static"])
def test_a_seed_repeats_a_walk_and_another_does_not(name, mount):
    first, again, other = (model(name, mount, seed) for seed in (3, 3, 4))
    assert np.array_equal(first.frames.values, again.frames.values)
    assert first.truth.episodes == again.truth.episodes == other.truth.episodes
    assert not np.array_equal(first.frames.values, other.frames.values)


def test_the_callers_clip_goes_before_the_scenarios():
    own, straight = model("turned_round"), model("turned_round", clip=Clip())
    assert not np.array_equal(own.frames.values, straight.frames.values)
    assert np.array_equal(own.truth.step_times_s, straight.truth.step_times_s)
