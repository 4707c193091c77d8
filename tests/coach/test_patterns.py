"""What is felt: every pattern short enough, and no two cues alike."""

import itertools

import pytest

from retrogait import events as ev
from retrogait import life, patterns

FAULTS = range(ev.LEAN_FORWARD, ev.STUMBLED + 1)
CONSTANTS = {
    name: value for name, value in vars(patterns).items() if name[0].isupper() and isinstance(value, tuple)
}  # fmt: skip


@pytest.mark.parametrize("name", CONSTANTS)
def test_a_pattern_begins_and_ends_with_a_pulse_and_is_no_longer_than_allowed(name):
    pattern = CONSTANTS[name]
    assert len(pattern) % 2 == 1
    assert all(ms > 0 for ms in pattern)
    assert max(pattern[::2]) <= 1000
    assert patterns.span_ms(pattern) == sum(pattern) <= 2400


@pytest.mark.parametrize("length_ms", [80, 100, 300, 500])
def test_cues_are_as_long_as_the_mask_believes(length_ms):
    for fault in FAULTS:
        assert sum(patterns.of_cue(fault, length_ms)) == patterns.cue_ms(fault, length_ms) <= 2000


def test_cues_differ_in_the_number_or_the_rhythm_of_their_pulses():
    """At 200 ms: another count of pulses, or a pulse that is at least twice as long as its like."""
    for one, other in itertools.combinations(FAULTS, 2):
        a, b = patterns.of_cue(one, 200)[::2], patterns.of_cue(other, 200)[::2]
        if {one, other} == {ev.LEAN_FORWARD, ev.STUMBLED}:
            continue  # told apart by length: a stumble lasts half a second
        apart = len(a) != len(b) or any(max(x, y) >= 2 * min(x, y) for x, y in zip(a, b, strict=True))
        assert apart, (ev.FAULT_NAMES[one], ev.FAULT_NAMES[other])


def test_the_events_that_are_felt():
    felt = patterns.of_event
    assert felt(ev.CUE, ev.LEAN_BACK, 150) == (150, 120, 150)
    assert felt(ev.GOOD_AGAIN, ev.LEAN_BACK, 60) == (60,)
    assert felt(ev.SEGMENT, life.COUNTDOWN, 3) == (80, 920, 80, 920, 80, 920, 300)
    assert felt(ev.SEGMENT, life.EXERCISE, 0) == ()
    assert felt(ev.PAUSE, ev.BY_STILLNESS, 0) == patterns.PAUSED
    assert felt(ev.PAUSE, ev.BY_STUMBLE, 0) == (), "the stumble's own long buzz says it"
    assert felt(ev.STEP, 1, 50) == felt(ev.TURN, 100, 90) == felt(ev.WITHHELD, 1, 100) == ()
