"""What `retrowalk doctor` says of the chips on a board: found against expected, with the wires of what is missing."""

from typing import Any

from retrowalk import boards, imu_config
from retrowalk.boards import IMU_NAMES
from retrowalk.checking import bus_scan
from retrowalk.checking.bus_scan import Bus
from retrowalk.checking.finding import FAIL, OK, WARN, Finding
from retrowalk.checking.wiring_hint import draw
from retrowalk.contact import remote
from retrowalk.contact.transport import Transport
from retrowalk.errors import FailedError

_PLUG = "check its cable and both plugs as drawn, press reset, then run this again."
_ON_BOARD = "it sits on the board itself: switch the board off and on; if it stays so, the board is damaged."
_STUCK = "unplug and replug board and cables; then try one chip at a time."


def check(device: Transport, name: str) -> list[Finding]:
    """The findings for the board of that name."""
    board = boards.constants(name)
    try:
        bus = bus_scan.scan(device, board)
    except FailedError as error:
        return [Finding("chips", FAIL, error.message, "check the sensor's cable and plug, press reset, try again.")]
    if bus.is_held:
        return [Finding("i2c bus", FAIL, "the bus is stuck: a chip holds its data line low, nobody can answer", _STUCK)]
    findings = [_bus(bus, board), _imu(bus, board, name)]
    if findings[-1].level == OK and board["IMU"] == "bmi270":
        findings.append(_imu_config(device))
    findings.append(_motor(bus, board))
    if board["GAUGE_ADDRESS"] is not None:
        findings.append(_gauge(bus, board))
    return findings


def _bus(bus: Bus, board: dict[str, Any]) -> Finding:
    wanted = {
        board["IMU_ADDRESS"]: IMU_NAMES[board["IMU"]],
        board["HAPTIC_ADDRESS"]: "DRV2605L",
        board["GAUGE_ADDRESS"]: "MAX17048",
    }
    expected = ", ".join(f"0x{address:02x} {chip}" for address, chip in sorted(_items(wanted)))
    found = ", ".join(bus_scan.named(bus, address, board) for address in bus.addresses) or "nobody"
    return Finding("i2c bus", OK, f"found {found}; expected {expected}")


def _items(wanted: dict[int | None, str]) -> list[tuple[int, str]]:
    return [(address, chip) for address, chip in wanted.items() if address is not None]


def _imu(bus: Bus, board: dict[str, Any], name: str) -> Finding:
    kind, address = board["IMU"], board["IMU_ADDRESS"]
    wanted = IMU_NAMES[kind]
    if bus.imus.get(address) == kind:
        return Finding("motion sensor", OK, f"{wanted} answers at 0x{address:02x}")
    if bus.imus:
        place, other = min(bus.imus.items())
        step = (
            f'if it shall stay, set IMU = "{other}" and IMU_ADDRESS = 0x{place:02x} in firmware/boards/{name}.py, '
            "then `retrowalk flash`; else fit the right one."
        )
        what = (
            f"a different one: {IMU_NAMES[other]} at 0x{place:02x}, but this board expects {wanted} at 0x{address:02x}"
        )
        return Finding("motion sensor", FAIL, what, step)
    if address in bus.addresses:
        return Finding(
            "motion sensor",
            FAIL,
            f"another chip answers at 0x{address:02x}, not {wanted}",
            "see which sensor the parts list in hw/ asks for.",
        )
    return _missing("motion sensor", "imu", wanted, address, board)


def _imu_config(device: Transport) -> Finding:
    sizes = remote.list_files(device, [imu_config.DEVICE_PATH.rpartition("/")[0]])
    size = sizes.get(imu_config.DEVICE_PATH)
    if size == imu_config.CONFIG_BYTES:
        return Finding("sensor setup", OK, "Bosch's configuration is on the device")
    what = "is missing on the device" if size is None else f"has {size} bytes instead of {imu_config.CONFIG_BYTES}"
    return Finding("sensor setup", FAIL, f"the BMI270's configuration {what}; it cannot start", imu_config.NEXT_STEP)


def _motor(bus: Bus, board: dict[str, Any]) -> Finding:
    if board["MOTOR"] == "pwm":
        return Finding(
            "motor driver", OK, f"pin {board['MOTOR_PIN']}; whether a motor hangs on it only a hand can tell"
        )
    address = board["HAPTIC_ADDRESS"]
    if bus.has_motor:
        return Finding("motor driver", OK, f"DRV2605L answers at 0x{address:02x}")
    if address in bus.addresses:
        step = "see which motor driver the parts list in hw/ asks for."
        return Finding("motor driver", FAIL, f"another chip answers at 0x{address:02x}, not DRV2605L", step)
    return _missing("motor driver", "motor", "DRV2605L", address, board)


def _gauge(bus: Bus, board: dict[str, Any]) -> Finding:
    address = board["GAUGE_ADDRESS"]
    if address in bus.addresses:
        return Finding("battery gauge", OK, f"MAX17048 answers at 0x{address:02x}")
    step = "plug in the battery: some boards feed the gauge from it; walks are recorded without it."
    return Finding("battery gauge", WARN, f"MAX17048 does not answer at 0x{address:02x}", step)


def _missing(what: str, part: str, chip: str, address: int, board: dict[str, Any]) -> Finding:
    text = f"{chip} does not answer at 0x{address:02x}"
    if part in board["PLUGGED"]:
        return Finding(what, FAIL, text, _PLUG, draw(board, chip, address))
    return Finding(what, FAIL, text, _ON_BOARD)
