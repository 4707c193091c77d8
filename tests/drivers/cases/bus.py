"""The bus that frees itself: retries, nine clocks, a STOP, and honest errors when nothing helps."""

from chips.lsm6dsox import LSM6DSOX
from chips.max17048 import MAX17048
from wirebench import I2C, clock, raises, wires

from drivers.bus import Bus
from drivers.errors import BusStuck, SensorAbsent


def gauge_bus():
    wires.chips[0x36] = MAX17048(clock, lambda: 3900)
    return Bus(0, 4, 3, 400000)


def case_a_healthy_bus_is_left_alone():
    bus = gauge_bus()
    word = bytearray(2)
    bus.read_into(0x36, 0x08, word)
    assert word == b"\x00\x12"
    assert bus.retries == 0 and bus.recoveries == 0 and wires.clocks_seen == 0 and I2C.opened == 1


def case_one_failed_transfer_is_repeated():
    bus = gauge_bus()
    wires.fail_transfers = 1
    word = bytearray(2)
    bus.read_into(0x36, 0x08, word)
    assert word == b"\x00\x12"
    assert bus.retries == 1 and bus.recoveries == 0


def case_a_stuck_bus_is_clocked_free():
    for held_clocks in range(1, 10):
        bus = gauge_bus()
        wires.held_clocks = held_clocks
        wires.clocks_seen = 0
        wires.stops_seen = 0
        opened = I2C.opened
        word = bytearray(2)
        bus.read_into(0x36, 0x08, word)
        assert word == b"\x00\x12"
        assert bus.retries == 1 and bus.recoveries == 1 and bus.failures == 0
        # Nine clocks, and the one of the STOP.
        assert wires.clocks_seen == 10, wires.clocks_seen
        assert wires.stops_seen == 1 and I2C.opened == opened + 1


def case_a_bus_that_stays_stuck_is_told():
    bus = gauge_bus()
    wires.held_clocks = 1000
    word = bytearray(2)
    error = raises(BusStuck, bus.read_into, 0x36, 0x08, word)
    assert isinstance(error, OSError)
    assert bus.failures == 1 and bus.recoveries == 1
    raises(BusStuck, bus.write, 0x36, 0x08, word)
    wires.held_clocks = 0
    bus.read_into(0x36, 0x08, word)


def case_a_write_is_recovered_too():
    bus = gauge_bus()
    chip = LSM6DSOX(clock, None)
    wires.chips[0x6A] = chip
    wires.held_clocks = 5
    bus.write(0x6A, 0x07, b"\x21")
    value = bytearray(1)
    chip.read(0x07, value)
    assert value[0] == 0x21 and bus.recoveries == 1


def case_no_one_at_an_address_is_not_the_bus_s_fault():
    bus = gauge_bus()
    raises(SensorAbsent, bus.read_into, 0x44, 0x00, bytearray(1))
    assert bus.failures == 0


def case_read_once_does_not_repeat():
    bus = gauge_bus()
    wires.fail_transfers = 1
    raises(OSError, bus.read_once, 0x36, 0x08, bytearray(2))
    assert bus.retries == 0 and bus.recoveries == 0


def case_after_a_sleep_the_first_transfer_makes_the_driver_anew_and_only_that():
    bus = gauge_bus()
    word = bytearray(2)
    bus.read_into(0x36, 0x08, word)
    opened = I2C.opened
    bus.slept()
    bus.slept()
    assert I2C.opened == opened
    bus.read_once(0x36, 0x08, word)
    bus.read_into(0x36, 0x08, word)
    assert I2C.opened == opened + 1
    bus.slept()
    bus.read_into(0x36, 0x08, word)
    assert I2C.opened == opened + 2 and bus.recoveries == 0 and bus.retries == 0
