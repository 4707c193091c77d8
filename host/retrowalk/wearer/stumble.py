"""A stumble: a foot is caught, the step takes about twice its time, the trunk tips and is caught by a quick step.

The body goes on meanwhile. The rule it must meet is that of firmware/retrogait/stumble.py: a step of over 1.8 times the
usual, and a trunk rate of over 100 deg/s. No recording of a real stumble was at hand: times and shape are invented.
"""

from dataclasses import dataclass, replace

import numpy as np

from retrowalk.wearer.event import Event, held
from retrowalk.wearer.schema import number
from retrowalk.wearer.script import smooth_step
from retrowalk.wearer.truth import Episode

_CATCH_S = 0.12
_TIP_S = 0.22
_TIPPED_S = 0.1
_RIGHTED_S = 0.7
# From its release until about the step after, the pace is this much faster.
_HASTE = 0.3
_HASTE_GOING_STEPS = 0.3
_HASTE_STEPS = 1.0


@dataclass(frozen=True)
class Stumble(Event):
    """The legs stand still for `held_steps` of a step while the trunk tips by `pitch_deg`; a quick step follows."""

    pitch_deg: float = number(
        "deg", -40, 40, "how far the trunk tips, forward positive; back is what a caught heel does"
    )
    held_steps: float = number("steps", 0.5, 3, "how long the foot is caught, in usual steps", 1.3)

    @property
    def end_s(self):
        return self.at_s + _TIP_S + _TIPPED_S + _RIGHTED_S

    def tell(self, told):
        cadence_spm = float(np.interp(self.at_s, told.t_s, told.cadence_spm))
        step_s = 60.0 / cadence_spm
        free_s = self.at_s + self.held_steps * step_s
        caught = smooth_step((told.t_s - self.at_s) / _CATCH_S) - smooth_step((told.t_s - free_s) / _CATCH_S)
        going_s = _HASTE_GOING_STEPS * step_s
        haste = held(told.t_s, free_s, going_s, _HASTE_STEPS * step_s, going_s)
        tipped = held(told.t_s, self.at_s, _TIP_S, _TIPPED_S, _RIGHTED_S)
        return replace(
            told,
            pace=told.pace * (1 - caught) * (1 + _HASTE * haste),
            lean_rad=told.lean_rad + np.radians(self.pitch_deg) * tipped,
        )

    def episodes(self):
        return [Episode(self.at_s, self.end_s, "stumble", self.pitch_deg)]
