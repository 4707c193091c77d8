"""The IMU as a watchman: its interrupt is low while the clip lies still and high while it is moved."""

import json

import numpy as np
import pytest

from retrowalk.virtual.runner import run_script

SET_UP = """
import bench, json, machine, time
from array import array
from app.faults import Faults
from app.haptics import Haptics
from app.put_away import PutAway
from boards import virtual as board
from drivers.bus import Bus
from drivers.lsm6dsox import Lsm6dsox

machine.Pin(7, machine.Pin.OUT, value=1)
bench.power.plug(False)
bus = Bus(board.I2C_ID, board.SCL, board.SDA, board.I2C_FREQ_HZ)
imu = Lsm6dsox(bus, board.IMU_ADDRESS)
interrupt = machine.Pin(board.IMU_INT1, machine.Pin.IN)
faults = Faults()
class Motor:
    def standby(self):
        pass
put_away = PutAway(board, imu, Haptics(Motor, faults), faults)
slept = []
machine.deepsleep = lambda *span_ms: slept.append(span_ms)
"""


def run(script, **options):
    return json.loads(run_script(SET_UP + script, **options))


@pytest.fixture
def shaken(tmp_path):
    """The frames of a clip that is carried: 0.5 g up and down, twice a second."""
    t = np.arange(2 * 104) / 104
    frames = np.zeros((len(t), 6), dtype="<i4")
    frames[:, 0] = 1000000 + np.round(500000 * np.sin(2 * np.pi * 2 * t))
    path = tmp_path / "shaken.frames"
    path.write_bytes(frames.tobytes())
    return path


def test_still_it_is_low_and_after_a_restart_it_measures_as_ever():
    rose, watching, count = run(
        """
imu.watch_motion()
rose = []
interrupt.irq(lambda pin: rose.append(bench.clock.us), machine.Pin.IRQ_RISING)
time.sleep(600)
watching = bench.imu.is_watching and not bench.imu.is_measuring
n_rose = len(rose)
imu.start(8, 500, 26)
time.sleep_ms(500)
print(json.dumps([n_rose, watching, imu.read(array("h", (0 for _ in range(6 * 64))))]))
"""
    )
    assert (rose, watching) == (0, True)
    assert 50 <= count <= 54


def test_moved_it_rises(shaken):
    rose = run(
        """
imu.watch_motion()
rose = []
interrupt.irq(lambda pin: rose.append(bench.clock.us), machine.Pin.IRQ_RISING)
time.sleep(5)
print(json.dumps(len(rose)))
""",
        frames=shaken,
    )
    assert rose >= 10


def test_put_away_lying_still_the_imu_watches_and_its_supply_is_held():
    told = run(
        """
put_away.sleep(True)
pins = {n: machine.Pin(n)._wire.held for n in (7,)}
print(json.dumps([slept, pins, bench.imu.is_watching, sorted(bench.power.wake_on.items())]))
"""
    )
    assert told == [[[86400000], []], {"7": 1}, True, [[0, 0], [5, 1], [6, 1]]]


def test_put_away_for_good_everything_is_off():
    told = run(
        """
imu.start(8, 500, 26)
put_away.sleep(False)
print(json.dumps([slept, machine.Pin(7).value(), bench.imu.is_measuring, sorted(bench.power.wake_on.items())]))
"""
    )
    assert told == [[[]], 0, False, [[0, 0], [6, 1]]]


@pytest.mark.parametrize("broken", ["imu_absent", "bus_dead"])
def test_without_its_imu_it_is_put_away_for_good(broken):
    told = run(
        f"""
bench.fault("{broken}", True)
put_away.sleep(True)
print(json.dumps([slept, machine.Pin(7).value(), faults.counts.get("imu_bus", 0) > 0]))
"""
    )
    assert told == [[[]], 0, True]


def test_what_is_being_moved_is_not_put_away(shaken):
    told = run(
        """
answers = [put_away.sleep(True) for _ in range(8)]
print(json.dumps([answers.count(False), bench.imu.is_measuring]))
""",
        frames=shaken,
    )
    assert told == [8, False]
