"""Old and new firmware against this computer: told on every contact, refused only where commands could be misread."""

import json
import sys
from pathlib import Path

import pytest

import retrogait
from retrowalk.checking.checks import FAIL, OK, WARN, check_status
from retrowalk.contact import compatibility
from retrowalk.contact.link import Link
from retrowalk.contact.status import parse_status
from retrowalk.errors import BusyError

sys.path.insert(0, str(Path(__file__).parent.parent / "host"))
from scripted import ScriptedPort

OLDEST, NEWEST = retrogait.PROTOCOLS
# What firmware 0.2.0 answered, word for word, before there were slots and protocols.
STATUS_0_2 = json.loads(
    '{"state": "idle", "app": "retrowalk", "segment": "idle", "session": null, "steps": 0, "direction": null, '
    '"coaching": "familiarisation", "sessions": 0, "level": 0, "mount": null, "side": null, "calibrated": false, '
    '"clip_moved": false, "flash_free_kb": 1488, "last_calibration": null, "device_id": "24ec4a000001", "name": "", '
    '"board": "virtual", "version": "0.2.0", "battery_mv": 3900, "faults": {}}'
)


def status(version: str, protocol: object = None):
    told = {**STATUS_0_2, "version": version}
    if protocol is not None:
        told["protocol"] = protocol
    return parse_status(told)


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(compatibility, "_told", set())
    monkeypatch.setattr(retrogait, "VERSION", "0.3.0")


SAME = ("0.3.0", [OLDEST, NEWEST])
# name: version, protocol, understood, words
CASES = {
    "0.2": ("0.2.0", None, OLDEST <= 1, "older than this computer's"),
    "older version of the same protocol": ("0.2.9", [OLDEST, NEWEST], True, "older than this computer's"),
    "newer version of the same protocol": ("0.3.1", [OLDEST, NEWEST], True, "newer than this computer's"),
    "newer, still speaks ours": ("0.9.0", [NEWEST, NEWEST + 3], True, "newer than this computer's"),
    "too new": ("1.0.0", [NEWEST + 1, NEWEST + 3], False, "too new for this computer"),
    "nonsense for a version": ("\x1b[2Jx", [OLDEST, NEWEST], True, "older than this computer's"),
}


def test_the_same_version_says_nothing(capsys):
    assert compatibility.difference(status(*SAME)) is None
    compatibility.require_understood(status(*SAME))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("version", "protocol", "understood", "words"), CASES.values(), ids=CASES.keys())
def test_a_difference_is_told_with_what_to_do(version, protocol, understood, words, capsys):
    told = status(version, protocol)
    found = compatibility.difference(told)
    assert found is not None
    assert words in found[0]
    assert ("flash" if "old" in words else "update Retrowalk on this computer") in found[1]
    assert compatibility.is_understood(told) is understood
    if understood:
        compatibility.require_understood(told)
        compatibility.require_understood(told)
        err = capsys.readouterr().err
        assert err.count(words) == 1, "once for each device"
        assert "\x1b" not in err
    else:
        with pytest.raises(BusyError, match="Only its walks can be copied"):
            compatibility.require_understood(told)


def test_a_firmware_too_old_is_told_too(monkeypatch):
    monkeypatch.setattr(retrogait, "PROTOCOLS", (5, 6))
    with pytest.raises(BusyError, match="too old for this computer") as caught:
        compatibility.require_understood(status("0.2.0"))
    assert "retrowalk flash" in caught.value.next_step


@pytest.mark.parametrize(
    "protocol", [None, 3, [], [1], [2, 1], [0, 1], [1, 1 << 40], ["1", "2"], [True, True], {"a": 1}]
)
def test_a_protocol_that_is_none_counts_as_the_first(protocol):
    assert status("0.2.0", protocol).protocols == (1, 1)


def test_commands_are_not_sent_to_a_firmware_too_new():
    told = {**STATUS_0_2, "version": "9.0.0", "protocol": [NEWEST + 1, NEWEST + 1]}
    line = b"RW " + json.dumps(told).encode() + b"\r\n"
    with ScriptedPort(lambda data: line if b"status" in data else b"") as port, Link(port.path) as link:
        assert link.identify(interrupt=False).status is not None, "sync and doctor still see who it is"
        with pytest.raises(BusyError, match="too new"):
            link.status()


@pytest.mark.parametrize(
    ("version", "protocol", "level"),
    [(*SAME, OK), ("0.2.0", None, WARN), ("0.3.1", None, WARN), ("9.0.0", [NEWEST + 1, NEWEST + 1], FAIL)],
)
def test_doctor_tells_it(version, protocol, level):
    (finding,) = [each for each in check_status(status(version, protocol)) if each.name == "app"]
    assert finding.level == level
    assert version in finding.text
    assert bool(finding.next_step) is (level != OK)


def test_doctor_tells_version_content_and_an_update_that_was_given_up():
    failed = {"slot": "b", "why": "crashed", "version": "0.3.1"}
    told = parse_status({**STATUS_0_2, "version": "0.3.0", "content": "0123456789abcdef", "slot": "a",
                         "confirmed": True, "update_failed": failed, "protocol": [OLDEST, NEWEST]})  # fmt: skip
    findings = {each.name: each for each in check_status(told)}
    assert "version 0.3.0 (0123456789abcdef)" in findings["app"].text
    assert findings["update"].level == WARN
    assert "Version 0.3.1, the last update, was given up: its app crashed at the start." in findings["update"].text
    assert "went back to version 0.3.0 (0123456789abcdef), which runs" in findings["update"].text
