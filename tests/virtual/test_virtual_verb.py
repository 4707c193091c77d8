"""`retrowalk virtual` as a user runs it."""

import json
import signal
import subprocess
import sys

import pytest

from retrowalk.contact.ports import runtime_registry
from retrowalk.wearer.cast import names

COMMAND = [sys.executable, "-m", "retrowalk", "virtual"]
MPREMOTE = [sys.executable, "-m", "mpremote"]


def test_it_prints_the_port_registers_and_ends_cleanly(tmp_path):
    link = tmp_path / "walker"
    for ending in (signal.SIGINT, signal.SIGTERM):
        command = [*COMMAND, "--link", link, "--flash", tmp_path / "flash.bin", "--empty"]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert running.stdout is not None
            assert running.stdout.readline() == f"{link}\n"
            entry = runtime_registry() / f"{running.pid}-1.json"
            assert json.loads(entry.read_text())["link"] == str(link)
            listed = subprocess.run(
                [*MPREMOTE, "connect", link, "fs", "ls"], capture_output=True, text=True, timeout=30
            )
            assert "boot.py" in listed.stdout
            running.send_signal(ending)
            assert running.wait(10) == 0
        finally:
            running.kill()
            running.communicate()
        assert not entry.exists()
        assert not link.is_symlink()


@pytest.mark.parametrize(("name", "mount"), [("stand", "waist"), ("static", "ankle")])
def test_a_model_walks_and_the_session_is_there(tmp_path, name, mount):
    flash = tmp_path / "flash.bin"
    command = [*COMMAND, "--link", tmp_path / "w", "--flash", flash, "--walk", f"model:{name}"]
    command += ["--mount", mount, "--speed", "0"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert running.stderr is not None
        lines = [running.stderr.readline() for _ in range(4)]
        assert "sync" in lines[-1]
        listed = subprocess.run(
            [*MPREMOTE, "connect", tmp_path / "w", "fs", "ls", ":sessions"], capture_output=True, text=True, timeout=30
        )
        assert "s00001" in listed.stdout
    finally:
        running.terminate()
        running.communicate(timeout=10)
    assert running.returncode == 0


def test_bad_words_are_refused(tmp_path):
    for words, code in (
        (["--board", "toaster"], 2),
        (["--speed", "-1"], 2),
        (["--walk", "model:nobody"], 2),
        (["--walk", str(tmp_path / "absent.csv")], 2),
        (["--walk", "model:steady", "--empty"], 2),
    ):
        ended = subprocess.run([*COMMAND, *words], capture_output=True, text=True, timeout=30)
        assert ended.returncode == code, ended.stderr
        assert "Next:" in ended.stderr
        assert "Traceback" not in ended.stderr


def test_a_model_that_is_not_known_lists_those_that_are():
    ended = subprocess.run([*COMMAND, "--walk", "model:nobody"], capture_output=True, text=True, timeout=30)
    assert all(name in ended.stderr for name in names())
