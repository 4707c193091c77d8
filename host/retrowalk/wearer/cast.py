"""The walks that have a name: `retrowalk virtual --walk model:demo`, tests and the demo choose one here.

Data only, but for `model`. The coach's limits these walks keep or break are in firmware/retrogait/settings.py: lean 8
degrees for 1.5 s, 110 steps/min for 3 s. Every walk begins with at least 3 s of standing, for a neutral stance.
"""

from dataclasses import replace

from retrowalk.errors import UsageError
from retrowalk.wearer.model import walk
from retrowalk.wearer.script import BACKWARD, FORWARD, Segment

_STAND = Segment(4.0)
_STEADY = Segment(20.0, BACKWARD, 0.55, 90.0)
_SLOW = Segment(40.0, BACKWARD, 0.25, 36.0)
_FORWARD = Segment(10.0, FORWARD, 1.1, 108.0)


def _for(segment, duration_s, **changes):
    return replace(segment, duration_s=duration_s, **changes)


CAST = {
    # Backward, upright, within every limit: nothing to cue.
    "steady": (_STAND, _for(_STEADY, 60.0), _for(_STAND, 3.0)),
    # One forward lean of 14 degrees for 6 s.
    "lean": (_STAND, _for(_STEADY, 15.0), _for(_STEADY, 6.0, lean_deg=14.0), _for(_STEADY, 15.0), _for(_STAND, 3.0)),
    # One spell of 130 steps/min for 8 s.
    "hurry": (
        _STAND, _for(_STEADY, 15.0), _for(_STEADY, 8.0, speed_mps=0.85, cadence_spm=130.0), _for(_STEADY, 15.0),
        _for(_STAND, 3.0),
    ),
    # Leans to the right, then back.
    "crooked": (
        _STAND, _for(_STEADY, 12.0), _for(_STEADY, 6.0, side_deg=12.0), _for(_STEADY, 10.0),
        _for(_STEADY, 6.0, lean_deg=-13.0), _for(_STEADY, 10.0), _for(_STAND, 3.0),
    ),
    # A beginner, below what ordinary pedometers count.
    "slow": (_STAND, _SLOW, _for(_STAND, 2.0), _for(_SLOW, 24.0, speed_mps=0.35, cadence_spm=46.0), _for(_STAND, 3.0)),
    "stand": (_for(_STAND, 20.0),),
    # Turns both ways between stretches backward, then forward again.
    "turns": (
        _STAND, _for(_STEADY, 10.0), _for(_STEADY, 3.0, speed_mps=0.3, turn_deg=180.0), _for(_STEADY, 10.0),
        _for(_STEADY, 2.5, speed_mps=0.3, turn_deg=-90.0), _for(_STEADY, 10.0), _for(_STAND, 3.0), _FORWARD,
        _for(_FORWARD, 3.0, speed_mps=0.4, turn_deg=-180.0), _FORWARD, _for(_STAND, 3.0),
    ),
    # Forward as in the recorded sets.
    "forward": (_STAND, _for(_FORWARD, 40.0), _for(_STAND, 3.0)),
    # A bit of everything, for the demo: 78 s.
    "demo": (
        _STAND, _for(_STEADY, 18.0), _for(_STEADY, 7.0, lean_deg=14.0), _for(_STEADY, 9.0),
        _for(_STEADY, 8.0, speed_mps=0.85, cadence_spm=130.0), _for(_STEADY, 10.0),
        _for(_STEADY, 3.0, speed_mps=0.3, turn_deg=180.0), _for(_STEADY, 5.0), _for(_STAND, 3.0),
        _for(_FORWARD, 7.0, speed_mps=0.9, cadence_spm=100.0), _STAND,
    ),
    # Calibration at the ankle: stand, then a few steps forward.
    "first_steps": (_STAND, _for(_FORWARD, 6.0, speed_mps=0.8, cadence_spm=95.0), _for(_STAND, 2.0)),
    # The answer to the double buzz of the calibration by touch, 2.4 s.
    "bow": (Segment(1.2, lean_deg=25.0, ramp_s=1.2), Segment(1.2, ramp_s=1.2)),
}  # fmt: skip


def model(name, mount="waist", seed=0, clip=None, foot="right"):
    """Walk the script of that name: a wearer.model.Walk. Arguments as for `wearer.model.walk`.

    Raises UsageError if nobody has that name.
    """
    if name not in CAST:
        raise UsageError(f"There is no walking model called {name!r}.", f"choose one of: {', '.join(sorted(CAST))}.")
    return walk(CAST[name], mount, seed, clip, foot)
