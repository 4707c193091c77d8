"""`virtual --bare`: the real esptool writes into the flash from which the board then starts, over one port."""

import subprocess
import sys
from pathlib import Path

import pytest

from retrowalk.virtual.bare import BareChip
from retrowalk.virtual.image import make_image

ESPTOOL = [sys.executable, "-m", "esptool"]
MPREMOTE = [sys.executable, "-m", "mpremote"]
CHIPS = {"esp32": "ESP32", "esp32s2": "ESP32-S2", "esp32s3": "ESP32-S3", "esp32c3": "ESP32-C3", "esp32c6": "ESP32-C6"}


@pytest.fixture
def esptool(tmp_path):
    """Run the real esptool on a port; returns what it printed."""

    def run(port, *words, expect=0):
        command = [*ESPTOOL, "--port", str(port), *map(str, words)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert ended.returncode == expect, f"{words}: {ended.stdout[-1500:]}{ended.stderr}"
        return ended.stdout

    return run


def mpremote(port, *words):
    """Run the real mpremote; returns what it printed."""
    ended = subprocess.run([*MPREMOTE, "connect", str(port), *words], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.parametrize("chip", CHIPS)
def test_esptool_knows_the_chip_its_mac_and_its_flash(tmp_path, esptool, chip):
    with BareChip(tmp_path / "flash.bin", tmp_path / "port", chip=chip) as device:
        told = esptool(device.port, "--after", "no-reset", "flash-id")
        assert f"Chip type:          {CHIPS[chip]}" in told
        assert "24:ec:4a:00:00:01" in told
        assert "Detected flash size: 4MB" in told


@pytest.mark.slow
def test_from_erased_flash_to_micropython_and_back_into_the_loader(tmp_path, esptool):
    image, copy = tmp_path / "image.bin", tmp_path / "copy.bin"
    image.write_bytes(make_image())
    with BareChip(tmp_path / "flash.bin", tmp_path / "port") as device:
        assert not device.is_on
        told = esptool(device.port, "--after", "watchdog-reset", "write-flash", "0", image)
        assert "Hash of data verified" in told
        assert device.wait_note("repl")
        mpremote(device.port, "exec", "f=open('/kept','w');f.write('walk');f.close()")
        mpremote(device.port, "bootloader")
        assert "Verification successful" in esptool(device.port, "--after", "no-reset", "verify-flash", "0", image)
        esptool(device.port, "--after", "no-reset", "read-flash", "0", "0x210000", copy)
        assert copy.read_bytes() == (tmp_path / "flash.bin").read_bytes()[:0x210000]
        n_before = len(device.notes)
        esptool(device.port, "--no-stub", "--after", "watchdog-reset", "write-flash", "0", image)
        assert device.wait_note("repl", after=n_before)
        assert mpremote(device.port, "fs", "cat", ":kept") == "walk"


def test_only_what_would_start_on_a_chip_starts(tmp_path):
    flash = tmp_path / "flash.bin"
    image = make_image()
    for spoil, why in (
        (b"\xff" * len(image), "does not begin as a program"),
        (make_image("esp32c3"), "another chip's"),
        (image[: len(image) // 2], "checksum is wrong"),
        (image[:0x8000] + b"\xff" * 0xC00 + image[0x8C00:], "there is none"),
        (image[:-4000] + b"\0" + image[-3999:], "checksum is wrong"),
    ):
        flash.write_bytes(spoil.ljust(4 << 20, b"\xff"))
        with BareChip(flash, tmp_path / "port") as device:
            assert device.rom.is_loading, why
            assert why in device.rom.start.why_not
    flash.write_bytes(make_image(project="blink").ljust(4 << 20, b"\xff"))
    with BareChip(flash, tmp_path / "port") as device:
        assert not device.rom.is_loading
        assert device.rom.start.project == "blink"
        device.press_boot()
        assert device.rom.is_loading


def test_a_bare_chip_begins_erased_and_takes_no_walk(tmp_path):
    command = [sys.executable, "-m", "retrowalk", "virtual", "--bare", "--walk", "model:demo"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 2
    assert "without the app" in ended.stderr
    with BareChip(Path(tmp_path / "flash.bin"), tmp_path / "port") as device:
        assert device.whole.read(0, 4096) == b"\xff" * 4096
        assert device.rom.is_loading
