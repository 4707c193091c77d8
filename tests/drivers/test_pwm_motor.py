"""The motor on a pin, on the virtual StickC: it is off first, ends by itself, and is told to stop as a chip is."""

import json

from retrowalk.virtual.runner import run_script

SET_UP = """
import bench, json, machine, time
from app import parts
from boards import m5stickc_plus2 as board
from drivers.bus import Bus
from drivers.motor_guard import MotorGuard

for pin, level in board.POWER_PINS:
    machine.Pin(pin, machine.Pin.OUT, value=level)
bus = Bus(board.I2C_ID, board.SCL, board.SDA, board.I2C_FREQ_HZ)
motor = parts.open_motor(board, bus, MotorGuard(time.ticks_ms()))
"""


def run(script: str, **options):
    return json.loads(run_script(SET_UP + script, board="m5stickc_plus2", **options))


def test_a_pulse_is_as_long_as_it_is_told_and_as_strong():
    told = run("""
for percent in (100, 50):
    motor.pulse(80, percent)
    time.sleep_ms(80)
    motor.standby()
    time.sleep_ms(200)
print(json.dumps(bench.motor))
""")
    assert [level for _, level in told] == [127, 0, 63, 0]
    assert all(abs(told[i + 1][0] - told[i][0] - 80000) < 3000 for i in (0, 2))


def test_a_pulse_that_nobody_ends_ends_by_itself():
    told = run("""
motor.pulse(300, 100)
time.sleep_ms(5000)
motor.pulse(60000, 100)
time.sleep_ms(5000)
print(json.dumps(bench.motor))
""")
    lengths_ms = [(told[i + 1][0] - told[i][0]) // 1000 for i in (0, 2)]
    assert 300 <= lengths_ms[0] <= 340 and 1000 <= lengths_ms[1] <= 1040


def test_an_ended_pulse_does_not_end_the_next_one():
    told = run("""
motor.pulse(200, 100)
time.sleep_ms(50)
motor.standby()
time.sleep_ms(100)
motor.pulse(400, 100)
time.sleep_ms(1000)
print(json.dumps(bench.motor))
""")
    assert 400 <= (told[3][0] - told[2][0]) // 1000 <= 440


def test_the_guard_has_the_last_word():
    told = run("""
granted = 0
for _ in range(40):
    granted += motor.pulse(1000, 100)
    time.sleep_ms(1100)
print(json.dumps({"granted": granted}))
""")
    assert 5 <= told["granted"] <= 12, "12 s in a minute, 6 s after a reset"


def test_a_motor_left_running_is_off_once_the_driver_is_made():
    told = run("""
machine.PWM(machine.Pin(board.MOTOR_PIN), freq=1000, duty_u16=65535)
again = parts.open_motor(board, bus, MotorGuard(time.ticks_ms()))
print(json.dumps([level for _, level in bench.motor]))
""")
    assert told == [127, 0]


def test_the_cell_is_measured_behind_the_divider():
    told = run("print(json.dumps(parts.open_gauge(board, bus).millivolts()))", battery_mv=3777)
    assert abs(told - 3777) <= 2
