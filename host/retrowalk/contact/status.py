"""What a device says about itself: one JSON object of the link, checked before anyone uses it.

Text from a device is data: it is never evaluated, never a path, and it is stripped of control characters here.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from retrowalk.console import clean

ANSWER_BYTES = 4096
_STATES = ("idle", "recording", "calibrating", "countdown")
_DEVICE_ID = re.compile(r"[0-9a-f]{4,64}")


class NotAnAnswer(ValueError):
    """The text is no answer of a Retrowalk; str() says why."""


@dataclass(frozen=True)
class UpdateFailed:
    """A version that the device gave up, going back to the one before: `why` is a word of deploying.confirmation."""

    why: str
    version: str | None


@dataclass(frozen=True)
class Status:
    """One `rw status` answer; what the device does not know is None. Units are in the names.

    protocols: the oldest and the newest link protocol it speaks; a firmware that tells none speaks the first. frames:
    the version of the bulk transfer's.
    """

    device_id: str
    state: str
    segment: str | None = None
    coaching: str | None = None
    version: str | None = None
    content: str | None = None
    slot: str | None = None
    confirmed: bool | None = None
    update_failed: "UpdateFailed | None" = None
    protocols: tuple[int, int] = (1, 1)
    name: str | None = None
    board: str | None = None
    session: int | None = None
    steps: int | None = None
    direction: str | None = None
    mount: str | None = None
    side: str | None = None
    clip_moved: bool = False
    calibrated: bool = False
    battery_mv: int | None = None
    flash_free_kb: int | None = None
    faults: dict[str, int | str] | None = None
    calibration_ok: bool | None = None
    calibration_reason: str | None = None
    woke_by: str | None = None
    sleeps_after_s: int | None = None
    dozes: bool = False
    frames: int | None = None


def parse_answer(text: bytes) -> dict[str, Any]:
    """The JSON object of one answer (without the leading `RW `). Raises NotAnAnswer."""
    if len(text) > ANSWER_BYTES:
        raise NotAnAnswer("it is too long")
    try:
        answer = json.loads(text.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise NotAnAnswer("it is not JSON") from error
    if not isinstance(answer, dict):
        raise NotAnAnswer("it is not an object")
    return answer


def parse_status(answer: dict[str, Any]) -> Status:
    """The checked status in an answer. Raises NotAnAnswer if it is none."""
    if answer.get("app") != "retrowalk":
        raise NotAnAnswer("it is not from the Retrowalk app")
    device_id = answer.get("device_id")
    if not isinstance(device_id, str) or not _DEVICE_ID.fullmatch(device_id):
        raise NotAnAnswer("its device_id is not a hexadecimal number")
    state = answer.get("state")
    if state not in _STATES:
        raise NotAnAnswer("its state is unknown")
    calibration = answer.get("last_calibration")
    calibration = calibration if isinstance(calibration, dict) else {}
    return Status(
        device_id=device_id,
        state=state,
        segment=_text(answer, "segment"),
        coaching=_text(answer, "coaching"),
        version=_text(answer, "version"),
        content=_text(answer, "content"),
        slot=_text(answer, "slot"),
        confirmed=answer.get("confirmed") if isinstance(answer.get("confirmed"), bool) else None,
        update_failed=_update_failed(answer.get("update_failed")),
        protocols=_protocols(answer.get("protocol")),
        name=_text(answer, "name"),
        board=_text(answer, "board"),
        session=_number(answer, "session"),
        steps=_number(answer, "steps"),
        direction=_text(answer, "direction"),
        mount=_text(answer, "mount"),
        side=_text(answer, "side"),
        clip_moved=answer.get("clip_moved") is True,
        calibrated=answer.get("calibrated") is True,
        battery_mv=_number(answer, "battery_mv"),
        flash_free_kb=_number(answer, "flash_free_kb"),
        faults=_faults(answer.get("faults")),
        calibration_ok=calibration.get("ok") if isinstance(calibration.get("ok"), bool) else None,
        calibration_reason=_text(calibration, "reason"),
        woke_by=_text(answer, "woke_by"),
        sleeps_after_s=_number(answer, "sleeps_after_s"),
        dozes=answer.get("dozes") is True,
        frames=_number(answer, "frames"),
    )


def is_device_id(text: object) -> bool:
    """True for a device id as the app writes it: 4 to 64 lower-case hexadecimal digits."""
    return isinstance(text, str) and _DEVICE_ID.fullmatch(text) is not None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _text(answer: dict[str, Any], key: str) -> str | None:
    value = answer.get(key)
    return clean(value) if isinstance(value, str) else None


def _number(answer: dict[str, Any], key: str) -> int | None:
    value = answer.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 31:
        return value
    return None


def _update_failed(value: object) -> UpdateFailed | None:
    if not isinstance(value, dict):
        return None
    return UpdateFailed(_text(value, "why") or "", _text(value, "version"))


def _protocols(value: object) -> tuple[int, int]:
    """(oldest, newest). A firmware from before the number is told as the first protocol, and so is nonsense."""
    if isinstance(value, list) and len(value) == 2 and all(type(each) is int for each in value):
        oldest, newest = value
        if 1 <= oldest <= newest < 1 << 15:
            return oldest, newest
    return 1, 1


def _faults(value: object) -> dict[str, int | str]:
    if not isinstance(value, dict):
        return {}
    kept: dict[str, int | str] = {}
    for key, told in list(value.items())[:32]:
        if isinstance(told, int):
            kept[clean(key, 40)] = int(told)
        elif isinstance(told, str):
            kept[clean(key, 40)] = clean(told)
    return kept
