"""Housekeeping: one step at a time, only while it is quiet, and never so that anything else suffers."""

import asyncio

from app.housekeeping import Housekeeping


class Faults:
    def __init__(self):
        self.errors = []

    def write_traceback(self, error):
        self.errors.append(error)


class Anchors:
    kept = 0

    def keep(self):
        self.kept += 1


class Room:
    """Three steps, then nothing is left."""

    def __init__(self, error=None):
        self.steps = 0
        self.runs = 0
        self.measured = 0
        self._error = error

    def measure(self):
        self.measured += 1

    def tidy(self):
        self.runs += 1
        for _ in range(3):
            if self._error:
                raise self._error
            self.steps += 1
            yield "file"


def kept_house(room, is_idle, seconds, disturb=None):
    """Run for so many seconds; disturb(housekeeping, second) once a second. Returns (anchors, faults)."""
    anchors, faults = Anchors(), Faults()
    house = Housekeeping(room, anchors, is_idle, faults)

    async def run():
        task = asyncio.create_task(house.run())
        for second in range(seconds):
            await asyncio.sleep(1)
            if disturb:
                disturb(house, second)
        task.cancel()

    asyncio.run(run())
    return anchors, faults


def case_after_five_quiet_seconds_it_works_step_by_step_and_then_rests():
    room = Room()
    anchors, _ = kept_house(room, lambda: True, 4)
    assert room.runs == 0 and anchors.kept > 3
    kept_house(room, lambda: True, 12)
    assert (room.runs, room.steps) == (1, 3)


def case_a_walk_and_a_host_that_speaks_put_it_off():
    walking = Room()
    anchors, _ = kept_house(walking, lambda: False, 8)
    assert walking.runs == 0 and anchors.kept == 0
    asked = Room()
    kept_house(asked, lambda: True, 8, lambda house, second: house.postpone())
    assert asked.runs == 0


def case_what_goes_wrong_is_written_down_and_tried_again_at_the_next_occasion():
    room = Room(ValueError("x"))
    _, faults = kept_house(room, lambda: True, 9)
    assert room.runs == 1 and len(faults.errors) == 1
    _, faults = kept_house(room, lambda: True, 14, lambda house, second: house.postpone() if second == 7 else None)
    assert len(faults.errors) == 2
