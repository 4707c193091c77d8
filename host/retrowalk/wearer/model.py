"""The walking model: a script in, the track an IMU feels and the exact truth out. A body, not a recording: no data.

The body is kinematic: a smooth path, the gait cycle's displacements and angles laid on it, differentiated on a fine
grid, so that accelerations, rates and gravity agree with each other. Chance (step times, vigour, sway, sensor
errors) comes from the seed alone. Called by wearer.cast, and with a script of their own by tests and benchmarks.
"""

from dataclasses import dataclass, replace

import numpy as np

from retrogait import RATE_HZ
from retrowalk.wearer import motion
from retrowalk.wearer.contacts import ANKLE_SHOCK, WAIST_SHOCK, find_contacts, shock_mps2
from retrowalk.wearer.frames import Frames
from retrowalk.wearer.gait_cycle import dwelling, speed_scale
from retrowalk.wearer.scenario import Scenario
from retrowalk.wearer.script import commands as command_script
from retrowalk.wearer.truth import Truth, intervals_of, sudden_stops_of, turns_of

_FINE = 4
_COARSE = slice(None, None, _FINE)
_FIRST_PHASE = 0.3
# A pace that wanders by 1 from step to step makes step times differ by 1 / 1.25: neighbours are partly averaged.
_STEP_UNEVENNESS = 1.25
_VIGOUR_VARIATION = 0.08
_SWAY_RAD = np.radians(0.35)
# What no two strides share, at 1.1 m/s: force up to about 4 Hz, and the wobble of clip and skin, up to about 8 Hz.
_UNREST_MPS2 = {"waist": 0.55, "ankle": 0.8}
_UNREST_KNOT_S = 0.12
_WOBBLE_RAD = np.radians(0.6)
_WOBBLE_KNOT_S = 0.06


@dataclass(frozen=True)
class Walk:
    """`frames`: what the clip feels, in its sensor's frame. `truth`: what the wearer did."""

    frames: Frames
    truth: Truth


def walk(script, mount="waist", seed=0, clip=None, foot="right"):
    """Walk a script (sequence of wearer.script.Segment) with a clip at the `waist` or above the outer ankle of `foot`.

    `clip` is a wearer.clip.Clip; by default it hangs straight and has the data sheet's noise. Raises ValueError for a
    script nobody can walk and for an unknown mount or foot.
    """
    return walk_scenario(Scenario(tuple(script)), mount, seed, clip, foot)


def walk_scenario(scenario, mount="waist", seed=0, clip=None, foot="right"):
    """Walk a wearer.scenario.Scenario; `clip` stands in for the scenario's own. Otherwise as `walk`."""
    if mount not in _UNREST_MPS2 or foot not in ("left", "right"):
        raise ValueError(f"a clip is worn at the waist, or at the ankle of the left or right foot, not {mount}, {foot}")
    # Streams of their own: one seed gives the same steps at waist and ankle, and the same clip in every script.
    wearer_rng, clip_rng, unrest_rng, uneven_rng = (np.random.default_rng([seed, stream]) for stream in (1, 2, 3, 4))
    manner = scenario.manner
    told = _told(scenario, wearer_rng)
    phase = _phase(told, manner, wearer_rng, uneven_rng)
    size = np.abs(told.drive) * (1 + _VIGOUR_VARIATION * _drift(told.t_s, 0.8, wearer_rng))
    if manner.limps:
        phase = manner.limping(phase, told.drive)
        size = size * manner.rise(phase)
    contacts = find_contacts(told, dwelling(phase, told.cadence_spm))
    pelvis = motion.waist_motion(told, phase, size)
    moved = pelvis if mount == "waist" else motion.ankle_motion(told, phase, size, foot)
    wobble_rad = _WOBBLE_RAD * _unrest(told, _WOBBLE_KNOT_S, unrest_rng)
    moved = replace(moved, angles_rad=moved.angles_rad + wobble_rad)
    for event in scenario.events:
        pelvis, moved = event.move(pelvis, "waist", foot), event.move(moved, mount, foot)
    felt = contacts if mount == "waist" else [contact for contact in contacts if contact.foot == foot]
    force = moved.specific_force_mps2() + shock_mps2(felt, WAIST_SHOCK if mount == "waist" else ANKLE_SHOCK, told.t_s)
    force += _UNREST_MPS2[mount] * _unrest(told, _UNREST_KNOT_S, unrest_rng)
    rate = moved.angular_rate_radps()
    for event in scenario.events:
        force, rate = event.slip(told.t_s, force, rate)
    frames = (clip or scenario.clip).feel(force[_COARSE], rate[_COARSE], mount, clip_rng)
    return Walk(frames, _truth(scenario, told, contacts, pelvis))


