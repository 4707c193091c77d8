"""Power fails at a flash operation, with nothing, half or all of it done: what a flush covered is there afterwards."""

import pytest

from retrowalk.wearer.cast import model

pytestmark = pytest.mark.slow
FLUSH_S = 5.0


@pytest.mark.parametrize(("n_operations", "torn_percent"), [(1, 0), (7, 50), (23, 100), (60, 0), (61, 50), (150, 100)])
def test_at_most_one_flush_interval_is_lost(worn, n_operations, torn_percent):
    device = worn.device
    walked = model("steady", mount="waist", seed=n_operations)
    device.play(walked.frames, press_at_s=[1.0])
    worn.wait_state("recording")
    began_us = device.now_us
    device.cut_at(n_operations, torn_percent)
    assert device.wait_until(lambda: not device.is_on, timeout_s=60), "the flash was not written often enough to fail"
    walked_s = (device.now_us - began_us) / 1e6
    device.start()
    worn.wait_state("idle")
    (session,) = worn.sync()
    assert session["state"] == "recovered"
    assert session["duration_s"] >= walked_s - FLUSH_S - 1.0
    # The filesystem stays writable: the next walk is recorded whole, under a number of its own.
    device.play(walked.frames, press_at_s=[1.0, 20.0])
    worn.wait_state("recording")
    worn.wait_state("idle")
    second = worn.sync()[1]
    assert (second["session"], second["state"]) == ("s00002", "complete")
