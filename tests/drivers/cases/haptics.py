"""The haptic driver against its chip: off first, pulses that end by themselves, strength, both set-ups, calibration."""

from time import ticks_ms

from chips.drv2605l import DRV2605L
from chips.violation import ModelViolation
from wirebench import clock, raises, wires

from drivers.bus import Bus
from drivers.drv2605l import Drv2605l
from drivers.errors import BusStuck, SensorAbsent, SensorRefused
from drivers.motor_guard import MotorGuard

ADDRESS = 0x5A


class Felt:
    """What the motor did: (t_us, level)."""

    def __init__(self):
        self.changes = []

    def __call__(self, t_us, level):
        self.changes.append((t_us, level))

    def levels(self):
        return [level for _, level in self.changes]


def chip_and_felt(actuator="erm"):
    felt = Felt()
    chip = DRV2605L(clock, felt, actuator)
    wires.chips[ADDRESS] = chip
    return chip, felt


def registers_of(chip, wanted):
    value = bytearray(1)
    for register, expected in wanted:
        chip.read(register, value)
        assert value[0] == expected, (register, value[0])


def bus():
    return Bus(0, 4, 3, 400000)


def driver(actuator):
    return Drv2605l(bus(), ADDRESS, actuator, MotorGuard(ticks_ms()))


def case_the_first_act_is_off():
    chip, felt = chip_and_felt()
    # The processor was reset while the motor ran: the chip knows nothing of it.
    chip.write(0x02, b"\x7f")
    chip.write(0x01, b"\x05")
    assert chip.level == 127
    wires.log.clear()
    driver("erm")
    assert chip.level == 0 and felt.levels() == [127, 0]
    # The very first transfer is the one that cuts the outputs.
    assert wires.log[0] == ("w", ADDRESS, 0x01, 0x40)


def case_a_running_sequence_is_cut_too():
    chip, felt = chip_and_felt()
    chip.write(0x01, b"\x00")
    chip.write(0x04, b"\x2f\x81\x2f\x00")
    chip.write(0x0C, b"\x01")
    clock.advance(100000)
    assert chip.level == 127
    driver("erm")
    clock.advance(2000000)
    assert felt.levels() == [127, 0]


def case_strength_reaches_the_motor():
    _, felt = chip_and_felt()
    motor = driver("erm")
    for percent in (10, 50, 100):
        assert motor.pulse(50, percent)
        clock.advance(50000)
        motor.standby()
        clock.advance(60000)
    assert felt.levels() == [12, 0, 63, 0, 127, 0]
    on_us = [felt.changes[i + 1][0] - felt.changes[i][0] for i in (0, 2, 4)]
    assert all(50000 <= us <= 50300 for us in on_us), on_us


def case_strength_is_limited():
    _, felt = chip_and_felt()
    motor = driver("erm")
    motor.pulse(100, 500)
    motor.standby()
    clock.advance(60000)
    motor.pulse(100, -3)
    assert felt.levels() == [127, 0]


def case_a_pulse_that_nobody_ends_ends_itself():
    for actuator in ("erm", "lra"):
        for asked_ms, longest_us in ((1, 750000), (500, 750000), (750, 750000), (751, 1000000), (60000, 1000000)):
            chip, felt = chip_and_felt(actuator)
            motor = driver(actuator)
            assert motor.pulse(asked_ms, 85)
            # The processor hangs, or the bus is dead: nothing is ever said again.
            clock.advance(5000000)
            assert chip.level == 0 and len(felt.changes) == 2
            assert felt.changes[1][0] - felt.changes[0][0] == longest_us


def case_a_stream_of_pulses_is_no_long_run():
    _, felt = chip_and_felt()
    motor = driver("erm")
    for _ in range(5000):
        motor.pulse(1000, 100)
        clock.advance(7000)
    runs = [felt.changes[i + 1][0] - felt.changes[i][0] for i in range(0, len(felt.changes) - 1, 2)]
    gaps = [felt.changes[i + 1][0] - felt.changes[i][0] for i in range(1, len(felt.changes) - 1, 2)]
    assert len(runs) >= 4 and max(runs) <= 1000000 and min(gaps) >= 50000
    assert sum(runs) <= 18000000


