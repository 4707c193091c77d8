"""One test for all IMUs: whatever the chip, the same counts, errors and care; imu_conformance_time.py has the time."""

import gc
from array import array

from chips.catalogue import IMUS, USUAL_ADDRESS
from imu_bench import DPS, KINDS, Canned, G, fit, give_config, samples
from wirebench import FIFO_REGISTERS, Still, clock, raises, wires

from drivers import bmi270_config
from drivers.errors import BusStuck, SensorAbsent, SensorRefused, SensorUnready
from retrogait.scale import RANGES


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
            try:  # noqa: SIM105 MicroPython has no contextlib here
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
        fifo._bus = bus
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
