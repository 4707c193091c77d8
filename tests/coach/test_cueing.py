"""How a due fault is told: the share that is given, rest, alarms, stumbles, and the mask."""

import itertools

import pytest

from retrogait import events as ev
from retrogait.cueing import STUMBLE_MS, Cueing
from retrogait.events import EventQueue
from retrogait.patterns import cue_ms
from retrogait.settings import Settings

RATE_HZ = 104


def told(share, n=100, is_alarm=False):
    """The kinds told when a fault is due `n` times, each answered, ten seconds apart."""
    queue = EventQueue()
    cueing = Cueing(Settings({"cue_share_percent": share, "good_again_ms": 0}), queue)
    kinds = []
    for index in range(0, n * 10 * RATE_HZ, 10 * RATE_HZ):
        cueing.look(index)
        assert cueing.may(index)
        given = cueing.tell(index, ev.LEAN_FORWARD, 100, 800, is_alarm)
        cueing.answered(index, ev.LEAN_FORWARD)
        assert queue.take()
        assert given == (queue.kind == ev.CUE)
        kinds.append(queue.kind)
    return kinds


@pytest.mark.parametrize("share", [0, 33, 67, 100])
def test_the_share_of_due_cues_that_is_given(share):
    kinds = told(share)
    assert kinds.count(ev.CUE) == share
    assert kinds.count(ev.WITHHELD) == 100 - share


def test_a_share_is_spread_evenly_and_begins_with_a_cue():
    given = [kind == ev.CUE for kind in told(33)]
    assert given[:8] == [True, False, False, False, True, False, False, True]
    places = [i for i, each in enumerate(given) if each]
    assert max(b - a for a, b in itertools.pairwise(places)) <= 4


def test_alarms_are_never_withheld():
    assert told(0, is_alarm=True) == [ev.CUE] * 100


def test_a_stumble_is_told_in_the_middle_of_a_rest_and_begins_one():
    queue = EventQueue()
    cueing = Cueing(Settings({"cue_share_percent": 0}), queue)
    cueing.stumble(500)
    assert queue.take()
    assert (queue.kind, queue.value_a, queue.value_b) == (ev.CUE, ev.STUMBLED, STUMBLE_MS)
    assert cueing.masked and not cueing.may(500 + 3 * RATE_HZ)
    index = 500 + 4 * RATE_HZ
    cueing.look(index)
    assert cueing.may(index)


def test_the_mask_covers_latency_pattern_and_ring_down():
    for fault in range(ev.LEAN_FORWARD, ev.STUMBLED):
        queue = EventQueue()
        cueing = Cueing(Settings({"mask_tail_ms": 200}), queue)
        cueing.tell(0, fault, 800, 800, False)
        assert queue.take()
        masked = 0
        while cueing.masked:
            masked += 1
            cueing.look(masked)
        assert masked == pytest.approx((150 + cue_ms(fault, queue.value_b) + 200) * 0.104, abs=1)


def test_a_shorter_buzz_does_not_shorten_the_mask_of_a_longer_one():
    cueing = Cueing(Settings(), EventQueue())
    cueing.mask(0, 1000)
    cueing.mask(50, 10)
    cueing.look(120)
    assert cueing.masked
