"""A drawing in text of how a part that does not answer is wired to its board, from the board's file.

The colours are those of STEMMA QT / Qwiic cables; the same wires stand in hw/wiring, and a test compares.
"""

from typing import Any

_CABLE = 18


def draw(board: dict[str, Any], part: str, address: int) -> tuple[str, ...]:
    """The lines for an I2C part that is plugged in: board on the left, part on the right."""
    supply = ", ".join(f"GPIO {pin} {'high' if level else 'low'}" for pin, level in board["POWER_PINS"])
    rows = (
        (f"GPIO {board['SDA']}", "SDA", "blue", "SDA"),
        (f"GPIO {board['SCL']}", "SCL", "yellow", "SCL"),
        ("3V3", f"(on with {supply})" if supply else "", "red", "VIN"),
        ("GND", "", "black", "GND"),
    )
    width = max(len(f"{pin} {name}") for pin, name, _, _ in rows)
    width = max(width, len(board["TITLE"]))
    lines = [f"{board['TITLE']:<{width}}  {'':<{_CABLE}}  {part} (0x{address:02x})"]
    for pin, name, colour, end in rows:
        lines.append(f"{f'{pin} {name}'.rstrip():<{width}}  {f'--- {colour} '.ljust(_CABLE, '-')}  {end}")
    return tuple(lines)
