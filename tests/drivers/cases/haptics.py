"""The haptic driver against its chip: off first, strength, both set-ups, calibration."""

from chips.drv2605l import DRV2605L
from chips.violation import ModelViolation
from wirebench import clock, raises, wires

from drivers.bus import Bus
from drivers.drv2605l import Drv2605l
from drivers.errors import BusStuck, SensorAbsent, SensorRefused

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


def case_the_first_act_is_off():
    chip, felt = chip_and_felt()
    # The processor was reset while the motor ran: the chip knows nothing of it.
    chip.write(0x02, b"\x7f")
    chip.write(0x01, b"\x05")
    assert chip.level == 127
    wires.log.clear()
    Drv2605l(bus(), ADDRESS, "erm")
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
    Drv2605l(bus(), ADDRESS, "erm")
    clock.advance(2000000)
    assert felt.levels() == [127, 0]


def case_strength_reaches_the_motor():
    _, felt = chip_and_felt()
    motor = Drv2605l(bus(), ADDRESS, "erm")
    for strength in (1, 64, 127):
        motor.start(strength)
        clock.advance(50000)
        motor.stop()
        clock.advance(50000)
    assert felt.levels() == [1, 0, 64, 0, 127, 0]
    on_us = [felt.changes[i + 1][0] - felt.changes[i][0] for i in (0, 2, 4)]
    assert all(50000 <= us <= 50300 for us in on_us), on_us


def case_strength_is_limited():
    _, felt = chip_and_felt()
    motor = Drv2605l(bus(), ADDRESS, "erm")
    motor.start(500)
    motor.start(-3)
    assert felt.levels() == [127, 0]


def case_strength_can_change_while_running():
    _, felt = chip_and_felt()
    motor = Drv2605l(bus(), ADDRESS, "erm")
    motor.start(40)
    motor.start(90)
    motor.stop()
    motor.stop()
    assert felt.levels() == [40, 90, 0]


def case_standby_ends_everything_and_start_wakes():
    chip, _ = chip_and_felt()
    motor = Drv2605l(bus(), ADDRESS, "erm")
    motor.start(90)
    motor.standby()
    assert chip.level == 0
    registers_of(chip, ((0x01, 0x40), (0x02, 0)))
    motor.start(90)
    assert chip.level == 90


def case_a_chip_that_lost_its_power_buzzes_again():
    chip, _ = chip_and_felt()
    motor = Drv2605l(bus(), ADDRESS, "erm")
    motor.start(90)
    motor.stop()
    chip.write(0x01, b"\x80")
    motor.start(90)
    assert chip.level == 90


def case_erm_is_set_up_for_open_loop():
    chip, _ = chip_and_felt()
    Drv2605l(bus(), ADDRESS, "erm")
    registers_of(chip, ((0x01, 0x40), (0x17, 0x8B), (0x1A, 0x36), (0x1D, 0xA0)))


def case_lra_is_set_up_for_closed_loop():
    chip, felt = chip_and_felt("lra")
    motor = Drv2605l(bus(), ADDRESS, "lra")
    registers_of(chip, ((0x16, 0x4B), (0x17, 0x80), (0x1A, 0xB6), (0x1B, 0x98), (0x1D, 0x80)))
    motor.start(100)
    motor.stop()
    assert felt.levels() == [100, 0]


def case_calibration_tells_whether_it_converged():
    chip, felt = chip_and_felt("lra")
    motor = Drv2605l(bus(), ADDRESS, "lra")
    assert motor.calibrate() is True
    assert chip.level == 0 and felt.levels() == [127, 0]
    motor.start(80)
    assert chip.level == 80
    chip, _ = chip_and_felt("erm")
    motor = Drv2605l(bus(), ADDRESS, "lra")
    assert motor.calibrate() is False
    assert chip.level == 0


def case_an_unknown_actuator_is_refused():
    chip_and_felt()
    raises(ValueError, Drv2605l, bus(), ADDRESS, "piezo")


def case_an_absent_chip_is_told():
    raises(SensorAbsent, Drv2605l, bus(), ADDRESS, "erm")


def case_a_stuck_bus_is_told():
    chip_and_felt()
    wires.held_clocks = 1000
    raises(BusStuck, Drv2605l, bus(), ADDRESS, "erm")


def case_a_register_that_does_not_keep_its_value_is_told():
    class Deaf(DRV2605L):
        def write(self, register, buffer):
            if register != 0x1D:
                super().write(register, buffer)

    wires.chips[ADDRESS] = Deaf(clock, Felt(), "erm")
    wires.chips[ADDRESS]._registers[0x1D] = 0
    raises(SensorRefused, Drv2605l, bus(), ADDRESS, "erm")


def case_a_stop_through_a_stuck_bus_still_stops():
    chip, _ = chip_and_felt()
    motor = Drv2605l(bus(), ADDRESS, "erm")
    motor.start(127)
    wires.held_clocks = 6
    motor.stop()
    assert chip.level == 0


def case_the_model_refuses_what_the_data_sheet_forbids():
    chip, _ = chip_and_felt()
    for register, value in ((0x00, 0), (0x21, 0), (0x23, 0), (0x01, 0x08), (0x1B, 0x40), (0x0C, 1)):
        raises(ModelViolation, chip.write, register, bytes((value,)))
