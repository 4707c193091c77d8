"""The keys for the raw REPL may be lost on their way: they are pressed again, and a device that never obeys is told."""

import pytest
from scripted import ScriptedPort, answer

from retrowalk.contact import transport
from retrowalk.contact.transport import Transport
from retrowalk.errors import BusyError


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(transport, "_ENTER_S", 0.4)
    monkeypatch.setattr(transport, "_LEAVE_S", 0.2)


class Deaf:
    """An idle app with a raw REPL that only hears the n-th Ctrl-A."""

    def __init__(self, n_deaf):
        self._n_left = n_deaf
        self._heard = b""

    def reply(self, data):
        self._heard += data
        if b"rw " in self._heard and self._heard.endswith(b"\n"):
            self._heard = b""
            return answer()
        if self._heard.endswith(b"\x05A\x01"):
            return b"R\x00"
        if self._heard.endswith(b"\r\x01"):
            self._n_left -= 1
            return b"raw REPL; CTRL-B to exit\r\n>" if self._n_left < 0 else b""
        return b"OK\x04\x04>" if self._heard.endswith(b"\x04") else b""


def test_keys_that_were_lost_twice_are_pressed_a_third_time():
    with ScriptedPort(Deaf(2).reply) as port:
        with Transport(port.path) as device:
            assert device.run("pass") == []
        assert port.heard.count(b"\r\x01") == 3


def test_a_device_that_never_obeys_is_told_and_let_go():
    with ScriptedPort(Deaf(99).reply) as port:
        with pytest.raises(BusyError, match="gives no MicroPython prompt"), Transport(port.path):
            pass
        assert port.heard.count(b"\r\x01") == 3
