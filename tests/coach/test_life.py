"""The table of a session's life, and that its picture shows it."""

from retrogait import life
from retrogait.life import TABLE, Life

RECORDING = range(life.COUNTDOWN, life.TEST_WALK + 1)


def reached(start):
    """All states that can follow from `start`."""
    seen, todo = set(), [start]
    while todo:
        state = todo.pop()
        if state not in seen:
            seen.add(state)
            todo += [row[2] for row in TABLE if row[0] == state and row[2] != life.BACK]
    return seen


def test_every_pair_of_state_and_input_stands_once():
    pairs = [row[:2] for row in TABLE]
    assert len(set(pairs)) == len(pairs)


def test_every_state_can_be_reached_and_left_for_idle():
    assert reached(life.IDLE) == set(range(len(life.STATE_NAMES)))
    for state in range(len(life.STATE_NAMES)):
        assert life.IDLE in reached(state)


def test_pain_and_trouble_end_every_session_at_once():
    for state in RECORDING:
        for happened in (life.LONG, life.TROUBLE):
            alive = Life(state)
            assert alive.on(happened) and alive.state == life.IDLE, (state, happened)


def test_a_short_press_does_something_in_every_state_but_calibrating():
    for state in (life.IDLE, *RECORDING):
        assert Life(state).on(life.SHORT), life.STATE_NAMES[state]
    assert not Life(life.CALIBRATING).on(life.SHORT)


def test_a_double_press_never_ends_a_session():
    for state in RECORDING:
        assert not Life(state).on(life.DOUBLE)


def test_a_pause_goes_back_to_where_it_came_from():
    for state in (life.WARM_UP, life.EXERCISE, life.COOL_DOWN):
        alive = Life(state)
        assert alive.on(life.STILL) and alive.state == life.PAUSED
        assert not alive.on(life.STILL)
        assert alive.on(life.MOVING) and alive.state == state


def test_what_the_table_does_not_name_changes_nothing():
    named = {row[:2] for row in TABLE}
    for state in range(len(life.STATE_NAMES)):
        for happened in range(len(life.INPUT_NAMES)):
            alive = Life(state)
            assert alive.on(happened) == ((state, happened) in named)
            assert (alive.state == state) or (state, happened) in named
