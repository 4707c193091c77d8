"""The button's four words and the gauge's millivolts."""

from chips.max17048 import MAX17048
from chips.violation import ModelViolation
from wirebench import clock, raises, wires

from drivers.battery import Max17048
from drivers.bus import Bus
from drivers.button import DOUBLE, LONG, NONE, SHORT, Button

# ticks_ms wraps here on the ESP32; half of it would do, but a press across the wrap is the hard case.
WRAP_MS = 1 << 30


class Finger:
    """A pin that follows a list of (from_ms, to_ms) presses."""

    IRQ_FALLING = 2
    IRQ_RISING = 1

    def __init__(self, presses, pressed_level):
        self.now_ms = 0
        self.handler = None
        self._presses = presses
        self._pressed_level = pressed_level

    def value(self):
        for from_ms, to_ms in self._presses:
            if from_ms <= self.now_ms < to_ms:
                return self._pressed_level
        return 1 - self._pressed_level

    def irq(self, handler, trigger):
        assert trigger == self.IRQ_RISING | self.IRQ_FALLING
        self.handler = handler

    def move_to(self, now_ms, is_stalled):
        """Time passes: an interrupt at each change of the level; a stall keeps one of them, and till its end."""
        edges = sorted(ms for press in self._presses for ms in press if self.now_ms < ms <= now_ms)
        for edge_ms in edges[:1] if is_stalled else edges:
            self.now_ms = now_ms if is_stalled else edge_ms
            self.handler(self)
        self.now_ms = now_ms


def play(presses, until_ms=4000, poll_ms=20, pressed_level=0, offset_ms=0, stall_ms=None, is_prompt=False, told=None):
    """[(ms, word)] of everything the button says."""
    finger = Finger(presses, pressed_level)
    button = Button(finger, pressed_level, lambda: (finger.now_ms + offset_ms) % WRAP_MS)
    button.is_prompt = is_prompt
    said = []
    for now_ms in range(0, until_ms, poll_ms):
        if stall_ms and stall_ms[0] < now_ms < stall_ms[1]:
            continue
        finger.move_to(now_ms, bool(stall_ms) and now_ms - poll_ms < stall_ms[1] <= now_ms)
        word = button.poll((now_ms + offset_ms) % WRAP_MS)
        if word != NONE:
            said.append((now_ms, word))
            if told is not None:
                told.append((button.pressed_ms - offset_ms) % WRAP_MS)
    return said


def words(said):
    return [word for _, word in said]


def case_short():
    said = play([(500, 620)])
    assert words(said) == [SHORT]
    assert 1020 <= said[0][0] <= 1080, said


def case_double():
    said = play([(500, 600), (800, 900)])
    assert words(said) == [DOUBLE]
    assert 820 <= said[0][0] <= 860, said


def case_two_slow_presses_are_two_shorts():
    assert words(play([(500, 600), (1200, 1300)])) == [SHORT, SHORT]


def case_a_second_press_just_inside_the_window_is_double():
    assert words(play([(500, 600), (980, 1080)])) == [DOUBLE]


def case_long_is_told_while_held_and_once():
    said = play([(500, 3500)], 5000)
    assert words(said) == [LONG]
    assert 1700 <= said[0][0] <= 1750, said


def case_a_held_second_press_is_still_one_double():
    assert words(play([(500, 600), (800, 3000)], 5000)) == [DOUBLE]


def case_after_each_word_the_button_is_ready_again():
    said = play([(300, 400), (1500, 1600), (1700, 1800), (2500, 4000), (5000, 5100)], 7000)
    assert words(said) == [SHORT, DOUBLE, LONG, SHORT]


def case_bounce_is_ignored():
    bounces = [(500, 503), (508, 512), (520, 640), (645, 650), (655, 658)]
    for poll_ms in (1, 3, 7, 10):
        assert words(play(bounces, 3000, poll_ms)) == [SHORT], poll_ms


def case_a_spike_is_no_press():
    assert play([(500, 515), (900, 905)], 3000, 5) == []


def case_a_press_inside_a_flash_stall_is_not_lost():
    said = play([(500, 600)], stall_ms=(450, 900))
    assert words(said) == [SHORT], said
    assert said[0][0] >= 1300


def case_a_press_that_a_stall_cuts_short_is_not_lost():
    for last_poll_ms in (500, 520):
        assert words(play([(500, 600)], stall_ms=(last_poll_ms, 700))) == [SHORT], last_poll_ms


def case_a_second_press_inside_a_stall_makes_it_double():
    assert words(play([(500, 600), (760, 860)], stall_ms=(720, 950))) == [DOUBLE]


def case_a_press_that_outlasts_the_stall_counts_once():
    assert words(play([(500, 1000)], stall_ms=(450, 900))) == [SHORT]
    assert words(play([(500, 3000)], stall_ms=(450, 900))) == [LONG]


def case_a_press_between_two_late_polls_is_not_lost():
    for from_ms in range(500, 560, 3):
        assert words(play([(from_ms, from_ms + 100)], poll_ms=55)) == [SHORT], from_ms


def case_active_high_works_too():
    assert words(play([(500, 600)], pressed_level=1)) == [SHORT]


def case_a_button_held_at_boot_says_nothing_until_released():
    said = play([(0, 3000), (4000, 4100)], 6000)
    assert words(said) == [SHORT] and said[0][0] > 4100


