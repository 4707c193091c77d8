"""The IMU driver against the IMU model: configuration, counts, identity, self-test. Each case_ function is one test."""

from array import array

from chips.lsm6dsox import LSM6DSOX
from chips.violation import ModelViolation
from wirebench import Level, Ramp, Still, clock, raises, wires

from drivers.bus import Bus
from drivers.errors import SensorAbsent, SensorRefused
from drivers.lsm6dsox import Lsm6dsox

ADDRESS = 0x6A
G = 1000000
DPS = 8000


def imu_with(chip):
    wires.chips[ADDRESS] = chip
    return Lsm6dsox(Bus(0, 4, 3, 400000), ADDRESS)


def first_sample(wearer, accel_range_g, gyro_range_dps):
    imu = imu_with(LSM6DSOX(clock, wearer))
    imu.start(accel_range_g, gyro_range_dps, 26)
    clock.advance(20000)
    batch = array("h", (0 for _ in range(60)))
    assert imu.read(batch) >= 1
    return list(batch[:6])


def case_registers_hold_the_waist_configuration():
    chip = LSM6DSOX(clock, Still(0, 0, G, 0, 0, 0))
    imu_with(chip).start(8, 500, 52)
    expected = {
        0x07: 104, 0x08: 0x00, 0x09: 0x44, 0x0A: 0x06, 0x0D: 0x08, 0x0F: 0x6C, 0x10: 0x4C, 0x11: 0x44, 0x12: 0x44,
        0x13: 0, 0x14: 0, 0x15: 0, 0x16: 0, 0x17: 0, 0x18: 0xE2, 0x19: 0x20,
    }  # fmt: skip
    value = bytearray(1)
    for register, wanted in expected.items():
        chip.read(register, value)
        assert value[0] == wanted, (register, value[0], wanted)


def case_registers_hold_the_ankle_ranges_and_a_wide_watermark():
    chip = LSM6DSOX(clock, Still(0, 0, G, 0, 0, 0))
    imu_with(chip).start(16, 2000, 200)
    value = bytearray(1)
    for register, wanted in ((0x07, 400 & 255), (0x08, 1), (0x10, 0x44), (0x11, 0x4C)):
        chip.read(register, value)
        assert value[0] == wanted, (register, value[0])


