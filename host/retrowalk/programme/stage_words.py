"""What each stage asks of the walker, in words for the walker. Toes land first; the rail is beside, never behind."""

from retrogait.stages import ADVANCED, ASSISTED, FORM, STAGE_NAMES, STATIC, UNASSISTED

FOOT = "Reach back, touch with the ball of the foot, lower the heel."

WORDS = {
    STATIC: (
        "Stand beside a rail or counter and hold it.",
        "Shift your weight from side to side, then tap a toe behind you: 10 taps with each leg, rest, and 10 again.",
        "Stay upright.",
    ),
    ASSISTED: (
        "Walk backward 5 to 10 m with a hand on a rail beside you. Never with a wall behind you.",
        FOOT,
        "Three walks without stopping on the way; turn and walk back the same way, backward too.",
    ),
    UNASSISTED: (
        "Walk backward in the open for 30 s or 20 m, three times; a rail within reach beside you.",
        FOOT,
        "Let the buzz keep you upright, instead of looking over your shoulder all the time.",
    ),
    FORM: (
        "Walk backward for 3 min in all, at a steady pace, upright, with small deliberate steps.",
        FOOT,
        "Fewer buzzes come now: try to need none.",
    ),
    ADVANCED: (
        "Change one thing at a time: time, speed, incline, treadmill or resistance.",
        FOOT,
        "On a treadmill: with rails and a stop clip, from 0.5 to 1.0 mph (0.22 to 0.45 m/s).",
    ),
}


def is_stage(value: object) -> bool:
    """True for 1 to 5."""
    return isinstance(value, int) and not isinstance(value, bool) and STATIC <= value <= ADVANCED


def stage_text(stage: int) -> str:
    """Number and name: "3 unassisted"."""
    return f"{stage} {STAGE_NAMES[stage]}"
