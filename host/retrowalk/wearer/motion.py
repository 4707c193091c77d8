"""How the clip's place on the body moves: path and attitude in the world, and from them what an ideal IMU feels there.

World: X where the wearer faces at the start, Y left, Z up. Body = docs/reference/frames.md. m, rad, s. Called by the
walking model.
"""

from dataclasses import dataclass

import numpy as np

from retrowalk.recordings.recording import STANDARD_GRAVITY_MPS2
from retrowalk.wearer import gait_cycle

_SHANK_SENSOR_M = 0.10


@dataclass(frozen=True)
class Motion:
    """On a regular grid of `dt_s`: `position_m` [n, 3] in the world, `angles_rad` [n, 3] roll, pitch, yaw (Z-Y-X)."""

    dt_s: float
    position_m: np.ndarray
    angles_rad: np.ndarray

    def rotation(self):
        """[n, 3, 3] with world = rotation @ body."""
        roll, pitch, yaw = self.angles_rad.T
        cr, sr, cp, sp, cy, sy = np.cos(roll), np.sin(roll), np.cos(pitch), np.sin(pitch), np.cos(yaw), np.sin(yaw)
        rows = [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
        return np.moveaxis(np.array(rows), 2, 0)

    def specific_force_mps2(self):
        """[n, 3] in the body's axes: +9.8 on the axis that points up while at rest."""
        velocity = np.gradient(self.position_m, self.dt_s, axis=0, edge_order=2)
        force = np.gradient(velocity, self.dt_s, axis=0, edge_order=2)
        force[:, 2] += STANDARD_GRAVITY_MPS2
        return np.einsum("nij,ni->nj", self.rotation(), force)

    def angular_rate_radps(self):
        """[n, 3] in the body's axes, from the derivatives of the Z-Y-X angles."""
        roll, pitch, _ = self.angles_rad.T
        d_roll, d_pitch, d_yaw = np.gradient(self.angles_rad, self.dt_s, axis=0, edge_order=2).T
        x = d_roll - d_yaw * np.sin(pitch)
        y = d_pitch * np.cos(roll) + d_yaw * np.cos(pitch) * np.sin(roll)
        z = -d_pitch * np.sin(roll) + d_yaw * np.cos(pitch) * np.cos(roll)
        return np.column_stack([x, y, z])

    def lean_deg(self):
        """Forward lean [n] as the core defines it: atan2(-up_x, up_z)."""
        roll, pitch, _ = self.angles_rad.T
        return np.degrees(np.arctan2(np.sin(pitch), np.cos(roll) * np.cos(pitch)))

    def side_deg(self):
        """Side lean [n], right positive: atan2(up_y, up_z)."""
        return np.degrees(self.angles_rad[:, 0])


def waist_motion(commands, phase, size):
    """The lower back. phase [n] in strides; size [n]: amplitude of the cycle, 0 standing, about 1 walking."""
    phase = gait_cycle.dwelling(phase, commands.cadence_spm)
    cycle_m = gait_cycle.waist_displacement_m(phase, commands.cadence_spm, commands.speed_mps)
    angles = gait_cycle.waist_angles_rad(phase, commands.cadence_spm, commands.speed_mps) * size[:, None]
    angles += np.column_stack([commands.side_rad, commands.lean_rad, commands.heading_rad + commands.twist_rad])
    return Motion(_dt_s(commands), path_m(commands) + _headed(cycle_m * size[:, None], commands), angles)


def ankle_motion(commands, phase, size, foot):
    """Just above the outer ankle of the `left` or `right` foot; other arguments as for `waist_motion`."""
    phase = gait_cycle.dwelling(phase, commands.cadence_spm) + (0.5 if foot == "right" else 0.0)
    backward = np.clip(-commands.drive, 0, 1)
    shank = size * gait_cycle.shank_pitch_rad(phase, commands.cadence_spm, commands.speed_mps, backward)
    ankle_m = gait_cycle.ankle_displacement_m(phase, commands.cadence_spm, commands.speed_mps) * size[:, None]
    ankle_m += _SHANK_SENSOR_M * np.column_stack([np.sin(shank), np.zeros(len(shank)), np.cos(shank)])
    angles = np.column_stack([np.zeros(len(shank)), shank, commands.heading_rad])
    return Motion(_dt_s(commands), path_m(commands) + _headed(ankle_m, commands), angles)


def path_m(commands):
    """The mean path over ground [n, 3]: speed times drive along the heading, integrated by the trapezoid rule. On a
    belt the body stays where it is.
    """
    if commands.belt:
        return np.zeros((len(commands.t_s), 3))
    along = commands.speed_mps * commands.drive
    velocity = _headed(np.column_stack([along, np.zeros(len(along)), np.zeros(len(along))]), commands)
    return _integral(velocity, _dt_s(commands))


def travelled_m(commands):
    """Length of that path up to each sample [n]."""
    if commands.belt:
        return np.zeros(len(commands.t_s))
    return _integral((commands.speed_mps * np.abs(commands.drive))[:, None], _dt_s(commands))[:, 0]


def _integral(values, dt_s):
    out = np.zeros_like(values)
    out[1:] = np.cumsum((values[1:] + values[:-1]) * (dt_s / 2), axis=0)
    return out


def _headed(vectors, commands):
    """Vectors of the heading's frame turned into the world."""
    cos, sin = np.cos(commands.heading_rad), np.sin(commands.heading_rad)
    x, y, z = vectors.T
    return np.column_stack([cos * x - sin * y, sin * x + cos * y, z])


def _dt_s(commands):
    return float(commands.t_s[1] - commands.t_s[0])
