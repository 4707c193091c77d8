"""Every board file is whole: all constants, each with its origin; no pin twice; chips that have drivers and models; the
same pins and addresses as in hw/."""

import csv
import re
from pathlib import Path

import pytest

from retrowalk import boards
from retrowalk.checking.wiring_hint import draw
from retrowalk.deploying.tree import known_boards

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "host" / "retrowalk" / "virtual" / "inside" / "chips"
BOARDS = known_boards()
BUILT = [name for name in BOARDS if boards.constants(name)["BUILD"]]
CONSTANTS = set(re.findall(r"\b[A-Z][A-Z0-9_]{1,}\b", (ROOT / "firmware" / "boards" / "__init__.py").read_text())) - {
    *("IMU's", "F", "R", "E"),
}
KINDS = {"IMU": set(boards.IMU_NAMES), "MOTOR": set(boards.MOTOR_NAMES), "GAUGE": {*boards.GAUGE_NAMES, None}}
# What may be named twice is nothing; what is a pin is these.
PINS = ("SDA", "SCL", "IMU_INT1", "MOTOR_PIN", "GAUGE_PIN", "BUTTON", "LED")


def test_the_reference_boards_are_there():
    assert {"feather_s3", "m5stickc_plus2", "xiao_esp32s3", "xiao_esp32c3", "virtual", "virtual_bmi270"} <= set(BOARDS)


@pytest.mark.parametrize("name", BOARDS)
def test_the_file_has_every_constant_and_says_where_each_is_from(name):
    board = boards.constants(name)
    assert set(board) == CONSTANTS
    assert board["NAME"] == name
    for constant, origin in boards.origins(name).items():
        assert re.fullmatch(r"[FRE-]( .+)?", origin), (constant, origin)
    assert set(boards.origins(name)) == CONSTANTS


@pytest.mark.parametrize("name", BOARDS)
def test_no_pin_has_two_tasks(name):
    board = boards.constants(name)
    pins = [board[each] for each in PINS if board[each] is not None] + [pin for pin, _ in board["POWER_PINS"]]
    assert len(pins) == len(set(pins)), pins
    assert all(isinstance(pin, int) and 0 <= pin <= 48 for pin in pins)


@pytest.mark.parametrize("name", BOARDS)
def test_its_chips_have_drivers_and_models(name):
    board = boards.constants(name)
    factory = (ROOT / "firmware" / "app" / "parts.py").read_text()
    for part, known in KINDS.items():
        assert board[part] in known, part
        assert board[part] is None or f'board.{part} == "{board[part]}"' in factory
    assert (ROOT / "firmware" / "drivers" / f"{board['IMU']}.py").is_file()
    assert (MODELS / f"{board['IMU']}.py").is_file()


@pytest.mark.parametrize("name", BOARDS)
def test_what_a_part_needs_is_given_and_nothing_else(name):
    board = boards.constants(name)
    by_chip = board["MOTOR"] == "drv2605l"
    assert (board["HAPTIC_ADDRESS"] is not None) == by_chip == (board["HAPTIC_ACTUATOR"] in ("erm", "lra"))
    assert (board["MOTOR_PIN"] is not None) == (board["MOTOR"] == "pwm")
    assert (board["GAUGE_ADDRESS"] is not None) == (board["GAUGE"] == "max17048")
    assert (board["GAUGE_PIN"] is not None) == (board["GAUGE"] == "adc")
    addresses = [board[each] for each in ("IMU_ADDRESS", "HAPTIC_ADDRESS", "GAUGE_ADDRESS") if board[each] is not None]
    assert len(addresses) == len(set(addresses))
    assert set(board["PLUGGED"]) <= {"imu", "motor"}


@pytest.mark.parametrize("name", BUILT)
def test_pins_and_addresses_are_those_of_the_wiring_table(name):
    board = boards.constants(name)
    with (ROOT / "hw" / "wiring" / f"{board['BUILD']}.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    gpio = {}
    for row in rows:
        if row["GPIO"]:
            gpio.setdefault(row["Signal"], set()).add(int(row["GPIO"]))
    assert gpio["SDA"] == {board["SDA"]} and gpio["SCL"] == {board["SCL"]} and gpio["BUTTON"] == {board["BUTTON"]}
    power = {pin for pin, _ in board["POWER_PINS"]}
    assert power == gpio.get("I2C_POWER", set()) | gpio.get("HOLD", set())
    assert gpio.get("MOTOR_PWM", {None}) == {board["MOTOR_PIN"]}
    assert gpio.get("BATTERY_ADC", {None}) == {board["GAUGE_PIN"]}
    wired = {int(row["I2C address"], 16) for row in rows if row["I2C address"]}
    assert {board[each] for each in ("IMU_ADDRESS", "HAPTIC_ADDRESS", "GAUGE_ADDRESS")} - {None} <= wired


@pytest.mark.parametrize("name", BUILT)
def test_the_drawing_shows_the_wires_of_the_table(name):
    board = boards.constants(name)
    text = "\n".join(draw(board, "part", board["IMU_ADDRESS"]))
    with (ROOT / "hw" / "wiring" / f"{board['BUILD']}.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Wire"].startswith("W1 ") and row["To"] == "A2"]
    for row in rows:
        colour = row["Wire"].split()[1]
        line = next(each for each in text.splitlines() if f"--- {colour} " in each)
        assert line.endswith(row["To pin"])
        assert not row["GPIO"] or f"GPIO {row['GPIO']} {row['Signal']}" in line


@pytest.mark.parametrize("name", BUILT)
def test_the_parts_list_has_its_chips(name):
    board = boards.constants(name)
    text = (ROOT / "hw" / "bom" / f"{board['BUILD']}.csv").read_text(encoding="utf-8")
    assert boards.IMU_NAMES[board["IMU"]] in text
    assert board["MOTOR"] != "drv2605l" or "DRV2605L" in text
