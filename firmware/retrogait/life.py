"""The life of a session as a state machine: one table, used by the device's button, by the core and by the replay.

The picture in docs/explanation/session-life.md is drawn from TABLE. Idle and calibrating belong to the app, the rest
to the session (retrogait.course). Codes are written to flash (SEGMENT events): never renumber them.
"""

IDLE = 0
CALIBRATING = 1
COUNTDOWN = 2
WARM_UP = 3
EXERCISE = 4
COOL_DOWN = 5
PAUSED = 6
TEST_READY = 7
TEST_COUNTDOWN = 8
TEST_WALK = 9

STATE_NAMES = (
    "idle", "calibrating", "countdown", "warm_up", "exercise", "cool_down", "paused", "test_ready", "test_countdown",
    "test_walk",
)  # fmt: skip

# What happens. The first three are the button's.
SHORT = 0
DOUBLE = 1
LONG = 2
ELAPSED = 3
GOAL_REACHED = 4
STILL = 5
MOVING = 6
UNSAFE = 7
FORSAKEN = 8
TROUBLE = 9
FITTED = 10
TEST = 11

INPUT_NAMES = (
    "short press", "double press", "long press: pain", "time is up", "goal reached", "still", "walking again",
    "stumble, fall or sudden stop", "still for long", "battery, sensor or flash", "calibration ends", "test asked for",
)  # fmt: skip

BACK = -1
"""As next state: the one that was left for the pause."""

TABLE = (
    (IDLE, SHORT, COUNTDOWN),
    (IDLE, DOUBLE, CALIBRATING),
    (IDLE, TEST, TEST_READY),
    (CALIBRATING, FITTED, IDLE),
    (COUNTDOWN, ELAPSED, WARM_UP),
    (COUNTDOWN, SHORT, IDLE),
    (COUNTDOWN, LONG, IDLE),
    (COUNTDOWN, TROUBLE, IDLE),
    (WARM_UP, ELAPSED, EXERCISE),
    (WARM_UP, STILL, PAUSED),
    (WARM_UP, UNSAFE, PAUSED),
    (WARM_UP, FORSAKEN, IDLE),
    (WARM_UP, SHORT, IDLE),
    (WARM_UP, LONG, IDLE),
    (WARM_UP, TROUBLE, IDLE),
    (EXERCISE, GOAL_REACHED, COOL_DOWN),
    (EXERCISE, STILL, PAUSED),
    (EXERCISE, UNSAFE, PAUSED),
    (EXERCISE, FORSAKEN, IDLE),
    (EXERCISE, SHORT, IDLE),
    (EXERCISE, LONG, IDLE),
    (EXERCISE, TROUBLE, IDLE),
    (COOL_DOWN, ELAPSED, IDLE),
    (COOL_DOWN, STILL, PAUSED),
    (COOL_DOWN, UNSAFE, PAUSED),
    (COOL_DOWN, SHORT, IDLE),
    (COOL_DOWN, LONG, IDLE),
    (COOL_DOWN, TROUBLE, IDLE),
    (PAUSED, MOVING, BACK),
    (PAUSED, FORSAKEN, IDLE),
    (PAUSED, SHORT, IDLE),
    (PAUSED, LONG, IDLE),
    (PAUSED, TROUBLE, IDLE),
    (TEST_READY, SHORT, TEST_COUNTDOWN),
    (TEST_READY, ELAPSED, IDLE),
    (TEST_READY, LONG, IDLE),
    (TEST_READY, TROUBLE, IDLE),
    (TEST_COUNTDOWN, ELAPSED, TEST_WALK),
    (TEST_COUNTDOWN, SHORT, TEST_READY),
    (TEST_COUNTDOWN, LONG, IDLE),
    (TEST_COUNTDOWN, TROUBLE, IDLE),
    (TEST_WALK, SHORT, TEST_READY),
    (TEST_WALK, ELAPSED, TEST_READY),
    (TEST_WALK, LONG, IDLE),
    (TEST_WALK, TROUBLE, IDLE),
)


class Life:
    """`state`, from `start` on. A DOUBLE press outside idle changes nothing: it marks the moment."""

    def __init__(self, start=IDLE):
        self.state = start
        self._before = start

    def on(self, happened):
        """Follow the table; True when the state changed. What the table does not name changes nothing."""
        state = self.state
        for i in range(len(TABLE)):
            row = TABLE[i]
            if row[0] == state and row[1] == happened:
                if row[2] == BACK:
                    self.state = self._before
                else:
                    if row[2] == PAUSED:
                        self._before = state
                    self.state = row[2]
                return True
        return False
