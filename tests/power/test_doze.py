"""Dozing between two tasks on battery: nothing is missed, nothing comes late, and a cable finds the board awake."""

import json

import pytest
from clip import is_felt
from power_helpers import booted_after

from retrogait import patterns
from retrowalk.virtual.runner import run_script
from retrowalk.wearer.cast import model


def test_the_loop_sleeps_to_the_next_task_and_not_past_it():
    told = json.loads(
        run_script(
            """
import asyncio, bench, json, time
from app.doze import Doze
bench.power.plug(False)
class Bus:
    stale = 0
    def slept(self):
        self.stale += 1
bus = Bus()
may = True
doze = Doze(lambda: may, bus)
late = []
async def beat(period_ms):
    for _ in range(50):
        due = time.ticks_add(time.ticks_ms(), period_ms)
        await asyncio.sleep_ms(period_ms)
        late.append(time.ticks_diff(time.ticks_ms(), due))
async def main():
    global may
    doze.begin()
    await asyncio.gather(beat(20), beat(40), beat(3))
    naps = doze.naps
    may = False
    await asyncio.gather(beat(20))
    bench.power._meter.count("awake")
    print(json.dumps([max(late), min(late), naps, doze.naps, bus.stale, bench.power._meter.spans_us]))
asyncio.run(main())
"""
        )
    )
    worst_ms, least_ms, naps, naps_in_all, stale, spans_us = told
    assert least_ms >= 0 and worst_ms <= 1
    assert naps > 60 and naps_in_all == stale == naps
    # Two seconds of beats, of which the first 150 ms have the short one in them, then one second that may not doze.
    assert 1.2e6 < spans_us["light"] < 1.9e6


@pytest.mark.slow
def test_a_walk_on_battery_loses_nothing_and_obeys_the_button(worn):
    device = worn.device
    device.power.plug(False)
    n_notes = len(device.notes)
    walk = model("demo", "waist").frames
    before_s = device.power.spans_s()
    device.play(walk, press_at_s=[0.5, 30.0, 30.3, walk.duration_s - 0.5])
    assert device.wait_note("ended walk", 60, n_notes)
    worn.settle(3)
    spent_s = {name: span_s - before_s[name] for name, span_s in device.power.spans_s().items()}
    n_notes = len(device.notes)
    device.power.plug(True)
    # Light sleep leaves native USB dead: the board starts anew for the cable, but not before the walk is over.
    booted_after(device, n_notes)
    worn.wait_state("idle")
    (session,) = worn.sync()
    assert session["state"] == "complete" and session["missing_s"] == 0 and session["verified"]
    assert [kind for kind, *_ in worn.logged()].count("mark") == 1
    assert worn.end()["faults"] == {}
    assert spent_s["light"] > 0.6 * walk.duration_s
    assert device.power.violations == []


@pytest.mark.slow
def test_a_cable_in_a_walk_waits_for_its_end(worn):
    device = worn.device
    device.power.plug(False)
    device.play(model("demo", "waist").frames, press_at_s=[0.5])
    assert worn.comes_to(lambda status: status.state == "recording", 10)
    worn.settle(20)
    n_notes = len(device.notes)
    device.power.plug(True)
    worn.settle(10)
    assert device._find("reset", n_notes) is None
    assert worn.status().state == "recording"
    worn.command("stop")
    booted_after(device, n_notes)
    worn.wait_state("idle")
    assert device.power.violations == []


@pytest.mark.slow
def test_a_pain_press_and_a_calibration_work_out_of_a_doze(worn):
    device = worn.device
    device.power.plug(False)
    worn.settle(5)
    began_us = device.now_us
    device.double_press()
    assert worn.comes_to(lambda status: status.state == "calibrating", 10)
    assert worn.comes_to(lambda status: status.state == "idle", 20)
    worn.settle(2)
    assert is_felt(patterns.PASSED, worn.felt(began_us))
    device.press()
    assert worn.comes_to(lambda status: status.state == "recording", 10)
    worn.settle(10)
    device.press(1500)
    assert worn.comes_to(lambda status: status.state == "idle", 10)
    worn.settle(3)
    assert is_felt(patterns.PAIN, worn.felt(began_us))
    assert device.power.violations == []
