"""`make demo`: the main job on the virtual device, from an empty flash to the picture of the walk.

Real MicroPython and a real LittleFS run the very files of firmware/; chips and wearer are simulated. Every step is a
verb that a user would call. A recorded walk moves the wearer where ../shared/data exists, played backward in time so
that it becomes a walk backward (a proxy: docs/explanation/not-on-silicon.md); then the walking model leans and hurries.
"""

import csv
import os
import shutil
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from retrogait import events
from retrowalk import cli
from retrowalk.archive.archive import Archive, StoredSession
from retrowalk.console import emit, progress, say, table
from retrowalk.errors import FailedError, RetrowalkError
from retrowalk.session_files.contents import COMPLETE
from retrowalk.session_files.session_log import load_session
from retrowalk.virtual.device import VirtualDevice
from retrowalk.virtual.tracks import stance_of
from retrowalk.wearer.cast import model
from retrowalk.wearer.frames import Frames
from retrowalk.wearer.recorded import frames_from_recording

FOLDER = Path("build/demo")
DATA = Path("../shared/data/ipol_gait_lowerback_feet")
TRIAL = "S01_T1"
SPEED = 12
_START_PRESS_S = 0.5
_END_PRESS_BEFORE_END_S = 0.5
_LOOK_S = 0.1
_PATIENCE_S = 60.0


@dataclass(frozen=True)
class Outing:
    """One walk: what moves the wearer, and how many steps it truly has."""

    title: str
    frames: Frames
    true_steps: int


def main() -> int:
    """Run the demo; returns an exit code of the contract."""
    try:
        return _demo()
    except RetrowalkError as error:
        say(str(error))
        return error.exit_code


def _demo() -> int:
    began_s = time.monotonic()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    archive = Archive(FOLDER / "archive")
    os.environ["RETROWALK_ARCHIVE"] = str(archive.root)
    say("Retrowalk on a virtual device: real MicroPython, real LittleFS, simulated chips and wearer, no silicon.")
    outings = _outings()
    for number, outing in enumerate(outings, start=1):
        say(f"\nWalk {number} of {len(outings)}: {outing.title}, {outing.frames.duration_s:.0f} s at x{SPEED}")
        _go_out(outing, is_first=number == 1, is_last=number == len(outings))
    pictures = [_draw(session) for session in archive.sessions()]
    _summarize(outings, archive.sessions(), pictures, time.monotonic() - began_s)
    return 0


def _outings() -> list[Outing]:
    """The walks: a recorded one where there is one, and the walking model."""
    walked = model("demo")
    made = Outing("walking model, leans and hurries", walked.frames, walked.truth.step_count)
    path = DATA / "dev" / f"{TRIAL}_lb.csv.gz"
    if not path.is_file():
        say(f"RECORDED WALKS ABSENT: {path} is not there, so only the walking model walks.")
        return [made]
    with (DATA / "trials.csv").open(newline="", encoding="utf-8") as file:
        steps = next(int(row["n_steps_in_trial"]) for row in csv.DictReader(file) if row["trial"] == TRIAL)
    return [Outing(f"recorded walk {TRIAL}, reversed in time", frames_from_recording(path, backward=True), steps), made]


def _go_out(outing: Outing, is_first: bool, is_last: bool) -> None:
    """One power-up of the device: deploy (first), calibrate, walk, sync (last)."""
    stance = stance_of(outing.frames)
    with VirtualDevice(FOLDER / "flash.bin", FOLDER / "port", speed=SPEED, stance=stance, is_empty=True) as device:
        if is_first:
            _verb(device, "flash", "--board", "virtual")
        _verb(device, "calibrate", "waist")
        if is_first:
            # A real first session gives no cues; this wearer has walked before.
            _verb(device, "config", "set", "first_sessions=0")
        _walk(device, outing)
        if is_last:
            _verb(device, "sync")


def _verb(device: VirtualDevice, verb: str, *words: str) -> None:
    """Call a verb as a user would, and show the call."""
    say(f"$ retrowalk {' '.join((verb, *words))} --port {device.port}")
    sys.stderr.flush()
    code = cli.main([verb, *words, "--port", str(device.port), "--yes"])
    if code:
        raise FailedError(f"`retrowalk {verb}` left with exit code {code}.", "see above; nothing else was done.")


