"""The guard of the motor: whatever is asked, no minute gets more than its share and no run is too long."""

from drivers.motor_guard import AFTER_RESET_MS, BUDGET_MS, LONGEST_MS, REST_MS, MotorGuard

MINUTE_MS = 60000
ALLOWED_MS = 18000
LONGEST_RUN_MS = 2000
WRAP_MS = 1 << 30


class Dice:
    """Numbers that look random and are the same each time."""

    def __init__(self, seed):
        self._state = seed

    def below(self, n):
        self._state = (self._state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self._state >> 8) % n


class Motor:
    """A motor behind a guard, as the world sees it: the runs (from_ms, to_ms) on a clock that never wraps."""

    def __init__(self, offset_ms=0):
        self.now_ms = 0
        self.runs = []
        self._offset_ms = offset_ms
        self.guard = MotorGuard(self.ticks())

    def ticks(self):
        return (self.now_ms + self._offset_ms) % WRAP_MS

    def start(self, run_ms):
        """Ask; the chip then plays `run_ms` unless it is ended."""
        granted = self.guard.ask(self.ticks(), run_ms)
        if granted:
            self.runs.append([self.now_ms, self.now_ms + run_ms])
        return granted

    def stop(self):
        """The chip obeys."""
        self.guard.ended(self.ticks())
        if self.runs and self.runs[-1][1] > self.now_ms:
            self.runs[-1][1] = self.now_ms

    def check(self):
        """No run too long, also with the runs that touch; no minute over its share."""
        at = 0
        for i in range(len(self.runs)):
            began_ms, ended_ms = self.runs[i]
            assert ended_ms - began_ms <= LONGEST_RUN_MS
            if i:
                assert began_ms - self.runs[i - 1][1] >= REST_MS, (i, self.runs[i - 1], self.runs[i])
            # The minutes that matter end where a run ends, or begin where one begins: both are looked at.
            while self.runs[at][1] <= ended_ms - MINUTE_MS:
                at += 1
            on_ms = sum([run[1] - max(run[0], ended_ms - MINUTE_MS) for run in self.runs[at : i + 1]])
            assert on_ms <= ALLOWED_MS, (ended_ms, on_ms)


def ask_at_random(seed, n_calls, offset_ms, most_pause_ms, stops_percent):
    dice = Dice(seed)
    motor = Motor(offset_ms)
    for _ in range(n_calls):
        motor.start(dice.below(LONGEST_MS + 300) - 100)
        motor.now_ms += dice.below(most_pause_ms)
        if dice.below(100) < stops_percent:
            motor.stop()
            motor.now_ms += dice.below(most_pause_ms)
    motor.check()
    return motor


def case_ten_thousand_random_calls_for_each_habit():
    for seed, (most_pause_ms, stops_percent) in enumerate(
        ((2, 100), (50, 0), (50, 50), (200, 100), (1000, 50), (1500, 100), (3000, 0), (20000, 50), (90000, 50))
    ):
        motor = ask_at_random(seed + 1, 10000, 0, most_pause_ms, stops_percent)
        assert len(motor.runs) > 5
        if most_pause_ms < 3000:
            assert motor.guard.refused > 100, "the trial must press against the limits"


def case_across_the_wrap_of_the_ticks():
    for offset_ms in (WRAP_MS - 1, WRAP_MS - 500, WRAP_MS - 30000, WRAP_MS - 61000, WRAP_MS // 2):
        for most_pause_ms in (100, 1500):
            ask_at_random(7, 3000, offset_ms, most_pause_ms, 70)


def case_the_whole_budget_comes_back_after_a_minute():
    motor = Motor()
    for _ in range(3):
        motor.now_ms += 64000
        begun_ms = motor.now_ms
        played = 0
        while motor.start(500):
            motor.now_ms += 500 + REST_MS
            played += 500
        assert BUDGET_MS - 500 < played <= BUDGET_MS
        assert motor.now_ms - begun_ms < 20000
    motor.check()


def case_what_was_not_used_is_given_back_and_only_that():
    motor = Motor()
    motor.now_ms = 64000
    for _ in range(100):
        # Charged 750 each time; 100 of it is used.
        assert motor.start(750)
        motor.now_ms += 100
        motor.stop()
        motor.now_ms += 100
    # Nobody confirms the end any more: the bus is lost.
    granted = 0
    while motor.start(750):
        granted += 1
        motor.now_ms += 900
    assert 0 < granted <= 2
    motor.check()


def case_after_a_reset_less_is_granted_so_that_both_minutes_together_keep_the_share():
    for offset_ms in (0, WRAP_MS - 10000):
        motor = Motor(offset_ms)
        motor.now_ms = 64000
        for start_ms in (0, 7, 999):
            motor.now_ms += 64000 + start_ms
            while motor.start(1000):
                motor.now_ms += 1000 + REST_MS
            # The processor is reset: nobody remembers.
            motor.guard = MotorGuard(motor.ticks())
            before = len(motor.runs)
            motor.now_ms += REST_MS
            while motor.start(1000):
                motor.now_ms += 1000 + REST_MS
            assert sum([run[1] - run[0] for run in motor.runs[before:]]) <= AFTER_RESET_MS
        motor.check()


def case_a_clock_that_goes_back_gives_nothing_away():
    dice = Dice(11)
    guard = MotorGuard(5000)
    guard.ask(5000, 100)
    total = 0
    now_ms = 5000
    for _ in range(5000):
        now_ms = max(0, now_ms - dice.below(3000))
        if guard.ask(now_ms, 1000):
            total += 1000
        now_ms += dice.below(1000)
    assert total <= BUDGET_MS


def case_days_without_a_pulse_change_nothing():
    for days_ms in (86400000, WRAP_MS // 2 + 5, WRAP_MS - 5, WRAP_MS + 5):
        motor = Motor()
        while motor.start(700):
            motor.now_ms += 800
        motor.now_ms += days_ms
        for _ in range(200):
            motor.start(700)
            motor.now_ms += 400
        motor.check()
        # At the latest a minute later it works again.
        motor.now_ms += 70000
        motor.start(700)
        motor.now_ms += 70000
        assert motor.start(700)


def case_nonsense_is_refused_and_counted():
    guard = MotorGuard(0)
    for run_ms in (0, -5, LONGEST_MS + 1, 1 << 40):
        assert not guard.ask(100, run_ms)
    assert guard.refused == 4
