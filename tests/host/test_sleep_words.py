"""How a device sleeps, as doctor says it."""

import pytest

from retrowalk.contact.sleep_words import sleep_text
from retrowalk.contact.status import parse_status


def status(**more):
    return parse_status({"app": "retrowalk", "device_id": "24ec4a000001", "state": "idle"} | more)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, "this version never sleeps by itself"),
        (
            {"sleeps_after_s": 600, "dozes": True, "woke_by": "button"},
            "deep sleep after 10 min without touch; dozes on battery; awake since its button",
        ),
        (
            {"sleeps_after_s": 20, "dozes": False, "woke_by": "reset"},
            "deep sleep after 20 s without touch; no dozing (this board cannot tell whether a cable is there); "
            "awake since a start or a reset",
        ),
        (
            {"sleeps_after_s": 0, "dozes": True, "woke_by": "\x1b[31mme"},
            "no deep sleep now (cable, walk or calibration); dozes on battery; awake since an unknown moment",
        ),
        ({"sleeps_after_s": "soon"}, "this version never sleeps by itself"),
    ],
)
def test_each_state_in_words(told, words):
    assert sleep_text(status(**told)) == words