def case_a_pulse_that_the_bus_broke_is_charged():
    chip_and_felt()
    guard = MotorGuard(ticks_ms())
    motor = Drv2605l(bus(), ADDRESS, "erm", guard)
    wires.held_clocks = 10000
    raises(BusStuck, motor.pulse, 100, 85)
    wires.held_clocks = 0
    # Its motor may run: until the chip has obeyed, there is no other.
    assert not motor.pulse(100, 85)
    motor.standby()
    clock.advance(60000)
    assert motor.pulse(100, 85)


def case_standby_ends_everything_and_a_pulse_wakes():
    chip, _ = chip_and_felt()
    motor = driver("erm")
    motor.pulse(300, 100)
    motor.standby()
    assert chip.level == 0
    registers_of(chip, ((0x01, 0x40), (0x02, 0), (0x0C, 0)))
    clock.advance(60000)
    motor.pulse(300, 100)
    assert chip.level == 127


def case_a_chip_that_lost_its_power_buzzes_again():
    chip, _ = chip_and_felt()
    motor = driver("erm")
    motor.pulse(300, 100)
    motor.standby()
    chip.write(0x01, b"\x80")
    clock.advance(60000)
    motor.pulse(300, 100)
    assert chip.level == 127


def case_erm_is_set_up_for_open_loop():
    chip, _ = chip_and_felt()
    driver("erm")
    registers_of(chip, ((0x01, 0x40), (0x17, 0x8B), (0x1A, 0x36), (0x1D, 0xA0)))


def case_lra_is_set_up_for_closed_loop():
    chip, felt = chip_and_felt("lra")
    motor = driver("lra")
    registers_of(chip, ((0x16, 0x4B), (0x17, 0x80), (0x1A, 0xB6), (0x1B, 0x98), (0x1D, 0x80)))
    motor.pulse(300, 80)
    motor.standby()
    assert felt.levels() == [102, 0]


def case_calibration_tells_whether_it_converged():
    chip, felt = chip_and_felt("lra")
    motor = driver("lra")
    assert motor.calibrate() is True
    assert chip.level == 0 and felt.levels() == [127, 0]
    clock.advance(60000)
    motor.pulse(300, 80)
    assert chip.level == 102
    chip, _ = chip_and_felt("erm")
    motor = driver("lra")
    assert motor.calibrate() is False
    assert chip.level == 0


def case_an_unknown_actuator_is_refused():
    chip_and_felt()
    raises(ValueError, driver, "piezo")


def case_an_absent_chip_is_told():
    raises(SensorAbsent, driver, "erm")


def case_a_stuck_bus_is_told():
    chip_and_felt()
    wires.held_clocks = 1000
    raises(BusStuck, driver, "erm")


def case_a_register_that_does_not_keep_its_value_is_told():
    class Deaf(DRV2605L):
        def write(self, register, buffer):
            if register != 0x1D:
                super().write(register, buffer)

    wires.chips[ADDRESS] = Deaf(clock, Felt(), "erm")
    wires.chips[ADDRESS]._registers[0x1D] = 0
    raises(SensorRefused, driver, "erm")


def case_a_stop_through_a_stuck_bus_still_stops():
    chip, _ = chip_and_felt()
    motor = driver("erm")
    motor.pulse(300, 100)
    wires.held_clocks = 6
    motor.standby()
    assert chip.level == 0


def case_the_model_refuses_what_the_data_sheet_forbids():
    chip, _ = chip_and_felt()
    for register, value in ((0x00, 0), (0x21, 0), (0x23, 0), (0x01, 0x08), (0x1B, 0x40), (0x0C, 1)):
        raises(ModelViolation, chip.write, register, bytes((value,)))
