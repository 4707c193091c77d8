"""The plan of one person: who, safety screens, stage and every decision about it, pins, pain scores. One JSON file.

It lies beside the walks in <archive>/plans/NAME.json: folder 0700, file 0600, written as `.part` and renamed. Fields
of a later version are kept. A file that cannot be read is named and left where it is; nothing is started over it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retrogait.settings import Settings, SettingsError
from retrogait.stages import STATIC
from retrowalk.archive.archive import Archive, storage_error, write_file
from retrowalk.console import clean
from retrowalk.contact.status import is_device_id
from retrowalk.errors import BusyError, DamagedError, UsageError
from retrowalk.programme.criteria import Numbers
from retrowalk.programme.stage_words import is_stage

FORMAT = 1
FOLDER = "plans"
_NOT_IN_A_FILE_NAME = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 40
_MOST_BYTES = 1 << 22
LOWEST_CM, HIGHEST_CM = 50, 250
SETTLING = ("start", "promote", "step_back", "grow", "pin_stage")
"""The decisions that answer a proposal; to pin a limit, or to choose a variable, is none."""


class _Unreadable(ValueError):
    """The file is JSON, but no plan; str() says why."""


@dataclass
class Profile:
    """`stage` is the accepted one. Lists are in the order of time, with `utc_s` in each entry.

    device_id: whose sessions are this person's; None while no walk was synced. pinned_limits: settings of the device,
    pinned_numbers: of retrowalk.programme.criteria. decisions: {utc_s, kind, from, to, reasons, evidence, by}.
    pains: {session reference: {"score", "utc_s"}}. belt, of stage 5: {"variable", "speed_mps", "grade_percent",
    "minutes"}. other: fields of a later version.
    """

    path: Path
    name: str
    device_id: str | None = None
    height_cm: int = 0
    stage: int = STATIC
    pinned_stage: int | None = None
    pinned_limits: dict[str, int] = field(default_factory=dict)
    pinned_numbers: dict[str, float] = field(default_factory=dict)
    screens: list[dict[str, Any]] = field(default_factory=list)
    clearances: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    pains: dict[str, dict[str, Any]] = field(default_factory=dict)
    belt: dict[str, Any] = field(default_factory=dict)
    other: dict[str, Any] = field(default_factory=dict)

    @property
    def numbers(self) -> Numbers:
        """The programme's numbers with this person's pins."""
        return Numbers(self.pinned_numbers)

    @property
    def settled_utc_s(self) -> int:
        """When the stage was last decided: what was known before has been answered. 0 if never."""
        return max((each["utc_s"] for each in self.decisions if each["kind"] in SETTLING), default=0)

    def device_settings(self) -> dict[str, int]:
        """What the device should be told: stage, height and the pinned limits."""
        height = {"height_cm": self.height_cm} if self.height_cm else {}
        return {"stage": self.stage, **height, **self.pinned_limits}

    def decide(
        self, utc_s: int, kind: str, reasons: list[str], to: int | None = None, told: Mapping[str, Any] | None = None
    ) -> None:
        """Note a decision; `to` changes the stage; `told`: more fields of the entry."""
        after = self.stage if to is None else to
        entry = {"utc_s": utc_s, "kind": kind, "from": self.stage, "to": after, "reasons": reasons, **(told or {})}
        self.decisions.append(entry)
        self.stage = after

    def save(self) -> None:
        """Write the file. Raises FailedError."""
        try:
            self.path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.parent.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise storage_error(self.path, error) from error
        known = {name: getattr(self, name) for name in _FIELDS}
        told = json.dumps({"format": FORMAT, **self.other, **known}, indent=1, allow_nan=False)
        write_file(self.path, told.encode() + b"\n")


_FIELDS = (
    "name", "device_id", "height_cm", "stage", "pinned_stage", "pinned_limits", "pinned_numbers", "screens",
    "clearances", "decisions", "pains", "belt",
)  # fmt: skip


def path_for(archive: Archive, name: str) -> Path:
    """The file of a person of this name. Raises UsageError for a name without a Latin letter or digit."""
    slug = _NOT_IN_A_FILE_NAME.sub("-", name.lower()).strip("-")[:_LONGEST_NAME]
    if not slug:
        raise UsageError(f"{clean(name)!r} cannot become a file's name.", "give one with letters a to z or digits.")
    return archive.root / FOLDER / f"{slug}.json"


def stored(archive: Archive) -> list[Path]:
    """The files of all plans."""
    try:
        return sorted(each for each in (archive.root / FOLDER).iterdir() if each.suffix == ".json")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise storage_error(archive.root / FOLDER, error) from error


def choose(archive: Archive, name: str | None) -> Profile:
    """The plan of `name`, or the only one. Raises UsageError, BusyError (none yet) and DamagedError."""
    paths = stored(archive)
    if name is not None:
        path = path_for(archive, name)
        if path not in paths:
            raise UsageError(f"There is no plan for {clean(name)}.", f"there are: {_listed(paths) or 'none'}.")
        return load(path)
    if not paths:
        raise BusyError("There is no plan yet.", "`retrowalk plan start` asks the safety questions and makes one.")
    if len(paths) > 1:
        raise UsageError(f"There are {len(paths)} plans: {_listed(paths)}.", "say whose with --name NAME.")
    return load(paths[0])


def of_device(archive: Archive, device_id: str) -> Profile | None:
    """The plan that this device's walks belong to, or None. Raises DamagedError."""
    profiles = [load(path) for path in stored(archive)]
    for profile in profiles:
        if profile.device_id == device_id:
            return profile
    return next((each for each in profiles if each.device_id is None and len(profiles) == 1), None)


