"""Sleeping on the virtual chip: time passes, what silicon loses is lost, and each broken rule is told."""

import json

import pytest

from retrowalk.virtual.device import VirtualDevice
from retrowalk.virtual.runner import run_script

SET_UP = """
import bench, json, machine, time
from machine import I2C, Pin
Pin(7, Pin.OUT, value=1)
def bus():
    return I2C(0, scl=Pin(4), sda=Pin(3), freq=400000)
i2c = bus()
bench.power.plug(False)
"""

# The host's orders are heard when time passes.
RAILS_ON = """
import esp32, machine, time
from machine import Pin
time.sleep_ms(20)
Pin(7, Pin.OUT, value=1)
"""


def run(script):
    return json.loads(run_script(SET_UP + script))


def test_light_sleep_takes_its_time_and_keeps_the_pins():
    told = run("""
before = time.ticks_ms()
machine.lightsleep(30)
slept_ms = time.ticks_diff(time.ticks_ms(), before)
print(json.dumps([slept_ms, Pin(7).value(), bus().readfrom_mem(0x6A, 0x0F, 1)[0], bench.power.violations]))
""")
    assert told == [31, 1, 0x6C, []]


def test_a_bus_not_made_anew_is_told_once_for_each_sleep():
    told = run("""
for _ in range(2):
    machine.lightsleep(5)
    i2c.readfrom_mem(0x6A, 0x0F, 1)
    i2c.readfrom_mem(0x6A, 0x0F, 1)
print(json.dumps(bench.power.violations))
""")
    assert told == ["I2C used after light sleep without making it anew"] * 2


def test_sleeping_with_the_motor_on_or_the_cable_in_is_told():
    told = run("""
i2c.writeto_mem(0x5A, 0x1D, b"\\xa0")
i2c.writeto_mem(0x5A, 0x02, b"\\x7f")
i2c.writeto_mem(0x5A, 0x01, b"\\x05")
machine.lightsleep(5)
bus().writeto_mem(0x5A, 0x01, b"\\x40")
bench.power.plug(True)
print(json.dumps([Pin(6).value()]))
machine.lightsleep(5)
bench.power.plug(False)
assert Pin(6).value() == 0
assert bench.power.violations == ["light sleep with the motor on", "light sleep with USB power present"]
""")
    assert told == [1]


def test_no_interrupt_of_a_pin_in_light_sleep():
    told = run("""
pressed = []
Pin(0, Pin.IN).irq(lambda pin: pressed.append(bench.clock.us), Pin.IRQ_FALLING)
bench.wearer.press_at([10000, 60000], 15000)
machine.lightsleep(40)
time.sleep_ms(100)
print(json.dumps(len(pressed)))
""")
    assert told == 1


def test_the_watchdog_is_one_and_made_again_it_waits_longer():
    out = run_script(
        """
import machine, time
short = machine.WDT(timeout=50)
time.sleep_ms(40)
machine.WDT(timeout=10000)
time.sleep_ms(9000)
short.feed()
time.sleep_ms(9000)
print("alive")
"""
    )
    assert out == "alive\n"


@pytest.fixture
def asleep(tmp_path, bench_class):
    """A board in deep sleep by these lines, which begin on battery with the rails on."""
    made = []

    def make(lines):
        device = VirtualDevice(tmp_path / "flash.bin", is_empty=True).start()
        made.append(device)
        assert device.wait_note("repl")
        device.power.plug(False)
        bench = bench_class(device)
        bench.mpremote("resume", "exec", "--no-follow", RAILS_ON + lines)
        assert device.wait_until(lambda: not device.is_on)
        return bench

    yield make
    for device in made:
        device.close()


def test_deep_sleep_ends_by_what_it_waits_for_and_tells_by_what(asleep):
    bench = asleep("esp32.wake_on_ext1((Pin(6),), True)\nmachine.RTC().memory(b'kept')\nmachine.deepsleep()")
    device = bench.device
    device.press()
    device.power.pick_up()
    assert not device.is_on
    device.power.pass_time(3600)
    device.power.plug(True)
    told = bench.mpremote(
        "resume", "exec", "import machine as m; print(m.reset_cause(), m.wake_reason(), m.RTC().memory())"
    )
    assert told == "4 3 b'kept'\n"
    bench.mpremote("resume", "exec", "--no-follow", "import time; time.sleep(5)")
    assert device.power.spans_s()["deep"] == pytest.approx(3600)
    assert device.now_us > 3600e6
    assert device.power.violations == []


def test_a_timer_ends_deep_sleep_when_its_time_has_passed(asleep):
    device = asleep("machine.deepsleep(7200000)").device
    device.power.pass_time(7000)
    assert not device.is_on
    n_notes = len(device.notes)
    device.power.pass_time(7000)
    assert device.wait_note("repl", after=n_notes)
    assert device.now_us == pytest.approx(7200e6, abs=60e6)


def test_a_held_pin_stays_until_it_is_let_go(asleep):
    bench = asleep("esp32.wake_on_ext0(Pin(0), 0)\nPin(7, Pin.OUT, value=0, hold=True)\nmachine.deepsleep()")
    bench.device.press()
    told = bench.mpremote(
        "resume",
        "exec",
        "from machine import Pin; p = Pin(7, Pin.OUT, value=1); print(p()); p.init(hold=False); print(p())",
    )
    assert told == "0\n1\n"
    assert "deep sleep while" not in " ".join(bench.device.power.violations)


def test_a_soft_reset_does_not_stop_the_watchdog(bench):
    bench.mpremote("resume", "exec", "import machine; machine.WDT(timeout=3000)")
    n_notes = len(bench.device.notes)
    bench.mpremote("exec", "--no-follow", "import time; time.sleep(20)")
    assert bench.device.wait_note("reset watchdog", after=n_notes)
