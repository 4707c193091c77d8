"""What each board's file says of sleep can be done on its chip."""

import pytest

from retrowalk import boards
from retrowalk.deploying.tree import known_boards


@pytest.mark.parametrize("name", known_boards())
def test_sleep_pins_cover_the_supplies_and_what_wakes_rises(name):
    board = boards.constants(name)
    assert {pin for pin, _ in board["SLEEP_PINS"]} == {pin for pin, _ in board["POWER_PINS"]}
    sense = board["USB_SENSE"]
    assert sense is None or (len(sense) == 2 and sense[1] == 1)
    ends = [pin for pin in (board["IMU_INT1"], sense and sense[0]) if pin is not None]
    taken = [board[key] for key in ("SDA", "SCL", "BUTTON", "LED")] + [pin for pin, _ in board["POWER_PINS"]]
    assert len({*ends, *taken}) == len(ends) + len({*taken}), "a pin has two jobs"
