"""The virtual bench: a board with its chips, the person who wears it, and what may go wrong.

Built from a configuration that the host makes from the board's file in firmware/boards: see machine_module.py.
"""

from chips.drv2605l import DRV2605L
from chips.lsm6dsox import LSM6DSOX
from chips.max17048 import MAX17048
from i2c import Bus
from pins import wire
from wearer import Stillness, Track, Wearer

# The sensor axis that points up at the waist's default mounting ("-z,y,x": body Z is the sensor's x).
_UP_AXIS = 0
_SAMPLE_BYTES = 24
_SEEK_END = 2


class World:
    """Fields: clock, wearer, bus, imu, haptic, gauge, motor (changes felt: (t_us, level)), battery_mv, power (see
    power.py), rails (pins and levels that feed the sensors).

    board: the constants of the board's file by name; posix: opens host files; note(text): tells the host.
    """

    def __init__(self, clock, board, posix, note, tracks, battery_mv=3900, imu_clock_ppm=0):
        self.clock = clock
        self.battery_mv = battery_mv
        self.motor = []
        self.on_motor = lambda now_us, level: None
        self.power = None
        self.rails = board["POWER_PINS"]
        self._posix = posix
        self._note = note
        self._board = board
        sda = wire(board["SDA"])
        scl = wire(board["SCL"])
        self.bus = Bus(clock, sda, scl)
        idle = Stillness(_UP_AXIS, 1) if tracks.get("idle") is None else self.open_track(tracks["idle"], True)
        bow = None if tracks.get("bow") is None else self.open_track(tracks["bow"], False)
        self.wearer = Wearer(clock, idle, bow, wire(board["BUTTON"]), board["BUTTON_PRESSED"], self._tell)
        int1 = wire(board["IMU_INT1"]) if board["IMU_INT1"] is not None else None
        self.imu = LSM6DSOX(clock, self.wearer, int1, imu_clock_ppm)
        self.haptic = DRV2605L(clock, self._felt)
        self.gauge = MAX17048(clock, lambda: self.battery_mv)
        self._place_chips()
        self.bus.is_powered = self._is_powered

    def open_track(self, path, is_loop):
        """A track from a file of the host."""
        file = self._posix.open(path, "rb")
        n_samples = file.seek(0, _SEEK_END) // _SAMPLE_BYTES
        if n_samples < 1:
            raise ValueError("a track without frames")
        return Track(file, n_samples, is_loop)

    def fault(self, name, is_on):
        """Switch a fault on or off: imu_absent, motor_absent, gauge_absent, bus_stuck, bus_dead, self_test."""
        if name in ("bus_stuck", "bus_dead"):
            if is_on:
                self.bus.hold(name == "bus_dead")
            else:
                self.bus.release()
        elif name == "self_test":
            self.imu.self_test_works = not is_on
        elif is_on:
            self.bus.silenced.add(self._addresses[name])
        else:
            self.bus.silenced.discard(self._addresses[name])

    def _place_chips(self):
        board = self._board
        self._addresses = {"imu_absent": board["IMU_ADDRESS"], "motor_absent": board["HAPTIC_ADDRESS"]}
        self.bus.chips[board["IMU_ADDRESS"]] = self.imu
        self.bus.chips[board["HAPTIC_ADDRESS"]] = self.haptic
        self.bus.switched = (board["IMU_ADDRESS"], board["HAPTIC_ADDRESS"])
        if board["GAUGE_ADDRESS"] is not None:
            self.bus.chips[board["GAUGE_ADDRESS"]] = self.gauge
            self._addresses["gauge_absent"] = board["GAUGE_ADDRESS"]

    def _is_powered(self):
        """Whether the program has switched on what feeds the clip's breakouts."""
        for number, level in self._board["POWER_PINS"]:
            pin = wire(number)
            if not pin.is_output or pin.level() != level:
                return False
        return True

    def _felt(self, now_us, level):
        self.motor.append((now_us, level))
        self.on_motor(now_us, level)
        self._note("motor %d" % level)
        self.wearer.feel(now_us, level)

    def _tell(self, text):
        self._note(text)
