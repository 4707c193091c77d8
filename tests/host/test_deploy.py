"""Deploying the app: only what differs, verified, main.py last, data untouched, nothing done to the wrong board."""

import pytest
from fake_device import FakeDevice

from retrowalk import cli, deploy, flash
from retrowalk.errors import FailedError, UsageError
from retrowalk.status import Status

KEPT = {"/data/settings.json": b"{}", "/sessions/s00001/0000.rwl": b"walk", "/notes.txt": b"mine"}


@pytest.fixture
def device(monkeypatch):
    """A fresh MicroPython with the wearer's data on it; the app answers after the deploy."""
    fake = FakeDevice(KEPT)
    fake.install(monkeypatch, flash)
    monkeypatch.setattr(flash, "wait_for_app", lambda _path: Status("0123456789ab", "idle", version="0.1.0"))
    return fake


def run(*words: str) -> int:
    return cli.main(["flash", "--port", "/dev/fake", *words])


def test_the_tree_is_the_firmware_and_nothing_else():
    tree = deploy.device_tree()
    assert {"/main.py", "/retrogait/engine.py", "/app/logbook.py", "/boards/virtual.py"} <= set(tree)
    assert all(path == "/main.py" or path.split("/")[1] in deploy.FOLDERS for path in tree)
    assert not [path for path in tree if "__pycache__" in path or not path.endswith(".py")]
    assert tree["/main.py"] == (deploy.firmware_folder() / "main.py").read_bytes()


def test_everything_arrives_main_last_and_the_data_stays(device, capsys):
    assert run("--board", "virtual") == 0
    assert device.files == {**KEPT, **deploy.device_tree(), "/board.txt": b"virtual\n"}
    assert device.written[-1] == "/main.py.new"
    assert "files written and verified" in capsys.readouterr().out


def test_the_second_time_changes_nothing_and_says_so(device, capsys):
    run("--board", "virtual")
    device.written.clear()
    device.board = "virtual\n"
    assert run() == 0
    assert device.written == []
    assert "nothing to change" in capsys.readouterr().out


def test_only_what_differs_travels_and_stale_files_of_ours_go(device, capsys):
    run("--board", "virtual")
    device.written.clear()
    device.files["/app/logbook.py"] = b"old"
    device.files["/app/gone.py"] = device.files["/drivers/half.py.new"] = b"stale"
    assert run("--board", "virtual") == 0
    assert device.written == ["/app/logbook.py.new"]
    assert device.files == {**KEPT, **deploy.device_tree(), "/board.txt": b"virtual\n"}
    assert "2 old files removed" in capsys.readouterr().out


def test_a_file_that_arrives_broken_is_not_put_in_place(device, capsys):
    device.sent_wrong["/app/logbook.py.new"] = 1
    assert run("--board", "virtual") == 1
    assert "/app/logbook.py did not arrive intact" in capsys.readouterr().err
    assert "/app/logbook.py" not in device.files
    assert "/main.py" not in device.files, "main.py comes only after all the others"


def test_a_flash_without_room_is_refused_before_anything_is_written(device, capsys):
    device.free_bytes = 100_000
    assert run("--board", "virtual") == 1
    told = capsys.readouterr().err
    assert "97 kB free" in told
    assert "retrowalk sync --prune" in told
    assert device.files == KEPT


def test_another_program_is_replaced_only_when_told_so(device, monkeypatch, capsys):
    device.files["/main.py"] = b"import blink"
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert run("--board", "virtual") == 4
    assert device.files == {**KEPT, "/main.py": b"import blink"}
    assert "--yes" in capsys.readouterr().err
    assert run("--board", "virtual", "--yes") == 0


@pytest.mark.parametrize(
    ("wanted", "before", "platform", "machine", "board"),
    [
        ("virtual", "feather_s3", "esp32", "", "virtual"),
        (None, "feather_s3\n", "esp32", "Generic", "feather_s3"),
        (None, None, "linux", "linux [GCC]", "virtual"),
        (None, None, "esp32", "Unexpected Maker Feather-S3 with ESP32-S3", "feather_s3"),
        (None, "../evil", "linux", "", "virtual"),
    ],
)
def test_the_board_is_found_out(wanted, before, platform, machine, board):
    facts = FakeDevice().facts()
    facts = type(facts)(**{**vars(facts), "board": before, "platform": platform, "machine": machine})
    assert deploy.choose_board(wanted, facts) == board


@pytest.mark.parametrize("wanted", [None, "nonesuch", "../virtual", "__init__"])
def test_an_unknown_board_lists_the_known_ones(wanted):
    with pytest.raises(UsageError) as caught:
        deploy.choose_board(wanted, FakeDevice().facts())
    assert ", ".join(deploy.known_boards()) in caught.value.next_step


def test_an_app_that_does_not_start_is_told(monkeypatch):
    from scripted import ScriptedPort

    def prompt(data: bytes) -> bytes:
        return b"\r\n>>> " if b"\x03" in data else data.replace(b"\n", b"")

    with ScriptedPort(prompt) as port, pytest.raises(FailedError, match="stopped at the MicroPython prompt"):
        flash.wait_for_app(port.path)
