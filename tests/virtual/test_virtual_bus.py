"""The board's wires: who answers on I2C, which errors an ESP32 gives, how a held bus comes free."""

import pytest

from retrowalk.virtual.runner import run_script

OPEN = """
import bench
from machine import I2C, Pin
def attempt(f, *words):
    try:
        return f(*words)
    except OSError as error:
        return "error %d" % error.errno
i2c = I2C(0, scl=Pin(4), sda=Pin(3))
"""


def test_the_breakouts_answer_only_when_they_are_powered():
    out = run_script(
        OPEN
        + """
print(i2c.scan(), attempt(i2c.readfrom_mem, 0x6A, 0x0F, 1))
Pin(7, Pin.OUT, value=1)
print(i2c.scan(), attempt(i2c.readfrom_mem, 0x6A, 0x0F, 1))
"""
    )
    assert out.splitlines() == ["[54] error 19", "[54, 90, 106] b'l'"]


def test_nobody_answers_on_the_wrong_pins_or_for_an_absent_chip():
    out = run_script(
        OPEN
        + """
Pin(7, Pin.OUT, value=1)
print(I2C(1, scl=Pin(10), sda=Pin(11)).scan())
bench.fault("imu_absent", True)
print(attempt(i2c.readfrom_mem, 0x6A, 0x0F, 1))
bench.fault("imu_absent", False)
print(attempt(i2c.readfrom_mem, 0x6A, 0x0F, 1))
"""
    )
    assert out.splitlines() == ["[]", "error 19", "b'l'"]


@pytest.mark.parametrize(("fault", "clocks", "after"), [("bus_stuck", 9, "b'l'"), ("bus_stuck", 8, "error 116"),
                                                        ("bus_dead", 20, "error 116")])  # fmt: skip
def test_a_held_bus_times_out_until_it_is_clocked_free(fault, clocks, after):
    out = run_script(
        OPEN
        + f"""
Pin(7, Pin.OUT, value=1)
bench.fault("{fault}", True)
print(attempt(i2c.readfrom_mem, 0x6A, 0x0F, 1), Pin(3).value())
scl = Pin(4, Pin.OPEN_DRAIN, value=1)
for _ in range({clocks}):
    scl.value(0)
    scl.value(1)
print(attempt(i2c.readfrom_mem, 0x6A, 0x0F, 1))
"""
    )
    assert out.splitlines() == ["error 116 0", after]


def test_a_transfer_takes_the_time_of_its_bytes():
    out = run_script(
        OPEN
        + """
Pin(7, Pin.OUT, value=1)
before = bench.clock.us
i2c.readfrom_mem(0x6A, 0x0F, 97)
print(bench.clock.us - before)
"""
    )
    assert int(out) == (100 * 9 + 3) * 1000000 // 400000
