"""Heights and belt speeds as people type them into a plan."""

import pytest

from retrowalk.errors import UsageError
from retrowalk.programme.advance import speed_mps
from retrowalk.programme.height import height_cm


@pytest.mark.parametrize(
    ("text", "cm"),
    [("1.72m", 172), ("172cm", 172), ("5ft8", 173), ("5ft", 152), ("5'8\"", 173), ("5 ft 8 in", 173), ("6ft0", 183)],
)
def test_heights(text, cm):
    assert height_cm(text) == cm


@pytest.mark.parametrize("text", ["", "172", "0.2m", "9ft", "5ft13", "tall", "1.72 km", "nan m"])
def test_heights_that_are_none(text):
    with pytest.raises(UsageError):
        height_cm(text)


@pytest.mark.parametrize(("text", "mps"), [("0.5mph", 0.224), ("1.0 mph", 0.447), ("0.3m/s", 0.3), ("1.5km/h", 0.417)])
def test_belt_speeds(text, mps):
    assert speed_mps(text) == mps


@pytest.mark.parametrize("text", ["0.5", "2mph", "0.1m/s", "fast", ""])
def test_belt_speeds_that_are_none(text):
    with pytest.raises(UsageError):
        speed_mps(text)
