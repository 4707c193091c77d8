"""The virtual bench: a board with its chips, the person who wears it, and what may go wrong.

Built from a configuration that the host makes from the board's file in firmware/boards: see machine_module.py.
"""

from chips.catalogue import IMUS, USUAL_ADDRESS
from chips.drv2605l import DRV2605L
from chips.max17048 import MAX17048
from i2c import Bus
from peripherals import ADC, PWM
from pins import wire
from wearer import Stillness, Track, Wearer

# The sensor axis that points up at the waist's default mounting ("-z,y,x": body Z is the sensor's x).
_UP_AXIS = 0
_SAMPLE_BYTES = 24
_SEEK_END = 2


class World:
    """Fields: clock, wearer, bus, imu, motor (changes felt: (t_us, level)), battery_mv.

    board: the constants of the board's file by name; posix: opens host files; note(text): tells the host.
    """

    def __init__(self, clock, board, posix, note, tracks, battery_mv=3900, imu_clock_ppm=0):
        self.clock = clock
        self.battery_mv = battery_mv
        self.motor = []
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
        self.imu = IMUS[board["IMU"]](clock, self.wearer, int1, imu_clock_ppm)
        self._addresses = {}
        self._fitted = board["IMU_ADDRESS"]
        self._place_chips()
        self._wire_pins()
        self.bus.is_powered = self._is_powered

    def open_track(self, path, is_loop):
        """A track from a file of the host."""
        file = self._posix.open(path, "rb")
        n_samples = file.seek(0, _SEEK_END) // _SAMPLE_BYTES
        if n_samples < 1:
            raise ValueError("a track without frames")
        return Track(file, n_samples, is_loop)

    def fault(self, name, is_on):
        """Switch a fault on or off: imu_absent, motor_absent, gauge_absent, bus_stuck, bus_dead, self_test, wrong_imu.

        wrong_imu: another IMU is fitted, at its own address. What a board does not have cannot fail.
        """
        if name in ("bus_stuck", "bus_dead"):
            if is_on:
                self.bus.hold(name == "bus_dead")
            else:
                self.bus.release()
        elif name == "self_test":
            self.imu.self_test_works = not is_on
        elif name == "wrong_imu":
            self._fit_imu("mpu6886" if is_on and self._board["IMU"] != "mpu6886" else "lsm6dsox" if is_on else "")
        elif name in self._addresses:
            if is_on:
                self.bus.silenced.add(self._addresses[name])
            else:
                self.bus.silenced.discard(self._addresses[name])

    def _place_chips(self):
        board = self._board
        self._place("imu_absent", board["IMU_ADDRESS"], self.imu)
        if board["MOTOR"] == "drv2605l":
            self._place("motor_absent", board["HAPTIC_ADDRESS"], DRV2605L(self.clock, self._felt))
        # What feeds the clip's breakouts feeds these; the gauge is on the board.
        self.bus.switched = tuple(self._addresses.values())
        if board["GAUGE"] == "max17048":
            self._place("gauge_absent", board["GAUGE_ADDRESS"], MAX17048(self.clock, lambda: self.battery_mv))

    def _place(self, fault, address, chip):
        self._addresses[fault] = address
        self.bus.chips[address] = chip

    def _wire_pins(self):
        """The motor and the cell of a board that has them on pins."""
        board = self._board
        if board["MOTOR"] == "pwm":
            PWM.on_duty = self._driven
        if board["GAUGE"] == "adc":
            ADC.microvolts[board["GAUGE_PIN"]] = lambda: self.battery_mv * 1000 // board["GAUGE_PARTS"]

    def _driven(self, pin, duty):
        """As the driver chip's register says it: 0..127."""
        if pin == self._board["MOTOR_PIN"]:
            self._felt(self.clock.us, (duty * 127 + 32767) // 65535)

    def _fit_imu(self, kind):
        """Another IMU in the place of the board's; "" for its own again."""
        self.bus.chips.pop(self._fitted, None)
        chip = IMUS[kind](self.clock, self.wearer) if kind else self.imu
        self._fitted = USUAL_ADDRESS[kind] if kind else self._board["IMU_ADDRESS"]
        self.bus.chips[self._fitted] = chip

    def _is_powered(self):
        """Whether the program has switched on what feeds the clip's breakouts."""
        for number, level in self._board["POWER_PINS"]:
            pin = wire(number)
            if not pin.is_output or pin.level() != level:
                return False
        return True

    def _felt(self, now_us, level):
        self.motor.append((now_us, level))
        self._note("motor %d" % level)
        self.wearer.feel(now_us, level)

    def _tell(self, text):
        self._note(text)
