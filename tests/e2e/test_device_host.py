"""The verbs that talk to a device, through the real mpremote, against real MicroPython on the virtual board."""

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from retrowalk import cli
from retrowalk.contact import remote
from retrowalk.contact.link import Link, Speaker
from retrowalk.contact.transport import Transport
from retrowalk.deploying import mpy, tree
from retrowalk.deploying.plan import make_plan
from retrowalk.deploying.slots import read_slots
from retrowalk.virtual.device import VirtualDevice

sys.path.insert(0, str(Path(__file__).parent.parent / "host"))
from sessions_made import make_session

pytestmark = pytest.mark.slow

MPREMOTE = [sys.executable, "-m", "mpremote", "connect"]


@pytest.fixture
def bare(tmp_path):
    """Plain MicroPython, as it is after the chip was flashed: its port."""
    with VirtualDevice(tmp_path / "flash.bin", link=tmp_path / "port", is_empty=True, speed=20) as device:
        yield str(device.port)


@pytest.fixture
def clip(tmp_path):
    """A device with the app, idle: its port."""
    with VirtualDevice(tmp_path / "flash.bin", link=tmp_path / "port", speed=20) as device:
        yield str(device.port)


def put(port: str, files: dict[str, bytes]) -> None:
    """Lay files on the device, folders and all."""
    with Transport(port) as device:
        folders = sorted({str(Path(path).parent) for path in files} | {"/sessions"})
        device.run(f"import os\nfor d in {folders!r}:\n try:\n  os.mkdir(d)\n except OSError:\n  pass\n")
        for path, data in files.items():
            device.write_file(path, data)


def walks() -> dict[str, bytes]:
    """Two walks by their path on the device, 170 kB."""
    made = {1: make_session(1, n_blocks=100), 2: make_session(2, n_blocks=50, ended=False)}
    return {f"/sessions/s{n:05d}/{i:04d}.rwl": data for n, files in made.items() for i, data in enumerate(files)}


def stored(archive: Path) -> dict[str, bytes]:
    return {f"/sessions/{path.parent.name}/{path.name}": path.read_bytes() for path in archive.rglob("*.rwl")}


@pytest.mark.long  # tests/device has the same on a board that is there
def test_flash_makes_a_retrowalk_and_the_second_time_changes_nothing(bare, capsys):
    assert cli.main(["sync", "--port", bare]) == 4
    assert "`retrowalk flash` makes it one" in capsys.readouterr().err
    put(bare, {"/sessions/s00001/0000.rwl": b"a walk", "/notes.txt": b"mine"})
    assert cli.main(["flash", "--port", bare]) == 0
    told = capsys.readouterr()
    assert "virtual: " in told.out
    assert "The app runs" in told.err
    assert cli.main(["flash", "--port", bare]) == 0
    assert "nothing to change" in capsys.readouterr().out
    with Transport(bare) as device:
        slots = read_slots(device)
        assert (slots.active, slots.releases["a"].kind) == ("a", "mpy")
        assert make_plan(device, slots, mpy.compile_tree(tree.source_tree()), "virtual").is_empty()
        kept = remote.list_files(device, ["/sessions"])
    assert kept == {"/sessions/s00001/0000.rwl": 6}


def test_a_board_that_lost_files_is_completed(clip, capsys):
    with Transport(clip) as device:
        device.run("import os\nos.remove('/main.py')\nos.remove('/a/app/logbook.py')\n")
    assert cli.main(["flash", "--port", clip, "--source"]) == 0
    told = capsys.readouterr().out
    assert "1 files (" in told
    assert "were there; all" in told
    with Link(clip) as link:
        assert link.status().confirmed is True


def test_another_program_is_replaced_only_when_told_so(bare, capsys, monkeypatch):
    put(bare, {"/main.py": b"print('blink')\n"})
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert cli.main(["flash", "--port", bare]) == 4
    assert "--yes" in capsys.readouterr().err
    with Transport(bare) as device:
        assert set(remote.list_files(device, ["/sessions", "/a", "/b"])) == set()
    assert cli.main(["flash", "--port", bare, "--yes"]) == 0
    assert "kept on the board as /main_before.py" in capsys.readouterr().err


