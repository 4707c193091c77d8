"""Sync from the running app in frames, over a line with faults: real MicroPython, real LittleFS, the real verb."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from clip import RETROWALK, Clip

from retrowalk.bulk.frames import FrameReader, frame_bytes, request_line
from retrowalk.bulk.source import PROTOCOL
from retrowalk.contact.link import Link
from retrowalk.contact.transport import Transport
from retrowalk.virtual.device import VirtualDevice
from retrowalk.virtual.line import Line

sys.path.insert(0, str(Path(__file__).parent.parent / "host"))
from sessions_made import make_session

pytestmark = pytest.mark.slow

SMALL = {"/sessions/s00001/0000.rwl": make_session(1, n_blocks=1)[0]}
LARGE = {f"/sessions/s00002/{i:04d}.rwl": data for i, data in enumerate(make_session(2, n_blocks=60))}
FAST = 4_000_000


@pytest.fixture(scope="module")
def flashes(tmp_path_factory):
    """The flash of a calibrated device with one small walk, and that of one with a large walk (64 kB)."""
    folder = tmp_path_factory.mktemp("flashes")
    made = []
    for files in (SMALL, LARGE):
        flash = folder / f"{len(made)}.bin"
        with VirtualDevice(flash, link=folder / "port", speed=25) as device:
            clip = Clip(device, folder / "archive")
            clip.wait_state("idle")
            clip.calibrate()
            with Transport(clip.port) as raw:
                parents = sorted({"/sessions", *(str(Path(path).parent) for path in files)})
                raw.run(f"import os\nfor d in {parents!r}:\n try:\n  os.mkdir(d)\n except OSError:\n  pass\n")
                for path, data in files.items():
                    raw.write_file(path, data)
        made.append(flash)
    return made


@pytest.fixture
def wired(flashes, tmp_path):
    """Makes a clip with a walk behind a line."""
    open_now = []

    def make(line, files=SMALL, speed=1.0):
        shutil.copy(flashes[files is LARGE], tmp_path / "flash.bin")
        device = VirtualDevice(tmp_path / "flash.bin", link=tmp_path / "port", speed=speed, line=line)
        open_now.append(device)
        device.start()
        clip = Clip(device, tmp_path / "archive")
        clip.wait_state("idle")
        return clip

    yield make
    for device in open_now:
        device.close()


def stored(clip):
    return {f"/sessions/{path.parent.name}/{path.name}": path.read_bytes() for path in clip.archive.rglob("*.rwl")}


def start_sync(clip, *words):
    """A sync in a process of its own."""
    command = [*RETROWALK, "sync", "--port", clip.port, *words]
    return subprocess.Popen(command, env=clip.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def come(clip, n_bytes):
    """Wait until so many bytes have come into the archive; returns the parts there are."""
    deadline_s = time.monotonic() + 30
    while time.monotonic() < deadline_s:
        parts = list(clip.archive.rglob("*.part"))
        done = [*parts, *clip.archive.rglob("*.rwl")]
        try:
            if sum(path.stat().st_size for path in done) >= n_bytes:
                return parts
        except FileNotFoundError:
            continue
        time.sleep(0.005)
    raise AssertionError("the sync does not come on")


def boots(clip):
    return [text for _, text in clip.device.notes].count("booted")


def test_the_app_goes_on_while_it_is_synced_and_pruned(wired):
    clip = wired(None)
    clip.retrowalk("sync", "--prune")
    assert stored(clip) == SMALL
    assert boots(clip) == 1, "the app was not restarted"
    assert clip.sync() == [], "the session is gone there"
    assert clip.status().state == "idle"


@pytest.mark.long
@pytest.mark.parametrize("kind", ["flip", "drop", "duplicate", "all"])
def test_one_byte_in_a_hundred_is_hurt(wired, kind):
    line = Line(baud=FAST, is_fixed=True, seed=11)
    clip = wired(line)
    line.disturb(**dict.fromkeys(("flip", "drop", "duplicate") if kind == "all" else (kind,), 0.01))
    clip.retrowalk("sync")
    assert stored(clip) == SMALL
    assert boots(clip) == 1


@pytest.mark.long
def test_the_cable_is_pulled_at_frame_after_frame(wired):
    """Each sync goes on where the one before was cut off: the whole takes hardly more bytes than one sync."""
    line = Line(baud=FAST, is_fixed=True)
    clip = wired(line, LARGE)
    n_cuts = 0
    had = 0
    for n_frames in (1, 2, 3, 9, 20, 30):
        line.unplug_at_frame(n_frames)
        clip.retrowalk("sync", expect=3)
        n_cuts += 1
        clip.device.replug()
        now = sum(path.stat().st_size for path in clip.archive.rglob("000*"))
        assert now >= had, "what had come was thrown away"
        had = now
    clip.retrowalk("sync")
    assert stored(clip) == LARGE
    total = sum(map(len, LARGE.values()))
    assert line.to_host_bytes < 1.2 * total + n_cuts * 20_000


def test_status_is_answered_between_two_frames(wired):
    """What comes is whole frames and whole lines, and nothing else."""
    clip = wired(Line(), LARGE)
    data = LARGE["/sessions/s00002/0000.rwl"]
    with Link(clip.port) as link:
        for at in range(0, 12288, 4096):
            link.port.write(request_line(at >> 12, "get", 2, 0, at, 4096, 1024))
            link.port.write(b"rw status\n")
        heard = b""
        while piece := link.port.read(4096) or link.port.read(4096):
            heard += piece
            link.port.timeout = 1.0
    frames = list(FrameReader().push(heard))
    assert b"".join(frame.payload for frame in frames) == data[:12288]
    for frame in frames:
        heard = heard.replace(frame_bytes(frame), b"")
    lines = heard.decode().splitlines()
    told = [json.loads(line.removeprefix("RW ")) for line in lines]
    assert [each["state"] for each in told] == ["idle"] * 3
    assert {each["frames"] for each in told} == {PROTOCOL}


def test_a_walk_that_begins_has_the_right_of_way(wired):
    clip = wired(Line(), LARGE)
    with start_sync(clip) as running:
        come(clip, 9000)
        clip.device.press()
        assert running.wait(30) == 4
        assert "nothing disturbs a walk" in running.stderr.read()
    assert clip.wait_state("recording").session == 3
    clip.retrowalk("sync", expect=4)
    with start_sync(clip, "--wait") as waiting:
        assert "Waiting: the device is recording session 3" in waiting.stderr.readline()
        clip.device.press()
        assert waiting.wait(60) == 0, waiting.stderr.read()
    here = stored(clip)
    assert {path: here[path] for path in LARGE} == LARGE
    assert "/sessions/s00003/0000.rwl" in here
    assert boots(clip) == 1


@pytest.mark.parametrize("how", [pytest.param(signal.SIGKILL, marks=pytest.mark.long), signal.SIGINT])
def test_a_host_that_ends_strands_nobody(wired, how):
    """At the highest rate, in the middle of a frame: the device goes back by itself, and the next sync goes on."""
    line = Line()
    clip = wired(line, LARGE)
    with start_sync(clip) as running:
        assert clip.device.wait_until(lambda: line.board_baud == 921600, 30)
        come(clip, 40_000)
        running.send_signal(how)
        code = running.wait(20)
        told = running.stderr.read()
    if how == signal.SIGINT:
        assert code == 1
        assert "Stopped." in told
    assert clip.device.wait_until(lambda: line.board_baud == 115200, 15), "the device came back by itself"
    had = line.to_host_bytes
    clip.retrowalk("sync")
    assert stored(clip) == LARGE
    assert line.to_host_bytes - had < sum(map(len, LARGE.values())) - 30_000


def test_a_cable_that_cannot_go_so_fast_is_noticed_and_a_lower_rate_taken(wired):
    line = Line()
    line.garble_above(500_000)
    clip = wired(line, LARGE)
    rates = []
    with start_sync(clip) as running:
        while running.poll() is None:
            if line.board_baud not in rates:
                rates.append(line.board_baud)
            time.sleep(0.01)
    assert running.returncode == 0
    assert rates == [115200, 921600, 460800]
    assert stored(clip) == LARGE
    assert clip.device.wait_until(lambda: line.board_baud == 115200)


def test_two_syncs_into_one_archive_are_kept_apart(wired):
    clip = wired(Line(), LARGE)
    with start_sync(clip) as running:
        come(clip, 3000)
        clip.retrowalk("sync", expect=4)
        assert "Another sync" in clip.said[-1]
        running.send_signal(signal.SIGKILL)
    assert clip.sync(), "a lock dies with its process"


def test_the_device_is_reset_in_the_middle(wired):
    clip = wired(Line(baud=FAST, is_fixed=True), LARGE)
    clip.device.line.disturb(drop=0.002)
    with start_sync(clip) as running:
        come(clip, 9000)
        clip.device.reset()
        assert running.wait(60) in (0, 3, 4), running.stderr.read()
    clip.device.line.disturb()
    clip.retrowalk("sync")
    assert stored(clip) == LARGE


def test_safe_mode_has_no_frames_and_is_synced_all_the_same(wired):
    clip = wired(None)
    clip.device.hold_button(True)
    clip.device.reset()
    assert clip.device.wait_note("repl")
    clip.device.hold_button(False)
    clip.retrowalk("sync")
    assert stored(clip) == SMALL


def test_an_app_of_another_protocol_is_synced_all_the_same(wired):
    clip = wired(None, speed=20)
    clip.mpremote(
        "exec",
        "s=open('/a/app/bulk.py').read().replace('PROTOCOL = 1','PROTOCOL = 2');open('/a/app/bulk.py','w').write(s)",
    )
    clip.device.reset()
    clip.wait_state("idle")
    clip.retrowalk("sync", "--json")
    assert stored(clip) == SMALL


def test_a_kept_policy_prunes_until_it_is_ended(wired):
    clip = wired(None)
    clip.retrowalk("sync", "--prune-policy", "3000")
    assert "verified walks older than 3000 days" in clip.said[-1]
    assert len(clip.sync()) == 1, "its age is not known, so it stays"
    clip.retrowalk("sync", "--prune-policy", "keep")
    assert len(clip.sync()) == 1
    clip.retrowalk("sync", "--prune-policy", "verified")
    assert clip.sync() == []
    assert "Policy of this archive: verified walks are deleted" in clip.said[-1]
    assert stored(clip) == SMALL
    (clip.archive / "settings.json").write_text('{"prune": []}')
    clip.retrowalk("sync", expect=5)
    clip.retrowalk("verify", port=False)
    assert (clip.archive / "settings.json").stat().st_mode & 0o077 == 0
