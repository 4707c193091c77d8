"""One test for all IMUs: whatever the chip, what comes out is 104 Hz, the LSM6DSOX's counts, and time without a hole.

Each case runs for every IMU that has a driver. How exactly time is kept over an overrun is the chip's: the LSM6DSOX
numbers its slots, the BMI270 has a clock and is good to a sample and a half however often it runs over, and the MPU6886
has none: each overrun may cost it a sample, one way or the other.
"""

import gc
import io
from array import array

from chips.catalogue import IMUS, USUAL_ADDRESS
from wirebench import FIFO_REGISTERS, Still, clock, raises, wires

from app import parts
from drivers import bmi270_config
from drivers.bus import Bus
from drivers.errors import BusStuck, SensorAbsent, SensorRefused, SensorUnready
from retrogait.scale import RANGES

KINDS = ("lsm6dsox", "bmi270", "mpu6886")
G = 1000000
DPS = 8000
# The longest burst: 16 frames of the longest kind.
MOST_BYTES = 16 * 14
STEP_US = 1000000 / 104
# A sample and a half, and half a sample for the measuring: a count is 0.4 of a sample.
LOOSE = {"lsm6dsox": 2.0, "bmi270": 2.0, "mpu6886": 3.5}


class Board:
    """As much of a board file as the factory asks for."""

    def __init__(self, kind):
        self.IMU = kind
        self.IMU_ADDRESS = USUAL_ADDRESS[kind]


class Clockwork:
    """A wearer whose acceleration along x tells the time, for four minutes: -7.2 g at first, 0.06 ug more each us."""

    def __init__(self):
        self.zero_us = clock.us

    def read_into(self, values, t_us):
        for field in range(6):
            values[field] = 0
        values[0] = (t_us - self.zero_us) * 6 // 100 - 7200000


def give_config(content):
    """What the driver finds when it opens the file of the configuration."""
    bmi270_config.open = lambda path, mode: io.BytesIO(content)


def fit(kind, wearer, clock_ppm=0, freq_hz=400000, **settings):
    """A chip on the wires and its driver, as the app gets it."""
    give_config(bytes(range(256)) * 32)
    wires.chips.clear()
    wires.log.clear()
    chip = IMUS[kind](clock, wearer, None, clock_ppm, **settings)
    board = Board(kind)
    wires.chips[board.IMU_ADDRESS] = chip
    return chip, parts.open_imu(board, Bus(0, 4, 3, freq_hz))


def samples(imu, room=64):
    batch = array("h", (0 for _ in range(room * 6)))
    count = imu.read(batch)
    return [list(batch[6 * i : 6 * i + 6]) for i in range(count)]


class Keeper:
    """Reads an IMU and compares, for each sample, the time that it tells with its number."""

    def __init__(self, kind, clock_ppm=0, freq_hz=400000):
        self.chip, self.imu = fit(kind, Clockwork(), clock_ppm, freq_hz)
        self.imu.start(8, 500, 26)
        self.step_us = STEP_US * 1000000 / (1000000 + clock_ppm)
        self.first_us = None
        self.worst = 0

    def read(self, room=64):
        lost_before = self.imu.lost_samples
        index = self.imu.samples_read + lost_before
        rows = samples(self.imu, room)
        index += self.imu.lost_samples - lost_before
        for row in rows:
            told_us = (row[0] * 244 + 7200000) / 0.06
            if self.first_us is None:
                self.first_us = told_us
            off = abs((told_us - self.first_us) / self.step_us - index)
            self.worst = max(self.worst, off)
            index += 1
        return len(rows)

    def drain(self):
        while self.read():
            pass


def case_time_is_kept_while_all_goes_well():
    for kind in KINDS:
        for ppm in (-10000, 0, 10000):
            keeper = Keeper(kind, ppm)
            for pause_ms in (40, 250, 3, 9, 500, 17, 100, 600) * 6:
                clock.advance(pause_ms * 1000)
                keeper.drain()
            assert keeper.imu.lost_samples == 0, (kind, ppm, keeper.imu.lost_samples)
            assert keeper.worst < 0.8, (kind, ppm, keeper.worst)