def test_devices_and_doctor_find_nothing_wrong(clip, tmp_path, capsys):
    assert cli.main(["devices", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    mine = [row for row in rows if row["port"] == clip]
    assert [(row["kind"], row["board"], row["state"]) for row in mine] == [("virtual", "virtual", "idle")]
    assert cli.main(["doctor", "--port", clip, "--archive", str(tmp_path / "walks"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    levels = {each["name"]: each["level"] for each in told["findings"]}
    assert told["ok"] is True
    for name in ("port", "app", "app files", "flash", "motion sensor", "motor driver"):
        assert levels[name] == "ok", name
    assert levels["calibration"] == "warn"
    with Link(clip) as link:
        assert link.status().state == "idle", "the app runs again afterwards"


def test_sync_brings_every_byte_and_the_app_runs_again(clip, tmp_path, capsys):
    put(clip, walks())
    archive = tmp_path / "walks"
    assert cli.main(["sync", "--port", clip, "--archive", str(archive), "--prune"]) == 0
    assert stored(archive) == walks()
    with Link(clip) as link:
        assert link.status().state == "idle"
    with Transport(clip) as device:
        left = remote.list_files(device, ["/sessions"])
    assert left == {}, "both walks are verified here, the interrupted one too"


def test_a_killed_sync_leaves_a_device_that_the_next_one_finishes(clip, tmp_path):
    """kill -9 while the device streams a file: it is left in the raw REPL, in the middle of a print."""
    put(clip, walks())
    archive = tmp_path / "walks"
    command = [sys.executable, "-m", "retrowalk", "sync", "--port", clip, "--archive", str(archive)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        deadline_s = time.monotonic() + 20
        while not list(archive.rglob("*.part")) and time.monotonic() < deadline_s:
            time.sleep(0.001)
        running.kill()
    before = stored(archive)
    assert len(before) < len(walks())
    assert subprocess.run(command, capture_output=True, timeout=60).returncode == 0
    assert stored(archive) == walks()
    assert not list(archive.rglob("*.part"))


def test_plain_mpremote_works_beside_us(clip):
    told = subprocess.run([*MPREMOTE, clip, "fs", "ls"], capture_output=True, text=True, timeout=60)
    assert told.returncode == 0, told.stderr
    assert "main.py" in told.stdout
    with Link(clip) as link:  # mpremote leaves the prompt, without the app
        assert link.identify().speaker is Speaker.PROMPT


def test_two_devices_are_listed_and_nothing_is_guessed(tmp_path, capsys):
    with ExitStack() as stack:
        stack.enter_context(VirtualDevice(tmp_path / "a.bin", link=tmp_path / "a", unique_id=b"\x24\xec\x4a\0\0\1"))
        command = [sys.executable, "-m", "retrowalk", "virtual", "--link", str(tmp_path / "b")]
        running = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        stack.callback(running.wait)
        stack.callback(running.terminate)
        assert running.stdout is not None
        running.stdout.readline()
        assert cli.main(["sync"]) == 2
    told = capsys.readouterr().err
    assert str(tmp_path / "a") in told
    assert str(tmp_path / "b") in told


def test_calibrate_by_touch(clip, capsys):
    assert cli.main(["calibrate", "waist", "--port", clip]) == 0
    assert "Calibrated for the waist." in capsys.readouterr().out
    with Link(clip) as link:
        status = link.status()
    assert (status.calibrated, status.mount, status.calibration_ok) == (True, "waist", True)


def test_a_recording_is_never_disturbed_and_is_whole_afterwards(clip, tmp_path, capsys):
    words = ["--port", clip, "--archive", str(tmp_path / "walks")]
    assert cli.main(["calibrate", "waist", "--port", clip]) == 0
    with Link(clip) as link:
        link.command("start")
    for verb in (["sync", *words], ["flash", "--port", clip], ["calibrate", "waist", "--port", clip]):
        assert cli.main(verb) == 4
        assert "is recording session 1" in capsys.readouterr().err
    assert cli.main(["doctor", *words]) == 0
    assert "not looked at" in capsys.readouterr().out
    with Link(clip) as link:
        assert link.status().state == "recording"
        time.sleep(0.5)
        link.command("stop")
    assert cli.main(["sync", *words, "--json"]) == 0
    (session,) = json.loads(capsys.readouterr().out)["sessions"]
    assert (session["state"], session["step_count"]) == ("complete", 0)
    assert session["duration_s"] > 5
    assert abs(session["header"]["utc_s"] - time.time()) < 3600, "the clock was set by the calibrate verb"
    assert cli.main(["sessions", "--archive", str(tmp_path / "walks")]) == 0
    assert "s00001" in capsys.readouterr().out
