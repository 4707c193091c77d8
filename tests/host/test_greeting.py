"""Who is there: a device that speaks frames is found although it is deaf for a while or the line is bad."""

import pytest
from framed_device import FramedDevice

from retrowalk.bulk.frames import ANSWER, Frame, frame_bytes
from retrowalk.bulk.source import BulkSource
from retrowalk.contact.device_clock import Anchor
from retrowalk.contact.ports import Port
from retrowalk.syncing.source import open_source


def opened(device):
    """The source on a scripted device, not entered."""
    return open_source(Port(device.path, "named", None, "a test's"))


@pytest.fixture
def slow_to_answer():
    """Makes a device that leaves the first hellos without an answer, or with the one of `wrong(frames)`."""

    def make(n_hellos, wrong=lambda _tag: []):
        def lie(device, tag, _words):
            n_heard = sum(words[0] == "hello" for words in device.requests)
            return wrong(tag) if n_heard <= n_hellos else None

        return FramedDevice({(1, 0): b"x"}, hello=lie)

    return make


def test_an_app_that_is_deaf_at_first_is_still_synced_in_frames(slow_to_answer):
    """Just started, say: it misses the first greetings, and tells in its status that it speaks frames."""
    with slow_to_answer(4) as device:
        source = opened(device)
        assert isinstance(source, BulkSource)
        with source:
            assert source.list().sizes == {"s00001": {"0000.rwl": 1}}
        assert b"\x03" not in device.heard, "it was stopped"


def test_a_line_on_which_many_greetings_are_lost_is_no_reason_to_stop_the_app(slow_to_answer):
    """What comes is the beginning of a frame each time: the device speaks frames, and needs no prompt."""
    answer = frame_bytes(Frame(ANSWER, 0, 0, b"1 0123456789ab idle 0 115200 0"))

    with slow_to_answer(54, lambda _tag: [answer[:-3]]) as device:
        with opened(device) as source:
            assert source.how == "in frames"
        assert b"\x03" not in device.heard, "it was stopped"


def test_a_request_that_got_no_answer_is_said_thrice(slow_to_answer):
    """Nothing tells whether the question or the answer was lost; a device obeys equal lines once."""
    with slow_to_answer(1) as device:
        with opened(device):
            pass
        hellos = [words for words in device.requests if words[0] == "hello"]
        assert len(hellos) == 1 + 3


def test_the_clock_is_set_in_a_frame_and_anew_with_each_try():
    """A line has no checksum, and a time that is said again is over."""
    lost = iter([True, True, False])
    times = []

    def lie(_device, _tag, words):
        times.append(int(words[2]) * 1000 + int(words[3]))
        return [] if next(lost) else None

    with FramedDevice({(1, 0): b"x"}, do=lie) as device:
        with opened(device):
            pass
        assert b"rw time" not in device.heard
    assert times == sorted(set(times))
    assert times[-1] - times[0] >= 500


def test_an_anchor_counts_only_if_it_is_told_twice():
    true, hurt = ["aaaa0001", 31000, 1790000000250], ["aaaa0001", 31000, 1890000000250]
    told = iter([[hurt, true], [true]])
    with FramedDevice({(1, 0): b"x"}) as device:
        device.anchors = lambda: next(told)
        with opened(device) as source:
            assert source.anchors == [Anchor(*true)]