def case_the_rate_is_104_hz():
    for kind in KINDS:
        keeper = Keeper(kind)
        keeper.drain()
        began_us, before = clock.us, keeper.imu.samples_read
        for _ in range(200):
            clock.advance(100000)
            keeper.drain()
        rate = (keeper.imu.samples_read - before) * 1000000 / (clock.us - began_us)
        assert abs(rate - 104) < 0.3, (kind, rate)


def case_scale_and_axes_are_those_of_the_core():
    wearer = Still(G // 10, -G // 5, 3 * G // 10, 10 * DPS, -20 * DPS, 30 * DPS)
    for kind in KINDS:
        for accel_g, gyro_dps in sorted(RANGES.values()):
            imu = fit(kind, wearer)[1]
            imu.start(accel_g, gyro_dps, 26)
            clock.advance(200000)
            row = samples(imu)[-1]
            ug = {8: 244, 16: 488}[accel_g]
            units = {500: 140, 2000: 560}[gyro_dps]
            for field in range(6):
                wanted = wearer.values[field] / (ug if field < 3 else units)
                assert abs(row[field] - wanted) <= 1.2, (kind, accel_g, field, row[field], wanted)


def case_the_end_of_the_range_is_told_as_such():
    for kind in KINDS:
        imu = fit(kind, Still(12 * G, -12 * G, 0, 700 * DPS, -700 * DPS, 0))[1]
        imu.start(8, 500, 26)
        clock.advance(200000)
        row = samples(imu)[-1]
        assert row[0] == 32767 and row[1] == -32768 and row[3] == 32767 and row[4] == -32768, (kind, row)


def case_nothing_of_the_start_up_gets_through():
    for kind in KINDS:
        imu = fit(kind, Still(0, 0, G, 0, 0, 0))[1]
        imu.start(8, 500, 26)
        clock.advance(100000)
        for row in samples(imu):
            assert abs(row[2] - G // 244) <= 1 and row[3:] == [0, 0, 0], (kind, row)


def case_any_room_will_do_and_bursts_are_short():
    for kind in KINDS:
        keeper = Keeper(kind)
        wires.log.clear()
        for room in (1, 2, 3, 5, 7, 16, 17, 33) * 3:
            clock.advance(90000)
            keeper.read(room)
            # What was left is taken before the shortest FIFO is full.
            keeper.drain()
        assert keeper.imu.lost_samples == 0 and keeper.worst < 0.8, (kind, keeper.worst)
        longest = max(entry[3] for entry in wires.log if entry[0] == "r" and entry[2] in FIFO_REGISTERS)
        assert longest <= MOST_BYTES, (kind, longest)


def case_a_flash_stall_loses_nothing():
    for kind in KINDS:
        keeper = Keeper(kind)
        for _ in range(20):
            clock.advance(550000)
            keeper.drain()
            clock.advance(40000)
            keeper.drain()
        assert keeper.imu.lost_samples == 0 and keeper.imu.overruns == 0, kind


def case_an_overrun_is_a_gap_of_the_right_length():
    for kind in KINDS:
        for ppm in (-10000, 0, 10000):
            keeper = Keeper(kind, ppm)
            for _ in range(1000 if kind == "mpu6886" else 50):
                clock.advance(40000)
                keeper.drain()
            for stall_ms in (3000, 4100, 2900, 8000, 3333):
                clock.advance(stall_ms * 1000)
                keeper.drain()
                for _ in range(8):
                    clock.advance(40000)
                    keeper.drain()
            assert keeper.imu.lost_samples > 400 and keeper.imu.overruns >= 5, (kind, keeper.imu.overruns)
            assert keeper.worst < LOOSE[kind], (kind, ppm, keeper.worst)


def case_overruns_on_a_slow_bus_do_not_add_up():
    for kind in KINDS:
        keeper = Keeper(kind, freq_hz=100000)
        for _ in range(400 if kind == "mpu6886" else 20):
            clock.advance(100000)
            keeper.drain()
        for _ in range(12):
            clock.advance(3000000)
            keeper.drain()
            clock.advance(200000)
            keeper.drain()
        assert keeper.worst < LOOSE[kind] + 0.5, (kind, keeper.worst)


def case_a_burst_that_breaks_off_costs_little_and_time_stays_right():
    for kind in KINDS:
        for cut in (0, 3, 13, 14, 27, 100, 150):
            keeper = Keeper(kind)
            for _ in range(4):
                clock.advance(300000)
                keeper.drain()
            clock.advance(400000)
            wires.break_after_bytes = cut
            keeper.drain()
            for _ in range(4):
                clock.advance(300000)
                keeper.drain()
            assert wires.break_after_bytes is None
            assert keeper.worst < LOOSE[kind], (kind, cut, keeper.worst)


def case_a_reset_in_mid_burst_gives_no_false_movement():
    wearer = Still(0, 0, G, 0, 0, 0)
    for kind in KINDS:
        chip, imu = fit(kind, wearer)
        imu.start(8, 500, 26)
        clock.advance(300000)
        samples(imu)
        clock.advance(300000)
        wires.break_after_bytes = 40
        chip_read = chip.read

        def read(register, buffer, chip=chip, chip_read=chip_read):
            chip_read(register, buffer)
            if register in FIFO_REGISTERS and len(buffer) == 40:
                chip._reset()

        chip.read = read
        rows = []
        for _ in range(10):
            try:
                rows += samples(imu)
            except SensorAbsent:
                pass  # the app starts it anew then
            clock.advance(200000)
        assert len(rows) < 60, (kind, len(rows))
        assert imu.lost_samples < 60, "no long gap is made of a clock that began anew"
        for row in rows:
            assert abs(row[2] - G // 244) <= 1 and row[3:] == [0, 0, 0], (kind, row)
        imu.start(8, 500, 26)
        clock.advance(200000)
        assert len(samples(imu)) >= 15, kind


def case_an_absent_or_other_chip_is_told_and_nothing_is_written_to_it():
    for kind in KINDS:
        imu = fit(kind, Still(0, 0, G, 0, 0, 0))[1]
        wires.chips.clear()
        raises(SensorAbsent, imu.start, 8, 500, 26)
        for other in KINDS:
            if other != kind:
                wires.chips[USUAL_ADDRESS[kind]] = IMUS[other](clock, Still(0, 0, G, 0, 0, 0))
                raises(SensorAbsent, imu.start, 8, 500, 26)
        assert not any(entry[0] == "w" for entry in wires.log), kind


def case_a_chip_that_vanishes_is_told_and_comes_back():
    for kind in KINDS:
        chip, imu = fit(kind, Still(0, 0, G, 0, 0, 0))
        imu.start(8, 500, 26)
        wires.chips.clear()
        raises(SensorAbsent, samples, imu)
        wires.chips[USUAL_ADDRESS[kind]] = chip
        imu.start(8, 500, 26)
        clock.advance(100000)
        assert len(samples(imu)) >= 8, kind


def case_a_stuck_bus_comes_free_and_a_dead_one_is_told():
    for kind in KINDS:
        imu = fit(kind, Still(0, 0, G, 0, 0, 0))[1]
        imu.start(8, 500, 26)
        clock.advance(200000)
        wires.held_clocks = 7
        assert len(samples(imu)) >= 15, kind
        clock.advance(200000)
        wires.held_clocks = 100000
        raises(BusStuck, samples, imu)
        wires.held_clocks = 0
        clock.advance(100000)
        assert samples(imu), kind


def case_a_register_that_does_not_keep_its_value_is_told():
    deaf = {"lsm6dsox": 0x0D, "bmi270": 0x41, "mpu6886": 0x1C}
    for kind in KINDS:
        chip, imu = fit(kind, Still(0, 0, G, 0, 0, 0))
        chip_write = chip.write

        def write(register, buffer, chip_write=chip_write, kind=kind):
            if register != deaf[kind]:
                chip_write(register, buffer)

        chip.write = write
        raises(SensorRefused, imu.start, 16, 2000, 26)


def case_a_bmi270_without_its_configuration_says_so():
    for content in (b"", bytes(8191), bytes(8320)):
        imu = fit("bmi270", Still(0, 0, G, 0, 0, 0))[1]
        give_config(content)
        raises(SensorUnready, imu.start, 8, 500, 26)
        give_config(bytes(8192))
        imu.start(8, 500, 26)
        clock.advance(100000)
        assert len(samples(imu)) >= 8
    imu = fit("bmi270", Still(0, 0, G, 0, 0, 0))[1]
    del bmi270_config.open
    raises(SensorUnready, imu.start, 8, 500, 26)


def case_the_configuration_is_sent_once_a_power_up():
    chip, imu = fit("bmi270", Still(0, 0, G, 0, 0, 0))
    imu.start(8, 500, 26)
    imu.stop()
    wires.log.clear()
    imu.start(8, 500, 26)
    assert not any(entry[2] == 0x5E for entry in wires.log)
    chip._reset()
    imu.start(16, 2000, 26)
    assert sum(entry[:1] == ("w",) and entry[2] >= 0x5E for entry in wires.log) > 8000


def case_a_range_that_does_not_exist_is_refused():
    for kind in KINDS:
        imu = fit(kind, Still(0, 0, G, 0, 0, 0))[1]
        raises(ValueError, imu.start, 3, 500, 26)
        raises(ValueError, imu.start, 8, 501, 26)


def case_temperature_is_read():
    for kind in KINDS:
        chip, imu = fit(kind, Still(0, 0, G, 0, 0, 0), temperature_cdeg=3150)
        imu.start(8, 500, 26)
        assert abs(imu.temperature_cdeg() - 3150) <= 1, kind
        chip.temperature_cdeg = -450
        assert abs(imu.temperature_cdeg() + 450) <= 1, kind


def case_the_self_test_tells_sound_from_broken():
    for kind in KINDS:
        imu = fit(kind, Still(10000, -20000, G, 80, -160, 240))[1]
        assert imu.self_test() is True, kind
        imu.start(8, 500, 26)
        clock.advance(100000)
        assert len(samples(imu)) >= 8, kind
        assert fit(kind, Still(0, 0, G, 0, 0, 0), self_test_works=False)[1].self_test() is False, kind


def case_stop_powers_down_and_start_begins_anew():
    for kind in KINDS:
        chip, imu = fit(kind, Still(0, 0, G, 0, 0, 0))
        imu.start(8, 500, 26)
        clock.advance(9000000)
        for _ in range(12):
            samples(imu)
            clock.advance(40000)
        imu.stop()
        made = chip.samples_made
        clock.advance(1000000)
        assert chip.samples_made == made and imu.level() == 0, kind
        assert imu.lost_samples and imu.overruns, kind
        imu.start(8, 500, 26)
        assert not imu.samples_read and not imu.lost_samples and not imu.overruns, kind


def case_reading_allocates_nothing():
    batch = array("h", (0 for _ in range(64 * 6)))
    for kind in ("bmi270", "mpu6886"):
        imu = fit(kind, Still(0, 0, G, 0, 0, 0))[1]
        imu.start(8, 500, 26)
        bus = Canned(kind)
        fifo = imu._imu._fifo
        fifo._bus = fifo.frames._bus = bus
        fifo._ticks = 0
        for _ in range(3):
            bus.offer(40)
            imu.read(batch)
        bus.offer(40)
        gc.collect()
        gc.disable()
        before = gc.mem_alloc()
        count = imu.read(batch)
        used = gc.mem_alloc() - before
        gc.enable()
        assert count > 35 and used == 0, (kind, count, used)


class Canned:
    """A bus that answers like a chip with good frames, allocating nothing."""

    def __init__(self, kind):
        self._frame_bytes = 13 if kind == "bmi270" else 14
        self._is_little = kind == "bmi270"
        self.frames = 0
        self.made = 0

    def offer(self, frames):
        self.frames = frames
        self.made += frames
        clock.advance(frames * 10000)

    def read_into(self, address, register, buffer):
        for place in range(len(buffer)):
            buffer[place] = 0
        n_bytes = self.frames * self._frame_bytes
        if register == 0x24 or register == 0x72:
            buffer[0 if self._is_little else 1] = n_bytes & 255
            buffer[1 if self._is_little else 0] = n_bytes >> 8
        elif register == 0x18:
            # 256 ticks a sample.
            buffer[1] = self.made & 255
            buffer[2] = self.made >> 8

    def read_once(self, address, register, buffer):
        for place in range(len(buffer)):
            buffer[place] = place % self._frame_bytes
        if self._is_little:
            for place in range(0, len(buffer), 13):
                buffer[place] = 0x8C
        self.frames -= len(buffer) // self._frame_bytes
