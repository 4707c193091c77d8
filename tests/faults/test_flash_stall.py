"""A flash operation that takes long stops everything, the reading of the IMU too: its FIFO rides it out, or says so."""

import json
import subprocess
import sys

import pytest

from retrowalk.wearer.cast import model

pytestmark = pytest.mark.slow


def walked_with_stall(worn, seconds, n_operations, times):
    """A walk of 30 s in which the flash stalls about its middle; the session's row of sync, and its gaps in samples."""
    device = worn.device
    walked = model("steady", mount="waist", seed=5)
    device.play(walked.frames, press_at_s=[1.0, 31.0])
    worn.wait_state("recording")
    began_us = device.now_us
    assert device.wait_until(lambda: device.now_us > began_us + 12e6, timeout_s=30)
    device.stall_flash(seconds, n_operations, times)
    worn.wait_state("idle")
    (session,) = worn.sync()
    gaps = [(index, n_samples) for kind, index, n_samples, _ in worn.logged() if kind == "gap"]
    return session, gaps


@pytest.mark.parametrize(("seconds", "n_operations", "times"), [(0.6, 1, 1), (0.6, 9, 1), (0.6, 3, 3)])
def test_no_sample_is_lost_in_stalls_of_0_6_s(worn, seconds, n_operations, times):
    session, gaps = walked_with_stall(worn, seconds, n_operations, times)
    assert gaps == []
    assert (session["state"], session["missing_s"], session["missing_spans_s"]) == ("complete", 0, [])
    end = worn.end()
    assert end["faults"] == {} and end["samples_dropped"] == 0
    # As many samples as time has passed: 104 Hz by the device's own clock, to what waits between two looks.
    assert end["n_samples"] == pytest.approx(end["elapsed_ms"] * 104 / 1000, abs=104)


def test_a_stall_beyond_the_fifo_is_named_as_a_gap(worn):
    session, gaps = walked_with_stall(worn, 4.0, 1, 1)
    ((index, n_samples),) = gaps
    # Of 4 s the FIFO keeps 256 samples, the newest.
    assert n_samples == pytest.approx(4.0 * 104 - 256, abs=30)
    assert index > 0
    end = worn.end()
    assert end["faults"]["fifo_overrun"] == 1
    assert end["n_samples"] == pytest.approx(end["elapsed_ms"] * 104 / 1000, abs=104), "a gap keeps its time"
    assert session["state"] == "complete"
    missing_s = worn.analyze()["quality"]["missing_s"]
    assert missing_s == pytest.approx(n_samples / 104, abs=0.01)


def test_what_a_session_costs_the_flash(root):
    """As `make flash-cost` prints it, shorter: the order of the periods, and the margin of the FIFO over 0.6 s."""
    command = [sys.executable, "benchmarks/flash_cost.py", "--minutes", "1", "--json"]
    told = json.loads(subprocess.run(command, cwd=root, capture_output=True, check=True, timeout=100).stdout)
    erases = [each["erases"] for each in told["rows"]]
    assert erases == sorted(erases, reverse=True) and erases[0] > 2 * erases[2]
    assert all(each["worst_ms"] < 1000 for each in told["rows"])
    assert told["longest_stall_ms"] >= 4 * 600
