"""The contract of `retrowalk analyze --json` (architecture.md, format 1) as a validator."""

from itertools import pairwise

FAULTS = {"lean_forward", "lean_back", "lean_side", "too_fast", "twist", "unsteady", "wrong_way", "stumble"}
KINDS = {"cue", "good_again", "turn", "stumble", "fall", "pause", "resume", "mark", "pain", "gap"}
COURSE_KINDS = {"segment", "goal", "withheld", "trial", "clip_moved"}
KEYS = {
    "format", "mount", "duration_s", "steps", "step_count", "cadence_spm", "segments", "distance_m", "speed_mps",
    "events", "course", "quality",
}  # fmt: skip


def is_number(value) -> bool:
    """int or float, and no bool."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def check(found: dict) -> None:
    """Assert that `found` is what the contract says, key by key."""
    assert found["format"] == 1
    assert found["mount"] in ("waist", "ankle", "none")
    assert set(found) - {"attitude"} == KEYS | ({"lean"} if found["mount"] == "waist" else set())
    assert "attitude" in found or found["mount"] != "none"
    assert is_number(found["duration_s"]) and found["duration_s"] > 0
    for name in ("cadence_spm", "distance_m", "speed_mps"):
        assert found[name] is None or is_number(found[name])
    assert isinstance(found["quality"], dict)
    for name in ("distance_m", "speed_mps"):
        assert found[name] is not None or found["quality"][name.rsplit("_", 1)[0]]
    _check_steps(found)
    _check_segments(found)
    if found["mount"] == "waist":
        _check_lean(found)
    if "attitude" in found:
        _check_attitude(found)
    for event in found["events"]:
        _check_event(event)
    for told in found["course"]:
        assert told["kind"] in COURSE_KINDS and is_number(told["t_s"])
    times = [event["t_s"] for event in found["events"]]
    assert times == sorted(times)


def _check_steps(found: dict) -> None:
    assert found["step_count"] == len(found["steps"])
    times = [step["t_s"] for step in found["steps"]]
    assert times == sorted(times)
    for step in found["steps"]:
        assert set(step) == {"t_s", "direction"}
        assert is_number(step["t_s"])
        assert step["direction"] in ("backward", "forward", "unknown")


def _check_segments(found: dict) -> None:
    segments = found["segments"]
    for segment in segments:
        assert set(segment) == {"start_s", "end_s", "state"}
        assert segment["start_s"] < segment["end_s"]
        assert segment["state"] in ("backward", "forward", "turn", "still", "unknown")
    for before, after in pairwise(segments):
        assert before["end_s"] == after["start_s"]
        assert before["state"] != after["state"]
    assert abs(segments[-1]["end_s"] - segments[0]["start_s"] - found["duration_s"]) < 0.001


def _check_lean(found: dict) -> None:
    lean = found["lean"]
    assert set(lean) == {"rate_hz", "t0_s", "forward_deg", "side_deg"}
    assert is_number(lean["rate_hz"]) and is_number(lean["t0_s"])
    assert len(lean["forward_deg"]) == len(lean["side_deg"])
    assert abs(len(lean["forward_deg"]) / lean["rate_hz"] - found["duration_s"]) < 1 / lean["rate_hz"]
    for value in lean["forward_deg"] + lean["side_deg"]:
        assert value is None or (is_number(value) and -180 <= value <= 180)


def _check_attitude(found: dict) -> None:
    attitude = found["attitude"]
    assert set(attitude) == {"rate_hz", "t0_s", "up"}
    assert is_number(attitude["rate_hz"]) and is_number(attitude["t0_s"])
    assert abs(len(attitude["up"]) / attitude["rate_hz"] - found["duration_s"]) < 0.001
    for up in attitude["up"]:
        assert up is None or abs(sum(each * each for each in up) - 1) < 1e-4


def _check_event(event: dict) -> None:
    assert event["kind"] in KINDS
    assert is_number(event["t_s"])
    if event["kind"] in ("cue", "good_again"):
        assert event["fault"] in FAULTS
    if event["kind"] == "cue":
        assert isinstance(event["length_ms"], int)
    if event["kind"] in ("turn", "gap"):
        assert event["end_s"] > event["t_s"]
    if event["kind"] == "turn":
        assert is_number(event["angle_deg"])
