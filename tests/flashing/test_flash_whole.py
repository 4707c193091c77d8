"""From erased flash to the felt hello, and once more: nothing to do."""

import pytest
from clip import is_felt

from retrogait import patterns
from retrowalk.contact import remote
from retrowalk.contact.link import Link
from retrowalk.contact.transport import Transport

pytestmark = [pytest.mark.slow, pytest.mark.long]
SMALL_BYTES = 1 << 19
FILES_BEGIN = 0x200000


def felt(device):
    """Lengths (ms) of the pulses that were felt."""
    out, since_us = [], None
    for t_us, level in device.motor:
        if level and since_us is None:
            since_us = t_us
        elif not level and since_us is not None:
            out.append((t_us - since_us) / 1000)
            since_us = None
    return out


def app_files(bench):
    """MicroPython's bytes, and path -> SHA-256 of the app's files. The app itself notes each start and each setting of
    the time in /data, so the whole flash does not stay the same.
    """
    with Transport(bench.port) as device:
        paths = remote.list_files(device, ["/a", "/b"])
        return bench.content()[:FILES_BEGIN], remote.hash_files(device, [*paths, "/main.py", "/board.txt"])


def test_from_erased_flash_to_the_felt_hello_and_the_second_time_changes_nothing(bare):
    told = bare.flash("--name", "Emma")
    assert "1. write micropython v1.29.0-virtual" in told
    assert "no code for a chip in it" in told
    assert "write-flash 0x0" in told
    assert "ok    motion sensor  passes its self-test; at rest 1.00 g" in told
    assert "ok    motor          the hello was played" in told
    assert "ok    battery        3900 mV" in told
    assert "--    button         nobody was asked (--yes)" in told
    assert "retrowalk calibrate waist" in bare.err
    assert is_felt(patterns.HELLO, felt(bare.device))
    with Link(bare.port) as link:
        assert link.status().name == "Emma"

    n_felt, before = len(felt(bare.device)), app_files(bare)
    told = bare.flash("--name", "Emma")
    assert "nothing to change" in told
    assert "Plan" not in told
    assert "Nothing has changed" in bare.err
    assert len(felt(bare.device)) == n_felt
    assert app_files(bare) == before


def test_a_dry_run_says_what_it_would_do_and_does_nothing(bare, flashed):
    before = bare.content()
    told = bare.flash("--dry-run", "--backup", bare.flash_file.with_name("copy.bin"))
    assert "Plan:" in told
    assert "read-flash 0 ALL" in told
    assert bare.content() == before
    assert not bare.flash_file.with_name("copy.bin").exists()
    before = app_files(flashed)
    assert "MicroPython 1.29.0 is on the board: left as it is" in flashed.flash("--dry-run")
    assert app_files(flashed) == before


def test_a_backup_is_the_whole_flash_and_yours_alone(flashed, tmp_path, monkeypatch):
    monkeypatch.setattr("esptool.util.flash_size_bytes", lambda _text: SMALL_BYTES)  # 4 MB take long on a busy machine
    copy = tmp_path / "copy.bin"
    before = flashed.content()
    flashed.flash("--backup", copy, "--source")
    assert "To put it back: esptool --chip esp32s3" in flashed.err
    assert copy.read_bytes() == before[:SMALL_BYTES]
    assert copy.stat().st_mode & 0o777 == 0o600
    flashed.flash("--backup", copy, expect=2)
    assert "is there already" in flashed.err


def test_the_self_test_can_be_asked_for_and_fails_where_the_hardware_does(flashed):
    flashed.device.fault("imu_absent")
    flashed.device.fault("motor_absent")
    flashed.device.set_battery(3300)
    told = flashed.flash("--self-test", "--source", expect=1)
    assert "FAIL  motion sensor  does not answer" in told
    assert "FAIL  motor          its driver does not answer" in told
    assert "warn  battery        3300 mV" in told
    assert "not well: motion sensor, motor" in flashed.err