def _told(scenario, rng):
    """The commands with the small slow sway nobody can stand without, and with the events."""
    told = replace(command_script(scenario.segments, RATE_HZ * _FINE), belt=scenario.manner.belt)
    sway_rad = _SWAY_RAD * scenario.manner.sway
    told.lean_rad[:] += sway_rad * _drift(told.t_s, 1.5, rng)
    told.side_rad[:] += sway_rad * _drift(told.t_s, 1.5, rng)
    for event in scenario.events:
        told = event.tell(told)
    return told


def _truth(scenario, told, contacts, pelvis):
    belt_mps = told.speed_mps * np.abs(told.drive) * told.belt
    episodes = sudden_stops_of(scenario.segments)
    episodes += [episode for event in scenario.events for episode in event.episodes()]
    return Truth(
        step_times_s=np.array([contact.t_s for contact in contacts]),
        step_directions=[contact.direction for contact in contacts],
        step_feet=[contact.foot for contact in contacts],
        lean_deg=pelvis.lean_deg()[_COARSE],
        side_deg=pelvis.side_deg()[_COARSE],
        heading_deg=np.degrees(told.heading_rad)[_COARSE],
        distance_m=motion.travelled_m(told)[_COARSE],
        intervals=intervals_of(scenario.segments),
        turns=turns_of(scenario.segments),
        twist_deg=np.degrees(told.twist_rad)[_COARSE],
        belt_mps=belt_mps[_COARSE],
        episodes=sorted(episodes, key=lambda episode: episode.start_s),
        purpose=scenario.purpose,
    )


def _phase(told, manner, rng, uneven_rng):
    """Phase [n] in strides, evenly running but for chance; it falls while walking backward."""
    strides_per_s = told.drive * told.cadence_spm / 120.0 * told.pace
    strides_per_s = strides_per_s * (1 + manner.rhythm_percent / 100 * _drift(told.t_s, 0.5, rng))
    if told.irregular.any():
        steps = np.cumsum(np.abs(strides_per_s)) * 2 * (told.t_s[1] - told.t_s[0])
        strides_per_s = strides_per_s * (1 + _STEP_UNEVENNESS * told.irregular * _drift(steps, 1.0, uneven_rng))
    dt_s = told.t_s[1] - told.t_s[0]
    steps = np.concatenate([[0.0], (strides_per_s[1:] + strides_per_s[:-1]) / 2 * dt_s])
    return _FIRST_PHASE + np.cumsum(steps)


def _drift(t_s, knot_s, rng):
    """Smooth noise [n] of about unit spread: random knots every `knot_s` of the rising `t_s`, joined by a Catmull-Rom
    spline.
    """
    n_knots = int(t_s[-1] / knot_s) + 4
    knots = np.clip(rng.normal(size=n_knots), -2.5, 2.5)
    at = t_s / knot_s
    i = at.astype(int)
    f = at - i
    p0, p1, p2, p3 = (knots[i + k] for k in range(4))
    cubic = 2 * p0 - 5 * p1 + 4 * p2 - p3 + f * (3 * (p1 - p2) + p3 - p0)
    return p1 + 0.5 * f * (p2 - p0 + f * cubic)


def _unrest(told, knot_s, rng):
    """Smooth noise [n, 3], of about unit spread while walking at 1.1 m/s, less when slower, none while standing."""
    noise = np.column_stack([_drift(told.t_s, knot_s, rng) for _ in range(3)])
    return noise * (np.abs(told.drive) * speed_scale(told.speed_mps, 1.0, 1.0))[:, None]
