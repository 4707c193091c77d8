"""Prints the table of docs/reference/boards.md from the board files of the firmware; a test compares.

Run: `.venv/bin/python hw/boards.py`.
"""

import sys

from retrowalk import boards
from retrowalk.deploy import known_boards

_COLUMNS = ("board", "what it is", "IMU", "motor", "cell measured by", "SDA, SCL", "button", "driven first", "hw/")


def row(name: str) -> tuple[str, ...]:
    """The cells of one board. A letter behind a fact says where it is from."""
    board, origin = boards.constants(name), {key: text[:1] for key, text in boards.origins(name).items()}

    def told(key: str, text: str) -> str:
        return text if origin[key] == "-" else f"{text} ({origin[key]})"

    imu = told("IMU_ADDRESS", f"{boards.IMU_NAMES[board['IMU']]} 0x{board['IMU_ADDRESS']:02x}")
    motor = f"pin {board['MOTOR_PIN']}" if board["MOTOR"] == "pwm" else f"DRV2605L 0x{board['HAPTIC_ADDRESS']:02x}"
    gauge = "nobody"
    if board["GAUGE"] == "adc":
        gauge = told("GAUGE_PIN", f"pin {board['GAUGE_PIN']}, times {board['GAUGE_PARTS']}")
    elif board["GAUGE"] == "max17048":
        gauge = told("GAUGE_ADDRESS", f"MAX17048 0x{board['GAUGE_ADDRESS']:02x}")
    power = ", ".join(f"{pin} {'high' if level else 'low'}" for pin, level in board["POWER_PINS"]) or "nothing"
    return (
        f"`{name}`",
        board["TITLE"],
        imu,
        told("MOTOR_PIN" if board["MOTOR"] == "pwm" else "HAPTIC_ADDRESS", motor),
        gauge,
        told("SDA", f"{board['SDA']}, {board['SCL']}"),
        told("BUTTON", f"{board['BUTTON']}"),
        told("POWER_PINS", power),
        board["BUILD"] or "none yet",
    )


def table() -> str:
    """All boards, as Markdown."""
    rows = [_COLUMNS, tuple("---" for _ in _COLUMNS), *(row(name) for name in known_boards())]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in rows)


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
