"""The wiring tables: they agree with the board file that the firmware uses, and with themselves."""

import csv
import importlib
import importlib.util
from pathlib import Path

import pytest

HW = Path(__file__).parents[2] / "hw"
BUILDS = ("build_a", "build_b")


def load_render():
    spec = importlib.util.spec_from_file_location("hw_wiring_render", HW / "wiring" / "render.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


render = load_render()


def wires(build: str) -> list[dict[str, str]]:
    return render.read_wires(HW / "wiring" / f"{build}.csv")


def gpio(build: str, signal: str) -> int:
    """The one GPIO that carries a signal."""
    found = {int(wire["GPIO"]) for wire in wires(build) if wire["Signal"] == signal and wire["GPIO"]}
    assert len(found) == 1, f"{signal}: {found}"
    return found.pop()


@pytest.fixture(scope="module")
def board():
    return importlib.import_module("boards.feather_s3")


def test_pins_of_build_a_are_those_of_the_board_file(board):
    assert gpio("build_a", "SDA") == board.SDA
    assert gpio("build_a", "SCL") == board.SCL
    assert gpio("build_a", "BUTTON") == board.BUTTON
    assert gpio("build_a", "LED") == board.LED
    assert (gpio("build_a", "I2C_POWER"), 1) in board.POWER_PINS
    assert board.BUTTON_PRESSED == 0


def test_addresses_of_build_a_are_those_of_the_board_file(board):
    addresses = {int(wire["I2C address"], 16) for wire in wires("build_a") if wire["I2C address"]}
    assert addresses == {board.IMU_ADDRESS, board.HAPTIC_ADDRESS, board.GAUGE_ADDRESS}


def test_the_interrupt_is_polled_because_the_cable_has_no_such_wire(board):
    assert not any(wire["Signal"] == "INT1" for wire in wires("build_a"))
    assert board.IMU_INT1 is None


def test_the_motor_of_the_parts_list_is_of_the_kind_the_board_file_drives(board):
    with (HW / "bom" / "build_a.csv").open(newline="", encoding="utf-8") as file:
        motor = next(row for row in csv.DictReader(file) if row["Ref"] == "M1")
    assert board.HAPTIC_ACTUATOR.upper() in motor["Description"]


@pytest.mark.parametrize("build", BUILDS)
def test_every_chip_on_the_bus_has_both_lines_and_its_own_address(build):
    lines = {}
    for wire in wires(build):
        if wire["I2C address"]:
            chip = wire["To"] if wire["To"] != "A1" else wire["To pin"].split()[0]
            lines.setdefault((wire["I2C address"], chip), set()).add(wire["Signal"])
    assert all(signals == {"SDA", "SCL"} for signals in lines.values()), lines
    addresses = [int(address, 16) for address, _ in lines]
    assert len(addresses) == len(set(addresses)), f"two chips share an address: {lines}"
    assert all(0x08 <= address <= 0x77 for address in addresses)


@pytest.mark.parametrize("build", BUILDS)
def test_no_gpio_carries_two_signals(build):
    by_gpio = {}
    for wire in wires(build):
        if wire["GPIO"]:
            by_gpio.setdefault(wire["GPIO"], set()).add(wire["Signal"])
    assert {number: signals for number, signals in by_gpio.items() if len(signals) > 1} == {}


@pytest.mark.parametrize("build", BUILDS)
def test_the_page_shows_the_table(build):
    page = (HW / "wiring" / f"{build}.md").read_text(encoding="utf-8")
    assert render.with_table(page, render.as_table(wires(build))) == page, "run hw/wiring/render.py"
