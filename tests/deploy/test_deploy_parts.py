"""The app's files, their compiled form, the choice of the board, and the wait for the app's word."""

import re
import sys
from pathlib import Path

import pytest

from retrowalk.deploying import confirmation, install, mpy, tree
from retrowalk.deploying.board import choose_board
from retrowalk.deploying.slots import Slots
from retrowalk.errors import FailedError, UsageError

sys.path.insert(0, str(Path(__file__).parent.parent / "host"))
from fake_device import FakeDevice
from scripted import ScriptedPort

MPY_6_3 = 0x0B06
NOTHING = Slots(None, {}, False, False, False, MPY_6_3)


def test_the_tree_is_the_firmware_and_nothing_else():
    files = tree.source_tree()
    assert {"retrogait/engine.py", "app/start.py", "app/logbook.py", "boards/virtual.py"} <= set(files)
    assert all(path.split("/")[0] in tree.FOLDERS for path in files)
    assert not [path for path in files if "__pycache__" in path or not path.endswith(".py")]


def test_the_content_hash_is_of_paths_and_contents():
    files = {"app/a.py": b"1", "app/b.py": b"2"}
    same = tree.content_of(tree.hashes_of(dict(reversed(files.items()))))
    assert tree.content_of(tree.hashes_of(files)) == same
    for other in ({"app/a.py": b"1"}, {"app/a.py": b"2", "app/b.py": b"1"}, {"app/a.py": b"1", "app/c.py": b"2"}):
        assert tree.content_of(tree.hashes_of(other)) != same
    assert tree.content_of({**tree.hashes_of(files), "release.json": "0"}) == same


def test_compiled_twice_is_the_same_and_knows_its_name():
    source = {"app/thing.py": b"def thing():\n    raise ValueError\n"}
    (path, first), (_, second) = [*mpy.compile_tree(source).items(), *mpy.compile_tree(source).items()]
    assert path == "app/thing.mpy"
    assert first == second
    assert first[:2] == b"M\x06"
    assert b"app/thing.py" in first, "tracebacks must name the file"


def test_what_does_not_compile_is_told():
    with pytest.raises(FailedError, match=r"app/thing\.py does not compile: .*SyntaxError"):
        mpy.compile_tree({"app/thing.py": b"def thing(:\n"})


def test_a_micropython_of_another_mpy_version_gets_the_source(capsys):
    assert mpy.why_not(MPY_6_3) == ""
    files, kind = install.app_for(Slots(None, {}, False, False, False, 5), as_source=False)
    assert (kind, files) == ("py", tree.source_tree())
    assert "reads .mpy version 5, mpy-cross here makes version 6" in capsys.readouterr().err


def test_without_a_compiler_the_source_goes(monkeypatch, capsys):
    monkeypatch.setattr(mpy, "_compiler", lambda: "/nonexistent/mpy-cross")
    assert install.app_for(NOTHING, as_source=False)[1] == "py"
    assert "mpy-cross is not installed here" in capsys.readouterr().err


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
    assert choose_board(wanted, facts) == board


@pytest.mark.parametrize("wanted", [None, "nonesuch", "../virtual", "__init__"])
def test_an_unknown_board_lists_the_known_ones(wanted):
    with pytest.raises(UsageError) as caught:
        choose_board(wanted, FakeDevice().facts())
    assert "feather_s3" in caught.value.next_step
    assert "virtual" in caught.value.next_step


def test_an_app_that_does_not_start_is_told():
    def prompt(data: bytes) -> bytes:
        return b"\r\n>>> " if b"\x03" in data else data.replace(b"\n", b"")

    with ScriptedPort(prompt) as port, pytest.raises(FailedError, match="stopped at the MicroPython prompt"):
        confirmation.await_confirmed(port.path, "a")


def answer(**fields: object) -> bytes:
    import json

    told = {"app": "retrowalk", "device_id": "0123456789ab", "state": "idle", "version": "0.1.9", **fields}
    return b"RW " + json.dumps(told).encode() + b"\r\n"


@pytest.mark.parametrize(("why", "words"), [*confirmation.WHY.items(), ("else", "the reason is not known")])
def test_a_device_that_went_back_says_why(why, words):
    told = answer(slot="a", confirmed=True, update_failed={"slot": "b", "why": why, "version": "0.2.0"})
    with (
        ScriptedPort(lambda data: told if b"status" in data else b"") as port,
        pytest.raises(FailedError) as caught,
    ):
        confirmation.await_confirmed(port.path, "b")
    assert "Version 0.2.0, the last update, was given up: " in caught.value.message
    assert f"{words}. The device went back to version 0.1.9, which runs; no walk" in caught.value.message
    assert "`retrowalk flash` tries again" in caught.value.next_step


def test_another_copy_that_runs_without_a_word_of_why_is_told():
    told = answer(slot="a", confirmed=True)
    with ScriptedPort(lambda data: told if b"status" in data else b"") as port, pytest.raises(FailedError) as caught:
        confirmation.await_confirmed(port.path, "b")
    assert "Another copy of the app runs than the one that was sent: version 0.1.9." in caught.value.message


def test_the_pages_name_every_reason():
    root = tree.firmware_folder().parent
    page = (root / "docs" / "reference" / "link.md").read_text(encoding="utf-8")
    assert all(f"`{why}`" in page for why in confirmation.WHY)
    told = {why for path in ("main.py", "app/trial.py") for why in _reasons((root / "firmware" / path).read_text())}
    assert told == set(confirmation.WHY)


def _reasons(source: str) -> set[str]:
    return set(re.findall(r'(?:why = |NotWell\(|"why", |self\.why or )"([a-z_]+)"', source))


def test_a_confirmation_is_waited_for():
    answers = iter([answer(slot="b", confirmed=False)] * 2 + [answer(slot="b", confirmed=True)])
    with ScriptedPort(lambda data: next(answers) if b"status" in data else b"") as port:
        assert confirmation.await_confirmed(port.path, "b").confirmed is True
    assert next(answers, None) is None