def _walk(device: VirtualDevice, outing: Outing) -> None:
    """Press, walk, press; tell every buzz as the wearer feels it."""
    end_s = outing.frames.duration_s - _END_PRESS_BEFORE_END_S
    n_notes, n_felt = len(device.notes), len(device.motor)
    device.play(outing.frames, press_at_s=[_START_PRESS_S, end_s])
    if not device.wait_note("started walk", _PATIENCE_S, n_notes):
        raise FailedError("The wearer does not start to walk.", "run the demo again; it is a fault of the simulation.")
    began_us = device.now_us
    with progress("walking", round(end_s), "seconds") as walked:
        shown_s = 0
        while not device.wait_note("ended walk", _LOOK_S, n_notes):
            n_felt = _tell_buzzes(device, n_felt, began_us)
            now_s = int((device.now_us - began_us) / 1e6)
            walked(now_s - shown_s)
            shown_s = now_s
    device.wait_until(lambda: device.now_us > began_us + 1e6 * (outing.frames.duration_s + 3), _PATIENCE_S)
    _tell_buzzes(device, n_felt, began_us)


def _tell_buzzes(device: VirtualDevice, n_felt: int, began_us: int) -> int:
    """Say each finished pulse after the first `n_felt` changes of the motor; returns how many are told."""
    changes = device.motor
    while n_felt + 1 < len(changes):
        (on_us, _), (off_us, _) = changes[n_felt], changes[n_felt + 1]
        say(f"  {(on_us - began_us) / 1e6:5.1f} s  the wearer feels {(off_us - on_us) / 1e3:.0f} ms")
        n_felt += 2
    return n_felt


def _draw(session: StoredSession) -> Path:
    path = FOLDER / f"{session.name}.png"
    if cli.main(["plot", str(session.path), "--out", str(path)]):
        raise FailedError("The picture could not be drawn.", "see above.")
    return path


def _summarize(outings: list[Outing], sessions: list[StoredSession], pictures: list[Path], took_s: float) -> None:
    """The table, the pictures' paths, and the line one would repeat to a friend."""
    rows, backward, steps, cues = [], 0, 0, 0
    _check(outings, sessions)
    for outing, session, picture in zip(outings, sessions, pictures, strict=True):
        manifest = session.manifest
        steps += manifest["step_count"]
        backward += manifest["backward_steps"]
        cues += manifest["cues"]
        share = f"{100 * manifest['backward_steps'] / max(1, manifest['step_count']):.0f} %"
        counted = f"{manifest['step_count']} of {outing.true_steps}"
        rows.append((outing.title, counted, share, _cues_in_words(session), "verified", picture))
    emit("")
    for line in table(("walk", "steps", "backward", "cues", "hash", "picture"), rows):
        emit(line)
    emit("")
    emit(
        f"In {took_s:.0f} s a clip was flashed, calibrated and worn; it counted {steps} steps, {backward} of them "
        f"backward, buzzed {cues} times, and every byte came home verified."
    )


def _check(outings: list[Outing], sessions: list[StoredSession]) -> None:
    """The closing line claims these; a demo that cannot claim them fails. Raises FailedError."""
    if len(sessions) != len(outings):
        raise FailedError(f"{len(outings)} walks were walked and {len(sessions)} came home.", "run the demo again.")
    for outing, session in zip(outings, sessions, strict=True):
        manifest = session.manifest
        if manifest.get("state") != COMPLETE or not manifest.get("files"):
            raise FailedError(f"{session.name} came home {manifest.get('state')}.", "`retrowalk doctor` on the device.")
        if abs(manifest["step_count"] - outing.true_steps) > 0.1 * outing.true_steps:
            raise FailedError(
                f"{session.name}: {manifest['step_count']} steps counted of {outing.true_steps} walked, more than a "
                "tenth wrong.",
                "look at the picture.",
            )


def _cues_in_words(session: StoredSession) -> str:
    log = load_session(session.files())
    counts = Counter(events.FAULT_NAMES[event.value_a] for event in log.events if event.kind == events.CUE)
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(counts.items())) or "none"


if __name__ == "__main__":
    sys.exit(main())