def case_every_accel_range_scales():
    for range_g, sens_ug in ((2, 61), (4, 122), (8, 244), (16, 488)):
        sample = first_sample(Still(G, -G, G // 2, 0, 0, 0), range_g, 500)
        assert sample[0] == (2 * G + sens_ug) // (2 * sens_ug), (range_g, sample)
        assert abs(sample[1] + sample[0]) <= 1
        assert sample[3:] == [0, 0, 0]


def case_every_gyro_range_scales():
    for range_dps, sens in ((125, 35), (250, 70), (500, 140), (1000, 280), (2000, 560)):
        sample = first_sample(Still(0, 0, G, 100 * DPS, -100 * DPS, 0), 8, range_dps)
        assert sample[3] == (2 * 100 * DPS + sens) // (2 * sens), (range_dps, sample)
        assert abs(sample[4] + sample[3]) <= 1


def case_both_sensors_saturate_at_their_range():
    wearer = Still(12 * G, -12 * G, 7 * G, 700 * DPS, -700 * DPS, 450 * DPS)
    sample = first_sample(wearer, 8, 500)
    assert sample[0] == 32767 and sample[1] == -32768
    assert sample[3] == 32767 and sample[4] == -32768
    assert 28000 < sample[2] < 29000 and 25000 < sample[5] < 26000
    # The ankle's ranges carry the same movement.
    sample = first_sample(wearer, 16, 2000)
    assert abs(sample[0]) < 32767 and abs(sample[3]) < 32767


def case_no_sample_of_the_start_up_gets_through():
    # The model's gyroscope says 9000 for 70 ms and its first accelerometer sample is zero.
    sample = first_sample(Still(0, 0, G, 0, 0, 0), 8, 500)
    assert sample[2] > 4000 and sample[3:] == [0, 0, 0]


def case_a_range_that_does_not_exist_is_refused():
    imu = imu_with(LSM6DSOX(clock, Still(0, 0, G, 0, 0, 0)))
    raises(ValueError, imu.start, 3, 500, 26)
    raises(ValueError, imu.start, 8, 501, 26)


def case_another_chip_is_not_taken_for_ours():
    class Impostor(LSM6DSOX):
        def read(self, register, buffer):
            super().read(register, buffer)
            if register == 0x0F:
                buffer[0] = 0x6B

    imu = imu_with(Impostor(clock, Still(0, 0, G, 0, 0, 0)))
    raises(SensorAbsent, imu.start, 8, 500, 26)
    assert not any(entry[0] == "w" for entry in wires.log)


def case_an_absent_chip_is_told():
    imu = imu_with(LSM6DSOX(clock, Still(0, 0, G, 0, 0, 0)))
    del wires.chips[ADDRESS]
    raises(SensorAbsent, imu.start, 8, 500, 26)


def case_a_chip_that_vanishes_is_told_and_comes_back():
    chip = LSM6DSOX(clock, Still(0, 0, G, 0, 0, 0))
    imu = imu_with(chip)
    imu.start(8, 500, 26)
    batch = array("h", (0 for _ in range(60)))
    del wires.chips[ADDRESS]
    raises(SensorAbsent, imu.read, batch)
    wires.chips[ADDRESS] = chip
    imu.start(8, 500, 26)
    clock.advance(50000)
    assert imu.read(batch) in (4, 5, 6)


def case_a_register_that_does_not_keep_its_value_is_told():
    class Deaf(LSM6DSOX):
        def write(self, register, buffer):
            if register != 0x0D:
                super().write(register, buffer)

    raises(SensorRefused, imu_with(Deaf(clock, Still(0, 0, G, 0, 0, 0))).start, 8, 500, 26)


def case_the_watermark_raises_int1_and_reading_lowers_it():
    int1 = Level()
    imu = imu_with(LSM6DSOX(clock, Ramp(244, 140), int1))
    imu.start(8, 500, 26)
    started_us = clock.us
    clock.advance(240000)
    assert int1.edges == []
    clock.advance(20000)
    assert int1.level == 1
    # 26 samples take 250 ms.
    assert abs(int1.edges[0][0] - started_us - 250000) < 12000
    batch = array("h", (0 for _ in range(26 * 6)))
    assert imu.read(batch) == 26
    assert int1.level == 0


def case_temperature_is_read():
    imu = imu_with(LSM6DSOX(clock, Still(0, 0, G, 0, 0, 0), temperature_cdeg=3150))
    imu.start(8, 500, 26)
    assert abs(imu.temperature_cdeg() - 3150) <= 1
    wires.chips[ADDRESS].temperature_cdeg = -450
    assert abs(imu.temperature_cdeg() + 450) <= 1


def case_self_test_passes_on_a_sound_chip():
    chip = LSM6DSOX(clock, Still(10000, -20000, G, 80, -160, 240))
    imu = imu_with(chip)
    assert imu.self_test() is True
    made = chip.samples_made
    clock.advance(500000)
    assert chip.samples_made == made, "both sensors must be off afterwards"
    imu.start(8, 500, 26)
    clock.advance(50000)
    assert imu.level() in (4, 5, 6)


def case_self_test_fails_on_stuck_masses():
    imu = imu_with(LSM6DSOX(clock, Still(0, 0, G, 0, 0, 0), self_test_works=False))
    assert imu.self_test() is False


def case_stop_powers_the_sensors_down():
    chip = LSM6DSOX(clock, Still(0, 0, G, 0, 0, 0))
    imu = imu_with(chip)
    imu.start(8, 500, 26)
    clock.advance(100000)
    imu.stop()
    made = chip.samples_made
    clock.advance(1000000)
    assert chip.samples_made == made
    assert imu.level() == 0


def case_the_model_refuses_what_the_data_sheet_forbids():
    chip = LSM6DSOX(clock, Still(0, 0, G, 0, 0, 0))
    for register, value in ((0x03, 0), (0x0F, 1), (0x0A, 0x08), (0x10, 0x01), (0x3A, 0), (0x7E, 0), (0x14, 0x03)):
        raises(ModelViolation, chip.write, register, bytes((value,)))
    # Batching at a rate that the sensor does not have.
    chip = LSM6DSOX(clock, Still(0, 0, G, 0, 0, 0))
    chip.write(0x09, b"\x55")
    chip.write(0x10, b"\x40")
    chip.write(0x11, b"\x40")
    chip.write(0x0A, b"\x06")
    raises(ModelViolation, clock.advance, 50000)
