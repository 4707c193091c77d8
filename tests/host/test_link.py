"""Who is at the other end of a port: the app, a prompt, nobody, a stranger; and what the app may not say."""

import json
import time

import pytest
from scripted import STATUS, ScriptedPort, answer

from retrowalk.contact import link as link_module
from retrowalk.contact.link import Link, Speaker, require_app, require_idle
from retrowalk.contact.status import NotAnAnswer, parse_answer, parse_status
from retrowalk.errors import BusyError, NoDeviceError


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """Wait less than for a real board, which erases flash and starts up."""
    monkeypatch.setattr(link_module, "ANSWER_S", 0.3)
    monkeypatch.setattr(link_module, "PATIENCE_S", 0.4)


def app(line: bytes) -> bytes:
    return answer() if b"rw status\n" in line else b""


def prompt(data: bytes) -> bytes:
    if b"\x03" in data:
        return b"\r\n>>> "
    return data.replace(b"\n", b"")  # the REPL echoes and waits for a carriage return


def test_the_app_answers_within_a_second():
    with ScriptedPort(app) as port, Link(port.path) as link:
        began_s = time.monotonic()
        status = link.status()
        assert time.monotonic() - began_s < 0.3
    assert (status.device_id, status.state, status.steps) == ("0123456789ab", "idle", None)
    assert b"\x03" not in port.heard, "a running app is never interrupted"


def test_noise_around_the_answer_is_tolerated():
    noise = b"\x00\xffrw status\r\n>>> RW {not json\r\nRW {}\r\n>>> "
    with ScriptedPort(lambda _: noise + answer(steps=7)) as port, Link(port.path) as link:
        assert link.status().steps == 7


def test_an_error_answer_to_noise_is_skipped():
    with ScriptedPort(lambda _: b'RW {"error":"what?"}\r\n' + answer()) as port, Link(port.path) as link:
        assert link.identify().speaker is Speaker.APP


def test_silence_is_no_device_and_gets_a_ctrl_c_only_when_allowed():
    with ScriptedPort() as port, Link(port.path) as link:
        assert link.identify(interrupt=False).speaker is Speaker.NOBODY
        assert b"\x03" not in port.heard
        with pytest.raises(NoDeviceError, match="nothing answers"):
            link.status()
        assert b"\x03" not in port.heard
        assert link.identify().speaker is Speaker.NOBODY
        assert b"\x03" in port.heard


def test_an_app_that_is_slow_to_start_is_waited_for_and_not_broken_off():
    began_s = time.monotonic()

    def starting(line: bytes) -> bytes:
        return app(line) if time.monotonic() > began_s + 1.2 else b""

    with ScriptedPort(starting) as port, Link(port.path) as link:
        assert link.identify().speaker is Speaker.APP
    assert b"\x03" not in port.heard


def test_a_prompt_is_told_from_the_app():
    with ScriptedPort(prompt) as port, Link(port.path) as link:
        assert link.identify().speaker is Speaker.PROMPT
        with pytest.raises(BusyError, match="not the Retrowalk app") as caught:
            link.status()
    assert "retrowalk flash" in caught.value.next_step


def test_a_prompt_hidden_in_a_raw_repl_is_found():
    """A host that was killed leaves the raw REPL: it echoes nothing until Ctrl-B."""
    banner = b"MicroPython v1.29\r\n>>> "
    with ScriptedPort(lambda data: banner if b"\x02" in data else b"") as port, Link(port.path) as link:
        assert link.identify().speaker is Speaker.PROMPT


def test_a_prompt_hidden_in_a_raw_paste_is_found():
    """A host that was killed while it sent code: the window marks of the raw paste come back."""
    with ScriptedPort(lambda data: b"\r\n>>> " if b"\x03" in data else b"\x01\x04") as port, Link(port.path) as link:
        assert link.identify().speaker is Speaker.PROMPT


def test_the_backlog_of_a_killed_transfer_is_waited_out():
    """What the buffers held comes first, for longer than a prompt is waited for; the prompt comes at its end."""
    began_s = time.monotonic()

    def backlog() -> bytes:
        return b"RWF QUFBQQ==\r\n" * 20 if time.monotonic() < began_s + 1.5 else b"\r\n>>> "

    with ScriptedPort(spew=backlog) as port, Link(port.path) as link:
        assert link.identify().speaker is Speaker.PROMPT
    assert time.monotonic() > began_s + 1.5


def test_a_foreign_device_is_refused_and_never_interrupted():
    with ScriptedPort(spew=b"$GPGGA,123519,4807.038,N,01131.000,E,1,08*47\r\n") as port, Link(port.path) as link:
        found = link.identify()
    assert found.speaker is Speaker.STRANGER
    with pytest.raises(BusyError, match="no Retrowalk"):
        require_app(found, port.path)
    assert b"\x03" not in port.heard


def test_endless_garbage_without_a_line_end_is_bounded():
    with ScriptedPort(spew=b"RW {" + b"x" * 2000) as port, Link(port.path) as link:
        began_s = time.monotonic()
        with pytest.raises(BusyError):
            link.status()
        assert time.monotonic() - began_s < 4


def test_a_refusal_carries_the_reason_without_its_control_characters():
    refusal = b'RW {"error":"not \\u001b[31mnow\\n"}\r\n'
    with (
        ScriptedPort(lambda _: refusal) as port,
        Link(port.path) as link,
        pytest.raises(BusyError, match=r"refused `start`: not \[31mnow\."),
    ):
        link.command("start")


def test_a_device_that_vanishes_is_gone():
    port = ScriptedPort(app)
    with port:
        link = Link(port.path)
        link.status()
    with pytest.raises(NoDeviceError, match="gone away"):
        link.status()
    link.close()


@pytest.mark.parametrize(
    ("state", "words"),
    [("recording", "recording session 12"), ("calibrating", "calibrating"), ("countdown", "about to start")],
)
def test_a_busy_device_is_left_alone(state: str, words: str):
    with pytest.raises(BusyError, match=words):
        require_idle(parse_status({**STATUS, "state": state, "session": 12}))


@pytest.mark.parametrize(
    "text",
    [
        b"", b"[]", b"{", b"\xff{}", b'{"a":NaN}', b'{"a":1e', b"[" * 3000, b'{"a":"' + b"x" * 5000 + b'"}', b"null",
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(text: bytes):
    with pytest.raises(NotAnAnswer):
        parse_answer(text)


@pytest.mark.parametrize(
    "changes",
    [{"app": "other"}, {"device_id": "../../etc"}, {"device_id": 5}, {"state": "flying"}, {"state": ["idle"]}],
)
def test_a_status_of_the_wrong_shape_is_refused(changes: dict):
    with pytest.raises(NotAnAnswer):
        parse_status({**STATUS, **changes})


def test_wrong_types_and_control_characters_do_not_get_through():
    told = json.loads(json.dumps(STATUS))
    told.update(name="Ann\x1b]0;owned\x07", steps=-5, battery_mv="full", flash_free_kb=True, faults={"a\n": 3, "b": []})
    status = parse_status(told)
    assert status.name == "Ann ]0;owned"
    assert (status.steps, status.battery_mv, status.flash_free_kb) == (None, None, None)
    assert status.faults == {"a": 3}