def late(presses, stall_ms):
    """As `play`, but the interrupts of the stall all come, in time: the flash has stalled the tasks only."""
    finger = Finger(presses, 0)
    button = Button(finger, 0, lambda: finger.now_ms)
    said = []
    for now_ms in range(0, 4000, 20):
        if stall_ms[0] < now_ms < stall_ms[1]:
            continue
        finger.move_to(now_ms, False)
        word = button.poll(now_ms)
        if word != NONE:
            said.append(word)
    return said


def case_no_phase_of_a_stall_hides_a_press():
    for length_ms in (60, 110, 200, 300, 550):
        for start_ms in range(300, 900, 9):
            stall_ms = (start_ms, start_ms + length_ms)
            assert late([(700, 800)], stall_ms) == [SHORT], stall_ms
            assert words(play([(700, 800)], stall_ms=stall_ms)) == [SHORT], stall_ms


def case_no_phase_of_a_stall_of_150_ms_hides_half_a_double_press():
    for length_ms in (60, 110, 150):
        for start_ms in range(300, 1200, 9):
            stall_ms = (start_ms, start_ms + length_ms)
            assert late([(700, 800), (900, 1000)], stall_ms) == [DOUBLE], stall_ms


def case_the_tick_counter_may_wrap_in_a_press():
    assert words(play([(500, 600)], offset_ms=WRAP_MS - 550)) == [SHORT]
    assert words(play([(500, 3000)], offset_ms=WRAP_MS - 1000)) == [LONG]


def case_a_prompt_button_tells_when_let_go_and_when_it_went_down():
    for from_ms in range(500, 540, 3):
        told = []
        said = play([(from_ms, from_ms + 130)], is_prompt=True, told=told)
        assert words(said) == [SHORT]
        assert from_ms + 130 <= said[0][0] <= from_ms + 200, said
        assert told == [from_ms]


def case_a_prompt_button_knows_no_double_but_the_pain_stop():
    told = []
    assert words(play([(500, 600), (800, 900)], is_prompt=True, told=told)) == [SHORT, SHORT]
    assert told == [500, 800]
    assert words(play([(500, 2500)], is_prompt=True)) == [LONG]


def case_the_moment_of_going_down_is_told_for_each_word():
    told = []
    said = play([(300, 400), (1500, 1600), (1700, 1800), (2500, 4000), (5000, 5100)], 7000, told=told)
    assert words(said) == [SHORT, DOUBLE, LONG, SHORT]
    assert told == [300, 1500, 2500, 5000]


def case_the_moment_survives_a_late_poll_and_the_wrap_of_the_ticks():
    for poll_ms in (20, 55):
        told = []
        play([(500, 620)], poll_ms=poll_ms, offset_ms=WRAP_MS - 510, is_prompt=True, told=told)
        assert len(told) == 1 and abs(told[0] - 500) <= 2, told


def case_is_down_tells_the_level():
    finger = Finger([(100, 200)], 0)
    button = Button(finger, 0)
    assert not button.is_down()
    finger.now_ms = 150
    assert button.is_down()


def asleep_between_polls(presses, phase_ms, until_ms=4000):
    """[word]: the processor sleeps from poll to poll while nobody touches the button, and hears no edge meanwhile."""
    finger = Finger(presses, 0)
    button = Button(finger, 0, lambda: finger.now_ms)
    said = []
    for now_ms in range(phase_ms, until_ms, 20):
        if button.is_at_rest:
            finger.now_ms = now_ms
        else:
            finger.move_to(now_ms, False)
        said.append(button.poll(now_ms))
    assert button.is_at_rest
    return [word for word in said if word != NONE]


def case_no_phase_of_a_doze_hides_or_changes_a_press():
    for phase_ms in range(20):
        for length_ms in (70, 100, 300, 1000):
            assert asleep_between_polls([(500, 500 + length_ms)], phase_ms) == [SHORT], (phase_ms, length_ms)
        assert asleep_between_polls([(500, 1900)], phase_ms) == [LONG], phase_ms
        for pause_ms in (80, 200, 300):
            second_ms = 600 + pause_ms
            assert asleep_between_polls([(500, 600), (second_ms, second_ms + 100)], phase_ms) == [DOUBLE], phase_ms
        assert asleep_between_polls([(500, 600), (1200, 1300)], phase_ms) == [SHORT, SHORT], phase_ms


def case_it_is_not_at_rest_from_the_first_touch_to_the_word():
    finger = Finger([(500, 600)], 0)
    button = Button(finger, 0, lambda: finger.now_ms)
    for now_ms in range(0, 2000, 20):
        finger.move_to(now_ms, False)
        assert button.is_at_rest == (not 500 <= now_ms < 1000) or now_ms in (980, 1000), now_ms
        button.poll(now_ms)


def case_millivolts_follow_the_cell():
    for cell_mv in (3000, 3700, 3901, 4200):
        wires.chips[0x36] = MAX17048(clock, lambda mv=cell_mv: mv)
        read_mv = Max17048(Bus(0, 4, 3, 400000), 0x36).millivolts()
        assert abs(read_mv - cell_mv) <= 1, (cell_mv, read_mv)


def case_no_gauge_is_none():
    assert Max17048(Bus(0, 4, 3, 400000), 0x36).millivolts() is None


def case_a_gauge_that_has_not_measured_is_none():
    wires.chips[0x36] = MAX17048(clock, lambda: 0)
    assert Max17048(Bus(0, 4, 3, 400000), 0x36).millivolts() is None


def case_the_model_takes_no_writes():
    raises(ModelViolation, MAX17048(clock, lambda: 3900).write, 0x02, b"\x00\x00")
