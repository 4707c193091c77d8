"""The drivers on the whole virtual board, as main.py wires them: power pins, pins of the board file, faults by name."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from retrowalk.virtual.runner import run_script

SET_UP = """
import bench, json, machine, time
from array import array
from boards import virtual as board
from drivers.battery import Max17048
from drivers.bus import Bus
from drivers.drv2605l import Drv2605l
from drivers.errors import BusStuck, SensorAbsent
from drivers.lsm6dsox import Lsm6dsox
from drivers.motor_guard import MotorGuard

for pin, level in board.POWER_PINS:
    machine.Pin(pin, machine.Pin.OUT, value=level)
bus = Bus(board.I2C_ID, board.SCL, board.SDA, board.I2C_FREQ_HZ)
motor = Drv2605l(bus, board.HAPTIC_ADDRESS, board.HAPTIC_ACTUATOR, MotorGuard(time.ticks_ms()))
gauge = Max17048(bus, board.GAUGE_ADDRESS)
imu = Lsm6dsox(bus, board.IMU_ADDRESS)
batch = array("h", (0 for _ in range(64 * 6)))


def drain():
    while imu.read(batch):
        pass
"""


def run(script: str, **options) -> dict:
    return json.loads(run_script(SET_UP + script, **options))


def test_motor_gauge_and_watermark_pin() -> None:
    told = run(
        """
edges = []
imu.start(8, 500, 26)
machine.Pin(board.IMU_INT1, machine.Pin.IN).irq(lambda pin: edges.append(bench.clock.us), machine.Pin.IRQ_RISING)
started_us = bench.clock.us
for _ in range(4):
    motor.pulse(80, 80)
    time.sleep_ms(80)
    motor.standby()
    time.sleep_ms(220)
    imu.read(batch)
print(json.dumps({
    "levels": [level for _, level in bench.motor], "mv": gauge.millivolts(), "edges": len(edges),
    "first_ms": (edges[0] - started_us) // 1000, "read": imu.samples_read,
}))
""",
        battery_mv=3777,
    )
    assert told["levels"] == [101, 0] * 4
    assert abs(told["mv"] - 3777) <= 1
    assert told["edges"] == 4
    assert 238 <= told["first_ms"] <= 262
    # 1.2 s of pauses, and 10 ms of bus for each read.
    assert 125 <= told["read"] <= 131


@pytest.mark.parametrize("clock_ppm", [-20000, 0, 20000])
def test_an_overrun_keeps_time(clock_ppm: int) -> None:
    told = run(
        """
imu.start(16, 2000, 26)
made_before = bench.imu.samples_made
time.sleep_ms(200)
drain()
for pause_ms in (3000, 600, 2000, 7777):
    time.sleep_ms(pause_ms)
    drain()
print(json.dumps({"made": bench.imu.samples_made - made_before, "lost": imu.lost_samples, "read": imu.samples_read,
                  "waiting": imu.level()}))
""",
        imu_clock_ppm=clock_ppm,
    )
    assert told["lost"] > 500
    assert told["lost"] + told["read"] + told["waiting"] == told["made"]


def test_a_stuck_bus_comes_free_and_a_dead_one_is_told() -> None:
    told = run("""
imu.start(8, 500, 26)
time.sleep_ms(100)
bench.fault("bus_stuck", True)
count = imu.read(batch)
recoveries = bus.recoveries
bench.fault("bus_dead", True)
try:
    imu.read(batch)
    dead = False
except BusStuck:
    dead = True
bench.fault("bus_dead", False)
bench.fault("imu_absent", True)
try:
    imu.start(8, 500, 26)
    absent = False
except SensorAbsent:
    absent = True
bench.fault("imu_absent", False)
imu.start(8, 500, 26)
time.sleep_ms(100)
print(json.dumps({"count": count, "recoveries": recoveries, "dead": dead, "absent": absent, "after": imu.read(batch)}))
""")
    assert told["count"] >= 10 and told["recoveries"] == 1
    assert told["dead"] is True and told["absent"] is True
    assert told["after"] >= 9


@pytest.mark.parametrize(("faulty", "passes"), [(False, True), (True, False)])
def test_self_test(faulty: bool, passes: bool) -> None:
    told = run(f"""
bench.fault("self_test", {faulty})
print(json.dumps({{"passed": imu.self_test()}}))
""")
    assert told["passed"] is passes


@pytest.mark.parametrize(("range_g", "range_dps", "accel_ug", "gyro_units"), [(8, 500, 244, 140), (16, 2000, 488, 560)])
def test_frames_arrive_as_counts(tmp_path: Path, range_g: int, range_dps: int, accel_ug: int, gyro_units: int) -> None:
    n = 416
    t = np.arange(n) / 104
    frames = np.empty((n, 6), dtype="<i4")
    for axis in range(3):
        frames[:, axis] = np.round(20e6 * np.sin(2 * np.pi * (0.5 + axis) * t))
        frames[:, 3 + axis] = np.round(2500 * 8000 * np.cos(2 * np.pi * (0.25 + axis) * t))
    path = tmp_path / "walk.frames"
    path.write_bytes(frames.tobytes())
    told = run(
        f"""
imu.start({range_g}, {range_dps}, 26)
rows = []
while len(rows) < 200:
    time.sleep_ms(100)
    count = imu.read(batch)
    for i in range(count):
        rows.append(list(batch[6 * i : 6 * i + 6]))
print(json.dumps({{"rows": rows[:200]}}))
""",
        frames=path,
    )
    sens = np.array([accel_ug] * 3 + [gyro_units] * 3)
    counts = np.clip((frames.astype(np.int64) + sens // 2) // sens, -32768, 32767)
    rows = np.array(told["rows"])
    # Which frame was the first is the wearer's affair; from there on they must follow one by one.
    starts = [k for k in range(n - 200) if np.array_equal(counts[k : k + 200], rows)]
    assert starts, "no run of frames gives these counts"
    assert (np.abs(rows) >= 32767).any(), "the trial must saturate"
