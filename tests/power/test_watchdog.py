"""Whatever hangs in a walk: the board resets within seconds, the motor is off, and the walk so far is on flash."""

import pytest
from power_helpers import booted_after

from retrowalk.virtual.runner import run_script
from retrowalk.wearer.cast import model

HANG = "while True: time.sleep_ms(10)"

# What hangs: (file, line, what stands there instead). Time passes in each hang, as on silicon.
HANGS = {
    "sampler, for good": (
        "app/sampler.py",
        "                count = self.pump(consumer)\n",
        "                count = self.pump(consumer)\n"
        f"                if self.beats > 1000:\n                    {HANG}\n",
    ),
    "sampler, which waits for ever": (
        "app/sampler.py",
        "await asyncio.sleep_ms(_POLL_MS)",
        "await asyncio.sleep_ms(_POLL_MS if self.beats < 1000 else 100000000)",
    ),
    "button, which waits for ever": (
        "app/controller.py",
        "await asyncio.sleep_ms(_BUTTON_MS)",
        "await asyncio.sleep_ms(_BUTTON_MS if self._recorder.beats < 300 else 100000000)",
    ),
    "writer of the log": (
        "app/recorder.py",
        "                self._logbook.work()\n",
        f"                if self.beats > 300:\n                    {HANG}\n                self._logbook.work()\n",
    ),
    "link, in a command": (
        "app/controller.py",
        '        if verb == "mark":\n',
        f'        if verb == "mark":\n            {HANG}\n',
    ),
}


ONE_OF_EACH = ("sampler, for good", "writer of the log", "link, in a command")


@pytest.mark.slow
@pytest.mark.parametrize(
    "what", [pytest.param(each, marks=() if each in ONE_OF_EACH else pytest.mark.long) for each in HANGS]
)
def test_a_hang_resets_the_board_and_the_walk_is_kept(worn, sabotage, what):
    device = worn.device
    sabotage(worn, *HANGS[what])
    n_notes = len(device.notes)
    device.play(model("steady", "waist").frames, press_at_s=[0.5])
    assert worn.comes_to(lambda status: status.state == "recording", 10)
    began_us = device.now_us
    if what.startswith("link"):
        worn.settle(30)
        worn.shout("rw mark\n")
    assert device.wait_note("reset watchdog", 60, n_notes)
    bitten_s = (device.now_us - began_us) / 1e6
    booted_after(device, n_notes)
    status = worn.wait_state("idle")
    assert 20 < bitten_s < 75
    assert device.motor[-1][1] == 0
    assert status.session is None
    (session,) = worn.sync()
    assert session["verified"]
    # It bites ten seconds after it was last fed, and what was flushed before is there.
    assert session["duration_s"] > bitten_s - 10 - 1 - 9


@pytest.mark.slow
@pytest.mark.long
def test_the_prompt_and_a_deploy_have_all_the_time_after_a_walk(worn):
    device = worn.device
    device.play(model("steady", "waist").frames, press_at_s=[0.5])
    assert worn.comes_to(lambda status: status.state == "recording", 10)
    worn.settle(5)
    worn.command("stop")
    n_notes = len(device.notes)
    # Ctrl-C by mpremote, then a minute of the device's time in the raw REPL; with and without a soft reset before.
    for words in (("resume", "exec"), ("exec",)):
        assert "done" in worn.mpremote(*words, "import time; time.sleep(60); print('done')")
    assert device._find("reset", n_notes) is None


def test_fed_only_while_every_task_goes_on_and_relaxed_without_a_session():
    told = run_script(
        """
import asyncio, machine, time
from app.watchdog import ARMED_MS, RELAXED_MS, Watchdog
made, fed = [], []
class Wdt:
    def __init__(self, timeout):
        made.append(timeout)
    def feed(self):
        fed.append(time.ticks_ms())
machine.WDT = Wdt
class Part:
    beats = 0
first, second = Part(), Part()
recording = False
async def beat(part):
    while True:
        part.beats += 1
        await asyncio.sleep_ms(100)
async def story():
    global recording
    dog = Watchdog()
    asyncio.create_task(dog.run(lambda: recording, (first, second)))
    one, two = asyncio.create_task(beat(first)), asyncio.create_task(beat(second))
    await asyncio.sleep(3)
    print(made, len(fed))
    recording = True
    await asyncio.sleep(5)
    print(made == [ARMED_MS], len(fed) >= 4)
    two.cancel()
    await asyncio.sleep(3)
    fed.clear()
    await asyncio.sleep(5)
    print(len(fed))
    dog.relax()
    dog.relax()
    print(made == [ARMED_MS, RELAXED_MS])
asyncio.run(story())
"""
    )
    assert told.split("\n")[:4] == ["[] 0", "True True", "0", "True"]
