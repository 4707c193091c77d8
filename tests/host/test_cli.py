"""The command line as a stranger meets it: help, exit codes, one sentence and a next action, no traceback."""

import importlib
import re
import subprocess
import sys
import types

import pytest
from scripted import ScriptedPort, answer

from retrowalk import cli, errors
from retrowalk.contact import ports

VERBS = (
    "devices", "doctor", "flash", "calibrate", "config", "sync", "sessions", "verify", "plot", "analyze", "plan",
    "walktest", "virtual",
)  # fmt: skip


def retrowalk(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "retrowalk", *words], capture_output=True, text=True, timeout=60)


@pytest.fixture
def verb(monkeypatch):
    """Make `retrowalk devices` run the function given, as if it were the verb."""

    def replace(run):
        module = types.SimpleNamespace(__doc__="x", add_arguments=lambda parser: None, run=run)
        monkeypatch.setattr(importlib, "import_module", lambda _name: module)

    return replace


def test_the_exit_codes_are_those_of_the_contract():
    kinds = (errors.FailedError, errors.UsageError, errors.NoDeviceError, errors.BusyError, errors.DamagedError)
    assert [kind.exit_code for kind in kinds] == [1, 2, 3, 4, 5]
    assert str(errors.FailedError("It failed.", "try again.")) == "It failed.\nNext: try again."


def test_top_help_lists_every_verb_and_loads_none(capsys):
    code = (
        "import sys; from retrowalk import cli; cli.main(['--help']); print([m for m in sys.modules if 'numpy' in m])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    for name in VERBS:
        assert f"  {name} " in told
    assert told.rstrip().endswith("[]"), "no heavy library is loaded for help"


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_has_help(name, capsys):
    assert cli.main([name, "--help"]) == 0
    told = capsys.readouterr().out
    assert f"retrowalk {name}" in told
    assert "--debug" in told
    assert len(told.splitlines()) > 5


def test_no_verb_is_a_usage_error_that_shows_the_help(capsys):
    assert cli.main([]) == 2
    assert "usage: retrowalk VERB" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["snyc"], "did you mean `retrowalk sync`"),
        (["frobnicate"], "`retrowalk --help`"),
        (["--port", "x"], "put the verb first"),
        (["calibrate", "nose"], "see `retrowalk calibrate --help`"),
        (["sync", "--frob"], "see `retrowalk sync --help`"),
        (["sync", "--port"], "see `retrowalk sync --help`"),
    ],
)
def test_usage_errors_exit_2_with_the_next_action(words, said, capsys):
    assert cli.main(words) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (errors.BusyError("It is recording.", "wait."), 4, "It is recording.\nNext: wait.\n"),
        (errors.DamagedError("A block is corrupt.", "plot it."), 5, "A block is corrupt."),
        (KeyboardInterrupt(), 1, "Nothing is lost"),
        (ValueError("odd\nthing"), 1, "ValueError: odd thing"),
    ],
)
def test_every_outcome_becomes_its_exit_code(verb, raised, code, said, capsys):
    def run(_args):
        raise raised

    verb(run)
    assert cli.main(["devices"]) == code
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert cli.main(["devices", "--debug"]) == code
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_leaves_is_no_error_message():
    with subprocess.Popen(
        [sys.executable, "-m", "retrowalk", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 1


def test_the_module_runs_as_a_command():
    told = retrowalk("--version")
    assert told.returncode == 0
    assert told.stdout.startswith("retrowalk 0.")


def test_no_device_exits_3(monkeypatch, capsys):
    monkeypatch.setattr(ports, "find_ports", list)
    assert cli.main(["sync"]) == 3
    assert "No device is connected." in capsys.readouterr().err


def test_a_recording_device_is_refused_with_4_and_left_alone(tmp_path, capsys):
    with ScriptedPort(lambda _: answer(state="recording", session=12)) as port:
        for words in (["sync", "--archive", str(tmp_path)], ["flash"], ["calibrate", "waist"]):
            assert cli.main([*words, "--port", port.path]) == 4
            assert "recording session 12" in capsys.readouterr().err
        is_hello = re.compile(rb"rwf [0-9]+ hello [0-9a-f]{8}|").fullmatch  # on a bad line with empty ones between
        asked = {line for line in port.heard.split(b"\n") if not is_hello(line)}
        assert asked == {b"rw status"}, "only asked, never interrupted"


def test_flash_refuses_what_never_gives_a_prompt(capsys):
    with ScriptedPort(spew=b"$GPGGA,123519,4807.038,N\r\n") as port:
        assert cli.main(["flash", "--board", "virtual", "--port", port.path]) == 4
    assert "is no Retrowalk" in capsys.readouterr().err


def test_a_silent_port_exits_3_and_a_busy_one_4(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("retrowalk.contact.link.PATIENCE_S", 0.4)
    with ScriptedPort() as port:
        assert cli.main(["sync", "--archive", str(tmp_path), "--port", port.path]) == 3
        with ports.open_serial(port.path):
            assert cli.main(["sync", "--archive", str(tmp_path), "--port", port.path]) == 4
    told = capsys.readouterr().err
    assert "nothing answers" in told
    assert "in use by another program" in told


def test_doctor_asks_a_recording_device_and_does_not_enter_it(tmp_path, capsys):
    with ScriptedPort(lambda _: answer(state="recording", session=12, calibrated=True, faults={"bus": 2})) as port:
        assert cli.main(["doctor", "--archive", str(tmp_path), "--port", port.path]) == 0
        assert set(port.heard.splitlines()) == {b"rw status"}
    told = capsys.readouterr().out
    assert "warn  faults         bus 2" in told
    assert "the device is recording" in told


def test_doctor_without_a_device_tells_of_the_computer_and_exits_3(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(ports, "find_ports", list)
    assert cli.main(["doctor", "--archive", str(tmp_path / "new")]) == 3
    told = capsys.readouterr()
    assert "ok    mpremote" in told.out
    assert "No device is connected." in told.err
