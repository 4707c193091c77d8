"""The rate of a transfer: raised where the line is clean, and lowered where it proves not to be."""

import random

import pytest
from framed_device import DEVICE_ID, FramedDevice

from retrowalk.bulk.frames import ANSWER, DATA, MOST_PAYLOAD, Frame, frame_bytes
from retrowalk.contact.ports import Port
from retrowalk.syncing.source import open_source

FILES = {(1, 0): bytes(33_000), (2, 0): b"x" * 2000, (3, 0): b"y" * 2000}


class Bridge(FramedDevice):
    """Behind a bridge; above `most` a fourth of the frames of a file is lost, and no test frame. `rates`: asked for."""

    def __init__(self, most):
        super().__init__(FILES)
        self.most = most
        self.rates = []
        self._chance = random.Random(3)

    def do_hello(self, tag):
        return [Frame(ANSWER, tag, 0, f"1 {DEVICE_ID} idle 0 115200 921600".encode())]

    def do_baud(self, tag, rate):
        self.rates.append(int(rate))
        return [Frame(ANSWER, tag, 0, b"ok")]

    def do_test(self, tag):
        return [Frame(DATA, tag, 0, bytes(MOST_PAYLOAD))]

    def do_get(self, tag, *words):
        for frame in super().do_get(tag, *words):
            is_lost = self.rates and self.rates[-1] > self.most and self._chance.random() < 0.25
            yield b"\x00" + frame_bytes(frame)[1:] if is_lost else frame


@pytest.mark.parametrize(
    ("most", "rates"),
    [(921600, [921600, 115200]), (460800, [921600, 115200, 460800, 115200])],
    ids=["a clean line", "one that is clean in the test only"],
)
def test_a_rate_at_which_much_is_lost_is_left_and_not_tried_again(most, rates):
    with Bridge(most) as device:
        with open_source(Port(device.path, "named", None, "a bridge")) as source:
            for (session, _), data in FILES.items():
                came = bytearray()
                source.read(f"s{session:05d}", "0000.rwl", (0, len(data)), came.extend)
                assert came == data
        assert device.rates == rates
