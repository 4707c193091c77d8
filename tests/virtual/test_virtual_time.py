"""The virtual clock: exact, wrapping, and the same for sleeping, asyncio, timers and pins."""

import time

import pytest

from retrowalk.virtual.runner import ScriptFailed, run_script


def test_ticks_start_just_before_their_wrap_and_cross_it():
    out = run_script(
        """
import time
first = time.ticks_ms()
time.sleep(6)
second = time.ticks_ms()
print(first > (1 << 30) - 5001, second < 1001, time.ticks_diff(second, first))
"""
    )
    assert out.split() == ["True", "True", "6000"]


def test_asyncio_sleeps_are_exact_and_an_hour_takes_no_time():
    began_s = time.monotonic()
    out = run_script(
        """
import asyncio, bench
times = []
async def beat(period_ms, n):
    for _ in range(n):
        await asyncio.sleep_ms(period_ms)
        times.append(bench.clock.us // 1000)
async def main():
    await asyncio.gather(beat(1000, 3), beat(700, 4))
    await asyncio.sleep(3600)
asyncio.run(main())
print(times, bench.clock.us // 1000000)
"""
    )
    assert out == "[700, 1000, 1400, 2000, 2100, 2800, 3000] 3603\n"
    assert time.monotonic() - began_s < 5


def test_cancelling_and_waiting_for_tasks_work_as_in_asyncio():
    out = run_script(
        """
import asyncio
async def work(n):
    try:
        await asyncio.sleep(n)
        return n
    except asyncio.CancelledError:
        print("cancelled", n)
        raise
async def main():
    try:
        await asyncio.wait_for(work(5), 2)
    except asyncio.TimeoutError:
        print("late")
    print(await asyncio.gather(work(1), work(2)))
    task = asyncio.create_task(work(9))
    await asyncio.sleep_ms(1)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("gone")
    event = asyncio.Event()
    async def setter():
        event.set()
    asyncio.create_task(setter())
    await event.wait()
    print("set")
asyncio.run(main())
"""
    )
    assert out.splitlines() == ["cancelled 5", "late", "[1, 2]", "cancelled 9", "gone", "set"]


def test_timers_and_pin_interrupts_come_at_their_moment():
    out = run_script(
        """
import asyncio, bench
from machine import Pin, Timer
from pins import wire
fired = []
timer = Timer(0, mode=Timer.PERIODIC, period=250, callback=lambda t: fired.append(bench.clock.us))
once = Timer(1, mode=Timer.ONE_SHOT, period=100, callback=lambda t: fired.append(-bench.clock.us))
flag = asyncio.ThreadSafeFlag()
pin = Pin(9, Pin.IN)
pin.irq(lambda p: flag.set(), Pin.IRQ_RISING)
start = bench.clock.us
bench.clock.at(start + 333333, lambda: wire(9).drive(1))
async def main():
    await flag.wait()
    print(bench.clock.us - start < 333340, pin.value())
    await asyncio.sleep_ms(500)
asyncio.run(main())
timer.deinit()
print([(t - start if t > 0 else t + start) // 1000 for t in fired])
"""
    )
    assert out == "True 1\n[-100, 250, 500, 750]\n"


def test_a_loop_on_the_time_comes_to_an_end():
    out = run_script(
        """
import time
start = time.ticks_ms()
while time.ticks_diff(time.ticks_ms(), start) < 20:
    pass
print("done")
"""
    )
    assert out == "done\n"


def test_a_script_that_would_wait_for_ever_is_told():
    with pytest.raises(ScriptFailed, match="would wait for ever"):
        run_script("import asyncio\nasyncio.run(asyncio.Event().wait())\n")


def test_the_calendar_is_that_of_an_esp32():
    out = run_script(
        """
import time, machine
print(time.gmtime(), len(time.gmtime()))
machine.RTC().datetime((2026, 7, 1, 0, 12, 30, 15, 0))
time.sleep(2)
print(time.gmtime()[:6], time.time() + 946684800, machine.RTC().datetime()[:7])
"""
    )
    first, second = out.splitlines()
    assert first == "(2000, 1, 1, 0, 0, 0, 5, 1) 8"
    assert second == "(2026, 7, 1, 12, 30, 17) 1782909017 (2026, 7, 1, 2, 12, 30, 17)"


def test_two_runs_are_the_same_to_the_microsecond():
    script = """
import bench, time
from array import array
from machine import Pin
from drivers.bus import Bus
from drivers.lsm6dsox import Lsm6dsox
Pin(7, Pin.OUT, value=1)
bus = Bus(0, 4, 3, 400000)
imu = Lsm6dsox(bus, 0x6A)
imu.start(8, 500, 32)
into = array("h", (0 for _ in range(384)))
total = check = 0
for _ in range(500):
    time.sleep_ms(40)
    count = imu.read(into)
    total += count
    for i in range(count * 6):
        check = (check * 31 + into[i]) & 0xFFFFFFF
print(bench.clock.us, bench.clock.fired, bench.bus.bytes_moved, total, check)
"""
    first, second = run_script(script), run_script(script)
    assert first == second
    assert int(first.split()[3]) > 2000
