"""One walk to look at, from whatever the user names: a recording CSV, a session folder, one .rwl file, an id or "last".

Finds the file, mounts the sensor, replays the core and keeps what must be said about the quality of the data.
Times are those of the file: a recording's own t_s, a session's seconds since it began. Called by analyze and plot.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from retrogait import RATE_HZ, VERSION, events, scale
from retrogait.course import Course
from retrogait.engine import AnkleEngine, WaistEngine
from retrogait.settings import Settings
from retrogait.trials import Trials
from retrowalk.archive.archive import Archive, read_manifest, record_files
from retrowalk.archive.session_date import began_utc_s, offset_of
from retrowalk.console import clean, progress, say
from retrowalk.errors import DamagedError, UsageError
from retrowalk.recordings.recording import (
    ACCEL_UNITS,
    GYRO_UNITS,
    Recording,
    Segment,
    load_recording,
    resample_to_counts,
)
from retrowalk.recordings.signal_checks import signal_notes
from retrowalk.session_files.contents import DAMAGED, damage_text
from retrowalk.session_files.log_notes import log_notes
from retrowalk.session_files.session_log import SessionLog, load_session
from retrowalk.settings.other_settings import changed, other_settings
from retrowalk.walk.neutral import axes_mounting, find_neutral
from retrowalk.walk.pace import height_option, with_height
from retrowalk.walk.replay import Trace, replay
from retrowalk.walk.sky import track_up

RANGES = {**scale.RANGES, "none": scale.RANGES["ankle"]}
"""Full scale by mount, accelerometer g and gyro degrees per second; none: not worn, so the widest."""

_DEFAULT_AXES = "x,y,z"
# Nobody can start a recording again by its button: standing does not end it.
_OF_A_RECORDING = {"end_after_still_s": 0}
# What comes from the button is in no sample: a replay takes it from the log.
_FROM_THE_WEARER = (events.MARK, events.PAIN)
_PRESSED_IN_TESTS = (*_FROM_THE_WEARER, events.TRIAL, events.SEGMENT, events.GOAL)
_G_PER_COUNT = {"waist": 244e-6, "ankle": 488e-6, "none": 488e-6}
_DPS_PER_COUNT = {"waist": 0.0175, "ankle": 0.07}


@dataclass(frozen=True)
class Walk:
    """`name` and `utc_s` for titles; `t0_s`: time of index 0; `quality`: JSON object; `damage`: what is missing.

    `up`: vectors to the sky of `sky.track_up`, or None where they were not asked for. `test`: which walking
    test it was, or "". `utc_offset_s`: of the zone where a session was synced, None for this computer's.
    """

    name: str
    mount: str
    utc_s: int | None
    t0_s: float
    trace: Trace
    settings: dict[str, int]
    quality: dict[str, Any]
    damage: str = ""
    up: np.ndarray | None = None
    test: str = ""
    utc_offset_s: int | None = None

    def time_s(self, index: float) -> float:
        """Seconds of a sample index."""
        return self.t0_s + index / RATE_HZ

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.trace.n_samples / RATE_HZ


def add_input_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    """The options that say what to read and how to understand it; the positional is called `name`."""
    parser.add_argument(
        "source", metavar=name, help="a recording (.csv, .csv.gz), a session's folder or .rwl file, an id, or last"
    )
    parser.add_argument("--archive", metavar="FOLDER", help="where the synced walks are (default: $RETROWALK_ARCHIVE)")
    parser.add_argument("--height-m", type=height_option, metavar="H", help="the wearer's height in metres, like 1.72")
    parser.add_argument(
        "--set",
        nargs="+",
        action="extend",
        metavar="NAME=VALUE",
        help="replay with other settings, like lean_cue_deg=6",
    )
    group = parser.add_argument_group("for recordings (a session knows these itself)")
    group.add_argument("--mount", choices=tuple(RANGES), help="where the sensor was worn; none: attitude only")
    group.add_argument("--axes", metavar="X,Y,Z", help="the file's axes that point forward, left and up: --axes=-z,y,x")
    group.add_argument("--accel-unit", choices=tuple(ACCEL_UNITS), help="unit of ax, ay, az (default m/s2)")
    group.add_argument("--gyro-unit", choices=tuple(GYRO_UNITS), help="unit of gx, gy, gz (default rad/s)")
    group.add_argument(
        "--neutral-s", metavar="START,END", help="when the wearer stood still and upright, in the file's t_s"
    )


def load_walk(args: argparse.Namespace, with_up: bool = False) -> Walk:
    """Read and replay what the arguments of `add_input_arguments` name; `with_up`: track the sky, too.

    Raises UsageError and DamagedError.
    """
    path = Path(args.source).expanduser()
    if files := record_files(path):
        return _from_session(args, files, with_up)
    is_there = _is_there(path)
    if is_there and path.is_file() and _is_record(path):
        return _from_session(args, [path], with_up)
    if not is_there and path.suffix == "" and "." not in path.name:
        return _from_session(args, Archive(args.archive).resolve(args.source).files(), with_up)
    return _from_recording(args, path, with_up)


def load_named(source: str, archive: str | None) -> Walk:
    """Read and replay what `source` names, with no other option. Raises as `load_walk`."""
    parser = argparse.ArgumentParser()
    add_input_arguments(parser, "FILE")
    return load_walk(parser.parse_args([*(["--archive", archive] if archive else []), "--", source]))


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that no file can have
        return False


def _is_record(path: Path) -> bool:
    if path.suffix == ".rwl":
        return True
    try:
        with path.open("rb") as file:
            return file.read(2) == b"RW"
    except OSError:
        return False


def _from_session(args: argparse.Namespace, files: list[Path], with_up: bool) -> Walk:
    for option in ("mount", "axes", "accel_unit", "gyro_unit", "neutral_s"):
        if getattr(args, option) is not None:
            raise UsageError(
                f"--{option.replace('_', '-')} is for recordings; a session knows how it was worn and measured.",
                "leave the option out.",
            )
    if not files:
        raise DamagedError(f"{clean(args.source)} holds no record files yet.", "`retrowalk sync` copies them.")
    log = load_session(files)
    header = log.header
    mount = header["mount"]
    kind = WaistEngine if mount == "waist" else AnkleEngine
    changes, told = other_settings(args.set)
    settings = with_height(changed(log.settings, changes), args.height_m)
    test = clean(header.get("test") or "", 20)
    course: Any = Trials if test else Course
    engine = kind(settings, log.mounting, header["accel_range_g"], header["gyro_range_dps"], course)
    trace = _replay(log.segments, engine, log.n_samples).filled_from(log.events)
    notes = [*log.notes, *log_notes(log, trace), *signal_notes(log.segments, _G_PER_COUNT[mount]), *told]
    found = set(trace.events)
    pressed = _PRESSED_IN_TESTS if test else _FROM_THE_WEARER
    trace.events.extend(each for each in log.events if each.kind in pressed and each not in found)
    quality = _quality("session", trace, RATE_HZ, _clipped(log), True, notes)
    quality["interpolated_s"] = 0.0
    quality["neutral"] = {"source": "calibration", "start_s": None, "end_s": None}
    quality["settings_changed"] = changes
    quality["session_state"] = log.contents.state
    quality["samples"] = log.contents.samples
    quality["thinned_s"] = round(log.contents.thinned_samples / RATE_HZ, 1)
    manifest = read_manifest(files[0].parent)
    when = began_utc_s(manifest) or log.contents.timeline.began_utc_s()
    rate = log.contents.timeline.imu_rate()
    quality["imu_rate"] = None if rate is None else rate.as_json()
    device = clean(header.get("name") or header.get("device_id") or "device", 40)
    name = f"{device} {clean(files[0].parent.name, 40)}"
    damage = damage_text(log.contents) if log.contents.state == DAMAGED else ""
    up = None
    if with_up:
        ranges = header["accel_range_g"], header["gyro_range_dps"]
        up = track_up(log.segments, axes_mounting(_DEFAULT_AXES), *ranges, log.n_samples)
    zone = offset_of(manifest)
    return Walk(name, mount, when, 0.0, trace, settings.as_dict(), quality, damage, up, test, zone)


def _clipped(log: SessionLog) -> int:
    return sum(int(((each.values == 32767) | (each.values == -32768)).any(axis=1).sum()) for each in log.segments)


def _from_recording(args: argparse.Namespace, path: Path, with_up: bool) -> Walk:
    recording = load_recording(path, args.accel_unit or "m/s2", args.gyro_unit or "rad/s")
    if args.mount is None:
        raise UsageError(
            "A recording does not say where the sensor was worn.",
            "add --mount waist or --mount ankle (--mount none: attitude only).",
        )
    axes = args.axes or _DEFAULT_AXES
    mounting = axes_mounting(axes)
    accel_range_g, gyro_range_dps = RANGES[args.mount]
    segments, n_clipped = resample_to_counts(recording, accel_range_g, gyro_range_dps)
    recording.notes.extend(signal_notes(segments, _G_PER_COUNT[args.mount]))
    t0_s = float(recording.t_s[0])
    n_samples = segments[-1].end_index
    up = None
    if with_up or args.mount == "none":
        up = track_up(segments, mounting, accel_range_g, gyro_range_dps, n_samples)
    if args.mount == "none":
        return _unworn(args, path, recording, segments, n_clipped, up)
    given_s = _neutral_option(args.neutral_s, t0_s)
    g_per_count, dps_per_count = _G_PER_COUNT[args.mount], _DPS_PER_COUNT[args.mount]
    mounting, neutral = find_neutral(segments, mounting, g_per_count, dps_per_count, axes, given_s)
    changes, told = other_settings(args.set)
    settings = with_height(changed(Settings(_OF_A_RECORDING), changes), args.height_m)
    kind = WaistEngine if args.mount == "waist" else AnkleEngine
    trace = _replay(segments, kind(settings, mounting, accel_range_g, gyro_range_dps), n_samples)
    notes = [*recording.notes, *told]
    if args.mount == "waist" and args.axes is None and not recording.has_gyro:
        trace = trace.at_bumps().without_forward()
        notes.append("neither a gyro nor --axes, as from a phone in a pocket: no direction and no lean are told")
    elif neutral.doubt:
        trace = trace.without_forward()
        notes.append(f"{neutral.doubt}: no direction and no lean are told")
        named = clean(axes.split(",")[-1], 4)
        say(f"{neutral.doubt}, not its {named}. Steps are counted, but no direction and no lean can be told.")
        say("Next: say with --axes which of the file's axes point forward, left and up, for example --axes=-z,y,x.")
    elif neutral.source == "mean":
        notes.append("no still stance found: neutral is the mean of the recording, so lean tells changes only")
    quality = _quality("recording", trace, recording.rate_hz, n_clipped, recording.has_gyro, notes)
    quality["settings_changed"] = changes
    quality["interpolated_s"] = round(recording.interpolated_s, 3)
    quality["neutral"] = {
        "source": neutral.source, "start_s": round(t0_s + neutral.start_s, 3), "end_s": round(t0_s + neutral.end_s, 3)
    }  # fmt: skip
    return Walk(clean(path.name, 60), args.mount, None, t0_s, trace, settings.as_dict(), quality, up=up)


def _unworn(
    args: argparse.Namespace, path: Path, recording: Recording, segments: list[Segment], n_clipped: int,
    up: np.ndarray | None,
) -> Walk:  # fmt: skip
    """--mount none: no gait, no neutral, only the attitude."""
    if args.neutral_s is not None:
        raise UsageError("--neutral-s is a wearer's stance; with --mount none nobody wears it.", "leave it out.")
    if args.set is not None:
        raise UsageError("--set changes what the coach cues; with --mount none nobody is coached.", "leave it out.")
    trace = Trace.without_gait(segments)
    notes = [*recording.notes, "attitude only: no steps were looked for (--mount none)"]
    quality = _quality("recording", trace, recording.rate_hz, n_clipped, recording.has_gyro, notes)
    quality["interpolated_s"] = round(recording.interpolated_s, 3)
    quality["neutral"] = {"source": "none", "start_s": None, "end_s": None}
    settings = Settings().as_dict()
    return Walk(clean(path.name, 60), "none", None, float(recording.t_s[0]), trace, settings, quality, up=up)


def _neutral_option(text: str | None, t0_s: float) -> tuple[float, float] | None:
    """START,END in the file's time to seconds from its first sample."""
    if text is None:
        return None
    try:
        start_s, end_s = (float(word) for word in text.split(","))
    except ValueError:
        start_s = end_s = float("nan")
    if not (start_s < end_s < float("inf")):
        raise UsageError(
            f"--neutral-s {clean(text, 40)} is no stretch of time.", "give START,END like --neutral-s 0,3."
        )
    return max(0.0, start_s - t0_s), max(0.0, end_s - t0_s)


def _replay(segments: list[Any], engine: Any, n_samples: int) -> Trace:
    with progress("replaying", n_samples // RATE_HZ, unit="s") as advance:
        return replay(segments, engine, n_samples, lambda done: advance(done // RATE_HZ))


def _quality(
    source: str, trace: Trace, rate_hz: float, n_clipped: int, has_gyro: bool, notes: list[str]
) -> dict[str, Any]:
    missing = sum(length for _, length in trace.gaps)
    return {
        "source": source,
        "sample_rate_hz": round(float(rate_hz), 2),
        "missing_s": round(missing / RATE_HZ, 3),
        "gaps": len(trace.gaps),
        "clipped_samples": n_clipped,
        "clipped_percent": round(100 * n_clipped / max(1, trace.n_samples - missing), 2),
        "gyro": has_gyro,
        "core": VERSION,
        "notes": notes,
    }
