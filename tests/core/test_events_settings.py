"""The event queue and the table of settings."""

import pytest

from retrogait import events as ev
from retrogait.events import EventQueue
from retrogait.settings import SCHEMA, Settings, SettingsError


def test_queue_keeps_order_and_refuses_what_does_not_fit():
    queue = EventQueue(capacity=3)
    for index in range(5):
        queue.add(index, ev.STEP, index * 10, -index)
    assert (queue.waiting, queue.dropped) == (3, 2)
    out = []
    while queue.take():
        out.append((queue.index, queue.kind, queue.value_a, queue.value_b))
    assert out == [(0, 1, 0, 0), (1, 1, 10, -1), (2, 1, 20, -2)]
    queue.add(9, ev.MARK)
    assert queue.take() and (queue.index, queue.kind) == (9, ev.MARK)
    assert not queue.take()


def test_names_fit_the_codes_of_the_contract():
    assert ev.KIND_NAMES[ev.GOOD_AGAIN] == "good_again"
    assert ev.KIND_NAMES[ev.GAP] == "gap"
    assert ev.STATE_NAMES[ev.TURNING] == "turn"
    assert ev.FAULT_NAMES[ev.WRONG_WAY] == "wrong_way"
    assert len(ev.KIND_NAMES) == ev.CLIP_MOVED + 1
    assert len(ev.FAULT_NAMES) == ev.STUMBLED + 1


def test_defaults_are_in_range_and_consistent():
    settings = Settings()
    for name, (default, low, high, unit) in SCHEMA.items():
        assert low <= default <= high, name
        assert unit
        assert getattr(settings, name) == default
    assert settings.as_dict() == {name: row[0] for name, row in SCHEMA.items()}


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"lean_cue_cdeg": 99999}, "200 to 3000"),
        ({"lean_cue_cdeg": 7.5}, "whole number"),
        ({"lean_cue_cdeg": True}, "whole number"),
        ({"colour": 1}, "no setting"),
        ({"lean_clear_cdeg": 900}, "below"),
        ({"cadence_limit_spm": 60}, "below"),
        ({"end_after_still_s": 3}, "at least 10"),
        ({"cue_longest_ms": 500}, "13 times"),
    ],
)
def test_bad_settings_are_refused_with_the_reason(changes, word):
    with pytest.raises(SettingsError, match=word):
        Settings(changes)
