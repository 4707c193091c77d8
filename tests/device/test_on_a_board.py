"""What must hold on any board: on the virtual one always, on yours with `make test DEVICE=/dev/tty...`.

Never tried on silicon. Nothing of yours is deleted; the app is brought to this checkout's version, settings are put
back, and the motor plays the hello once.
"""

import subprocess
import sys

import pytest

from retrowalk.contact.link import Link

pytestmark = pytest.mark.slow


def test_flash_brings_the_app_and_the_second_time_changes_nothing(board):
    board.run("flash", "--yes")
    said, talk = board.run("flash", "--yes")
    assert "nothing to change" in said
    assert "Nothing has changed" in talk


def test_the_chip_says_who_it_is_to_esptool_and_the_app_runs_on(board):
    if board.has_modem_lines():  # else nothing can pull the chip into its loader: see tests/flashing
        esptool = [sys.executable, "-m", "esptool", "--port", board.port, "flash-id"]
        told = subprocess.run(esptool, capture_output=True, text=True, timeout=60)
        assert "Detected flash size" in told.stdout
    said, _ = board.run("flash", "--dry-run")
    assert "left as it is" in said
    assert board.status().state == "idle"


def test_the_app_answers_takes_the_time_and_plays_the_hello(board):
    assert board.status().state == "idle"
    with Link(board.port) as link:
        link.set_time()
        link.command("hello")
    assert "motor_absent" not in (board.status().faults or {})


def test_the_doctor_finds_the_chips(board):
    told = board.json("doctor")
    levels = {each["name"]: each["level"] for each in told["findings"]}
    assert levels["motion sensor"] == levels["motor driver"] == "ok"


def test_settings_are_changed_and_put_back(board, tmp_path):
    kept = tmp_path / "kept.json"
    board.run("config", "export", kept)
    board.run("config", "set", "lean_cue_deg=7", "lean_clear_deg=4")
    with Link(board.port) as link:
        assert link.ask("settings")["settings"]["lean_cue_cdeg"] == 700
    board.run("config", "import", kept, "--yes")


def test_two_syncs_bring_the_same_and_delete_nothing(board):
    before = board.listing()
    first = board.json("sync")
    assert board.json("sync")["sessions"] == [{**each, "new_files": 0} for each in first["sessions"]]
    assert board.listing() == before


def test_a_broken_sensor_is_told(board):
    board.needs_bench().fault("imu_absent")
    board.run("flash", "--self-test", "--yes", expect=1)
