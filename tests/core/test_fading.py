"""Fading: which share of the cues a session gives, and how success and failure move it."""

import pytest

from retrogait.fading import FADED, FAMILIARISATION, FULL, RETENTION, SHARES, Fading, counts, succeeded
from retrogait.settings import Settings


def run(results, start=None, **changes):
    """The (coaching, share) of each session, for sessions that succeed ("+") or fail ("-"), and the state after."""
    settings = Settings(changes)
    state = start or Fading(1)
    said = []
    for result in results:
        coaching = state.coaching(settings)
        said.append((coaching, state.share_percent(settings)))
        state.after(coaching, settings.fade_cues, result == "+")
    return said, state


def test_the_first_sessions_are_for_getting_used_to_it_and_move_nothing():
    said, state = run("++-", Fading(), first_sessions=3)
    assert said == [(FAMILIARISATION, 0)] * 3
    assert (state.sessions, state.level, state.successes) == (3, 0, 0)
    assert run("+", state, first_sessions=3)[0] == [(FULL, 100)]


def test_two_successes_in_a_row_fade_and_a_failure_goes_one_back():
    said, state = run("+-++" + "+-", Fading(10))
    assert [share for _, share in said] == [100, 100, 100, 100, 67, 67]
    assert (state.level, state.successes) == (0, 0)
    assert [coaching for coaching, _ in said] == [FULL] * 4 + [FADED] * 2


def test_steady_success_ends_without_cues_and_stays_there():
    said, state = run("+" * 20, Fading(20))
    assert [share for _, share in said[:4]] == [100, 100, 67, 67]
    assert said[-2][1] == said[-1][1] == 0
    assert state.level == 3


@pytest.mark.parametrize("level", [2, 3])
def test_every_fifth_session_is_a_retention_check_once_cues_are_rare(level):
    said, state = run("-", Fading(24, level))
    assert said == [(RETENTION, 0)]
    assert state.level == level - 1, "its failure goes a level back"
    for sessions in (20, 21, 22, 23, 25):
        assert run("", Fading(sessions, level))[1].coaching(Settings()) == FADED


@pytest.mark.parametrize("level", [0, 1])
def test_there_is_no_retention_check_while_cues_are_common(level):
    assert Fading(24, level).coaching(Settings()) != RETENTION


def test_pinned_by_the_user_nothing_fades():
    said, state = run("++++-", Fading(4), fade_cues=0, cue_share_percent=40)
    assert said == [(FADED, 40)] * 5
    assert (state.sessions, state.level) == (9, 0)
    assert run("+", Fading(4, 3), fade_cues=0)[0] == [(FULL, 100)]


def test_every_level_is_reached_from_any_state_and_none_is_left():
    for level in range(-2, 7):
        for successes in range(-1, 4):
            state = Fading(9, level, successes)
            assert 0 <= state.level < len(SHARES)
            for result in "+-+++-----":
                state.after(FADED, 1, result == "+")
                assert 0 <= state.level < len(SHARES) and 0 <= state.successes <= 1


@pytest.mark.parametrize(
    ("exercise_s", "reached_goal", "due_cues", "had_trouble", "success"),
    [
        (120, False, 2, False, True),
        (119, False, 0, False, False),
        (120, False, 3, False, False),
        (30, True, 0, False, True),
        (30, True, 1, False, False),
        (600, True, 10, False, True),
        (600, True, 0, True, False),
    ],
)
def test_what_a_success_is(exercise_s, reached_goal, due_cues, had_trouble, success):
    assert succeeded(exercise_s, reached_goal, due_cues, had_trouble) is success


def test_a_session_of_seconds_says_nothing():
    assert not counts(59, False)
    assert counts(60, False)
    assert counts(5, True)
