"""One test for all IMUs, of time: 104 Hz, no hole in it, and gaps of the right length.

Each case runs for every IMU that has a driver. How exactly time is kept over an overrun is the chip's: the LSM6DSOX
numbers its slots, the BMI270 has a clock and is good to a sample and a half however often it runs over, and the MPU6886
has none: each overrun may cost it a sample, one way or the other.
"""

from imu_bench import KINDS, LOOSE, MOST_BYTES, Keeper, hesitate
from wirebench import FIFO_REGISTERS, clock, raises, wires

from drivers.errors import SensorAbsent


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


def case_a_processor_that_hesitates_loses_nothing():
    for kind in KINDS:
        for longest_ms in (15, 60, 150):
            keeper = Keeper(kind)
            hesitate(keeper.chip, longest_ms)
            for pause_ms in (40, 250, 40, 3, 9, 300) * 40:
                clock.advance(pause_ms * 1000)
                keeper.read()
            keeper.drain()
            assert keeper.imu.lost_samples == 0, (kind, longest_ms, keeper.imu.lost_samples)
            assert keeper.worst < 0.8, (kind, longest_ms, keeper.worst)


def case_an_overrun_leaves_time_right_though_the_processor_hesitates():
    for kind in ("lsm6dsox", "bmi270"):
        for longest_ms in (15, 60, 150):
            keeper = Keeper(kind)
            hesitate(keeper.chip, longest_ms)
            for _ in range(20):
                keeper.first_us = None
                keeper.imu.start(8, 500, 26)
                for pause_ms in (40, 3000, 40, 2900, 40, 40):
                    clock.advance(pause_ms * 1000)
                    keeper.drain()
                # What was overwritten between a look and its burst is counted at the next look.
                keeper.worst = 0
                clock.advance(40000)
                keeper.drain()
                assert keeper.imu.lost_samples > 60 and keeper.worst < LOOSE[kind], (kind, longest_ms, keeper.worst)


def case_a_bmi270_that_began_anew_is_told_at_once_however_the_processor_hesitates():
    for longest_ms in (0, 60, 150):
        for looks in (3, 50, 200):
            keeper = Keeper("bmi270")
            hesitate(keeper.chip, longest_ms)
            wires.log.clear()
            for _ in range(looks):
                clock.advance(60000)
                keeper.drain()
            lost = keeper.imu.lost_samples
            keeper.chip._reset()
            clock.advance(40000)
            raises(SensorAbsent, keeper.read)
            clock.advance(400000)
            raises(SensorAbsent, keeper.read)
            assert keeper.imu.lost_samples == lost, (longest_ms, looks)
