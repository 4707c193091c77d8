"""What a maker meets before anything is written: each ends with its exit code, its remedy, and the board as it was."""

import errno
from dataclasses import replace

import pytest
import serial

from retrowalk import cli
from retrowalk.contact import ports
from retrowalk.contact.remote import Facts
from retrowalk.contact.transport import Transport
from retrowalk.errors import FailedError
from retrowalk.flashing import micropython, onboard
from retrowalk.flashing.partitions import TABLE_OFFSET
from retrowalk.virtual.image import make_image


def refused(bench, expect, says, *words, yes=True):
    """The verb leaves with `expect` and says that, and what lies on the chip is untouched."""
    before = bench.content()
    bench.flash(*words, expect=expect, yes=yes)
    assert says in bench.err
    assert "Next: " in bench.err
    assert bench.content() == before


def test_wrong_images_are_refused_each_for_its_reason(bare, tmp_path):
    image = make_image()
    app_only = image[0x10000:]
    for content, expect, says in (
        (make_image("esp32c3"), 2, "is for the esp32c3, and this board has an esp32s3"),
        (image[:-5000], 5, "is cut off or damaged"),
        (image[:-4] + bytes(4), 5, "SHA-256 is wrong"),
        (app_only, 5, "an .app-bin cannot start a blank chip"),
        (b"<html>not found</html>" * 100, 5, "does not begin as a program for an ESP32 does"),
        (image[: TABLE_OFFSET + 0x1000], 5, "ends before its program begins"),
    ):
        path = tmp_path / "image.bin"
        path.write_bytes(content)
        refused(bare, expect, says, "--image", path)
    refused(bare, 2, "cannot be read: No such file", "--image", tmp_path / "none.bin")


def test_a_chip_that_is_not_supported(bench_of):
    refused(bench_of(chip="esp32h2"), 2, "The chip esp32h2 is not supported")


def test_a_name_that_is_none(bare):
    for name in ("", "x" * 41, "a\nb"):
        refused(bare, 2, "A name has 1 to 40 printable characters", f"--name={name}")


def test_an_image_without_a_known_hash_is_not_downloaded(bench_of):
    refused(bench_of(chip="esp32c6"), 2, "No hash is known for ESP32_GENERIC_C6", "--mirror", "http://127.0.0.1:9/")


def test_a_port_that_may_not_be_opened_or_is_in_use_or_is_not_there(bare, monkeypatch):
    with ports.open_serial(bare.port):
        refused(bare, 4, "is in use by another program")
    with monkeypatch.context() as patch:

        def forbidden(*_args, **_named):
            raise serial.SerialException(errno.EACCES, "Permission denied")

        patch.setattr(ports.serial, "Serial", forbidden)
        refused(bare, 4, "You are not allowed to open")
        assert "usermod" in bare.err
    bare.device.unplug()
    before = bare.content()
    bare.flash(expect=3)
    assert "There is no port" in bare.err
    assert bare.content() == before


def test_walks_that_cannot_be_copied_stop_a_flash_unless_a_backup_holds_them(bare, monkeypatch, capsys):
    def broken(*_arguments):
        raise FailedError("The device could not do it: OSError: 84.", "`retrowalk doctor` checks the device.")

    monkeypatch.setattr("retrowalk.sync.sync", broken)
    facts = Facts("24ec4a000001", "esp32", "ESP32S3", "1.28.0", 0, 1 << 21, None, True, True, True)
    with pytest.raises(FailedError, match="OSError: 84"):
        micropython._keep_walks(ports.choose_port(bare.port), facts)
    micropython._keep_walks(ports.choose_port(bare.port), replace(facts, total_bytes=0))  # only with --backup --erase
    assert (
        "all that is left of them is in the backup. (The device could not do it: OSError: 84.)"
        in capsys.readouterr().err
    )


@pytest.mark.slow
@pytest.mark.long
def test_another_program_that_answers_to_nothing_needs_boot(bench_of):
    board = bench_of(make_image(project="blink"))
    refused(board, 3, "Neither MicroPython nor the chip's loader answers")
    assert "hold BOOT, press and release RESET" in board.err
    board.device.press_boot()
    refused(board, 4, "This chip holds another program (blink). Replace it", yes=False)
    assert "--backup FILE would keep a copy" in board.err
    assert not board.device.rom.is_loading, "refused, and started again"


def test_several_devices_are_listed_and_none_is_taken(bare, bench_of, capsys):
    other = bench_of()
    assert cli.main(["flash", "--yes"]) == 2
    told = capsys.readouterr().err
    assert "2 devices are connected, and nothing is sent to a guess" in told
    assert bare.port in told
    assert other.port in told


def test_data_of_another_program_where_files_will_be_is_asked_about(bench_of):
    board = bench_of(b"\xff" * 0x200000 + b"somebody's data" * 500)
    refused(board, 4, "This chip holds data that is not MicroPython's", yes=False)


@pytest.mark.slow
@pytest.mark.long
def test_files_are_not_lost_to_an_image_that_places_them_elsewhere(flashed, tmp_path, monkeypatch):
    from retrowalk.virtual import image as made

    path = tmp_path / "elsewhere.bin"
    moved = (*made._TABLE[:2], made._TABLE[2], made.Partition("vfs", 1, 0x81, 0x300000, 0x100000))
    monkeypatch.setattr(made, "_TABLE", moved)
    path.write_bytes(make_image(version="v9"))
    files = flashed.files()
    flashed.flash("--image", path, expect=4)
    assert "The files on this board begin at 0x200000; with this image they would begin at 0x300000" in flashed.err
    assert "--backup FILE --erase" in flashed.err
    assert flashed.device.wait_until(lambda: flashed.device.is_on)
    assert flashed.files()[: 1 << 16] == files[: 1 << 16]


@pytest.mark.slow
@pytest.mark.long
def test_another_micropython_program_is_asked_about_and_kept(bench_of, flashed_file, capsys):
    board = bench_of(make_image())
    assert board.device.wait_note("repl")
    program = "f=open('/main.py','w');f.write('print(1)');f.close()"
    with ports.open_serial(board.port) as port:
        port.write(f"{program}\r".encode())
        assert board.device.wait_until(lambda: b"print(1)" in board.files())
    refused(board, 4, "has another program's main.py. Replace it?", yes=False)
    with Transport(board.port, takeover=True) as device:
        onboard.set_aside(device)
        assert device.run("import json;print(json.dumps(open('/main_before.py').read()))") == ["print(1)"]
        assert device.run("import json;print(json.dumps(open('/main.py').read()))") == ["print(1)"]


@pytest.mark.slow
@pytest.mark.long
def test_a_full_filesystem_is_told_and_nothing_is_lost(bench_of):
    board = bench_of(make_image())
    assert board.device.wait_note("repl")
    fill = "f=open('/mine','w')\rfor i in range(480): n=f.write(4096*'x')\r\rf.close();print('f'+'ull')\r"
    with ports.open_serial(board.port) as port:
        port.write(fill.encode())
        said = b""
        while b"full" not in said:
            said += port.read(4096)
    refused(board, 1, "flash has")
    assert "the app needs" in board.err