def device_for_new(archive: Archive, device_id: str | None) -> str | None:
    """The device of a new plan: the one named, else the only free one of the archive; None while there is none.

    Raises UsageError if it is not clear, or belongs to another plan: one device's walks are one person's.
    """
    taken = {each.device_id: each.name for each in map(load, stored(archive))}
    if device_id is None:
        free = sorted({each.device_id for each in archive.sessions()} - set(taken))
        if len(free) > 1:
            raise UsageError(f"Walks of {len(free)} devices are here: {', '.join(free)}.", "choose with --device ID.")
        device_id = free[0] if free else None
    elif not is_device_id(device_id):
        raise UsageError(f"{clean(device_id)} is no device's id.", "`retrowalk devices` shows it.")
    if device_id in taken:
        whose = clean(taken[device_id])
        if device_id is None:
            raise UsageError(
                f"The plan of {whose} waits for the first synced walk to know its device, and so would this one.",
                "say which device this person wears: --device ID; `retrowalk devices` shows it.",
            )
        raise UsageError(f"That device belongs to the plan of {whose}.", "use one device for each person: --device ID.")
    return device_id


def adopt_device(archive: Archive, profile: Profile) -> None:
    """Give a plan that was made before the first sync the only free device, now that there are walks."""
    if profile.device_id is None:
        others = {each.device_id for each in map(load, stored(archive)) if each.name != profile.name}
        free = sorted({each.device_id for each in archive.sessions()} - others)
        if len(free) == 1:
            profile.device_id = free[0]
            profile.save()


def _listed(paths: list[Path]) -> str:
    return ", ".join(path.stem for path in paths)


def load(path: Path) -> Profile:
    """Read a plan. Raises DamagedError, which names the file and leaves it as it is."""
    try:
        with path.open("rb") as file:
            told = json.loads(file.read(_MOST_BYTES))
        if not isinstance(told, dict):
            raise _Unreadable("it is no JSON object")
        if told.get("format") != FORMAT:
            raise _Unreadable(f"its format is {clean(told.get('format'), 20)} and not {FORMAT}")
        return _parse(path, told)
    except OSError as error:
        raise storage_error(path, error) from error
    except (ValueError, RecursionError, UsageError) as error:
        why = clean(error.message if isinstance(error, UsageError) else error)
        raise DamagedError(
            f"The plan in {path} cannot be used: {why}. It was left as it is, and nothing was planned on a guess.",
            "mend it, or move it away and make a new one with `retrowalk plan start`; the walks are not touched.",
        ) from None


def _parse(path: Path, told: dict[str, Any]) -> Profile:
    """Raises ValueError and UsageError."""
    profile = Profile(path, str(told.get("name") or path.stem)[:_LONGEST_NAME])
    for name in _FIELDS[1:]:
        if name in told:
            setattr(profile, name, told[name])
    profile.other = {name: value for name, value in told.items() if name not in (*_FIELDS, "format")}
    if not is_stage(profile.stage) or not (profile.pinned_stage is None or is_stage(profile.pinned_stage)):
        raise _Unreadable("its stage is none of 1 to 5")
    if not (profile.device_id is None or isinstance(profile.device_id, str)):
        raise _Unreadable("its device_id is no text")
    _check_height(profile.height_cm)
    for name in ("pinned_limits", "pinned_numbers", "pains", "belt"):
        if not isinstance(getattr(profile, name), dict):
            raise _Unreadable(f"its {name} are no object")
    for name, needed in (("screens", ("wording", "answers")), ("clearances", ("by",)), ("decisions", ("kind", "to"))):
        _check_entries(name, getattr(profile, name), needed)
    _check_entries("pains", list(profile.pains.values()), ("score",))
    if any(not isinstance(each["answers"], dict) for each in profile.screens):
        raise _Unreadable("its screens have no answers")
    if any(not is_stage(each["to"]) for each in profile.decisions):
        raise _Unreadable("its decisions lead to no stage")
    if any(not isinstance(each["score"], int) for each in profile.pains.values()):
        raise _Unreadable("its pains have no score")
    _check_belt(profile.belt)
    check_limits(profile.device_settings())
    profile.numbers  # noqa: B018 raises for a number that is out of range
    return profile


def _check_entries(name: str, entries: object, needed: tuple[str, ...]) -> None:
    for each in entries if isinstance(entries, list) else [None]:
        if not isinstance(each, dict) or not isinstance(each.get("utc_s"), int) or not set(needed) <= set(each):
            raise _Unreadable(f"its {name} are not as written")


def _check_belt(belt: dict[str, Any]) -> None:
    numbers = [belt.get(name) for name in ("minutes", "speed_mps", "grade_percent")]
    if not all(each is None or (isinstance(each, int | float) and 0 <= each <= 120) for each in numbers):
        raise _Unreadable("its belt has no sensible numbers")


def _check_height(height_cm: object) -> None:
    if height_cm != 0 and not (isinstance(height_cm, int) and LOWEST_CM <= height_cm <= HIGHEST_CM):
        raise _Unreadable(f"its height_cm is not from {LOWEST_CM} to {HIGHEST_CM}")


def check_limits(settings: dict[str, int]) -> None:
    """Raises UsageError for settings the device would refuse."""
    try:
        Settings(settings)
    except (SettingsError, KeyError, TypeError) as error:
        told = f"The device would refuse this: {clean(error)}."
        raise UsageError(told, "`retrowalk config show` has the ranges.") from None
