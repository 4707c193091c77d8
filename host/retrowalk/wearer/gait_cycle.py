"""The gait cycle as sums of harmonics: how the lower back and the ankle move within a stride.

Phase is in strides: 0 is the left initial contact of forward walking, 0.5 the right one; walking backward runs the
same cycle with falling phase, so that it is the time reversal of walking forward. Displacements in m (X forward, Y
left, Z up), angles in rad (roll about X, pitch about Y forward +, yaw about Z left +). Called by wearer.motion.

The constants were fitted by us. Lower back: means over forward trials of ten people of the ipol set at about 1.1 m/s
and 109 steps/min, after taking gravity out (benchmarks/model_check.py shows how near the model is). Ankle: 7 straight
strides of the NeuRA sample, optical ankle path and shank rate. Speed exponents: the regression over ipol above 1.1 m/s;
below it the first harmonics fall more slowly, because the slow bouts of the Mobilise-D lab set (0.4 m/s) are livelier
than that regression says. Below 0.4 m/s, and for how beginners dwell, no recording was found: plausible, not measured.
"""

import numpy as np

TOE_OFF_PHASE = 0.616

_SPEED_MPS = 1.1
_STEP_M = 0.6
# harmonic of the stride, acceleration at 1.1 m/s (m/s^2), speed exponent above 1.1 m/s and below, phase (deg)
_FORWARD = ((2, 1.60, 1.25, 1.2, 62), (4, 0.80, 2.4, 1.8, 46), (6, 0.74, 2.4, 2.2, 7))
_LEFT = ((1, 0.66, 0.4, 0.5, 86), (3, 0.14, 2.0, 1.2, 175), (5, 0.60, 0.9, 1.2, 117))
_UP = ((2, 1.90, 2.1, 1.2, -43), (4, 0.12, 1.7, 1.7, 60), (6, 0.58, 2.0, 2.0, -20))
# harmonic, angular rate (rad/s), exponents, phase of the rate (deg)
_ROLL = ((1, 0.23, 1.0, 0.7, -20), (3, 0.34, 0.4, 0.7, -93), (5, 0.11, 1.0, 0.7, -145))
_PITCH = ((2, 0.14, 1.3, 0.9, -157), (4, 0.035, 0.7, 0.9, -115), (6, 0.13, 2.5, 0.9, -93))
_YAW = ((1, 0.30, 1.8, 0.9, -125), (3, 0.08, 2.0, 0.9, -113), (5, 0.08, 1.0, 0.9, -110))

# harmonic, part of the excursion, phase (deg): shank angle; ankle path in stride lengths; ankle height in m.
_SHANK = ((1, 0.3567, 140), (2, 0.1921, -152), (3, 0.0409, -110), (4, 0.0173, -171), (5, 0.0102, -134))
_ANKLE_FORWARD = ((1, 0.2284, -14), (2, 0.0427, 48), (3, 0.0097, 37), (4, 0.0063, 75))
_ANKLE_UP = ((1, 0.0671, 109), (2, 0.0352, -135), (3, 0.0191, -11), (4, 0.0091, 82))
_SHANK_EXCURSION_DEG = 70.0
# Mid-swing rates on a foot sensor: 274 deg/s forward, 198 backward (design/gait.md).
_BACKWARD_SHANK_RATIO = 198 / 274
_DWELL_PHASE = (TOE_OFF_PHASE - 0.5) / 2


def dwelling(phase, cadence_spm):
    """The phase of a careful walker: below 70 steps/min the time is spent in double support, not in a slow swing.

    phase [n] in strides, evenly running; returns it bent so that it still rises everywhere.
    """
    depth = np.clip((70.0 - cadence_spm) / 60.0, 0.0, 0.6)
    return phase - depth / (4 * np.pi) * np.sin(4 * np.pi * (phase - _DWELL_PHASE))


def waist_displacement_m(phase, cadence_spm, speed_mps):
    """Lower back against its mean path: [n, 3] forward, left, up."""
    columns = [_series(table, phase, cadence_spm, speed_mps, 2) for table in (_FORWARD, _LEFT, _UP)]
    return np.column_stack(columns)


def waist_angles_rad(phase, cadence_spm, speed_mps):
    """Pelvis against the trunk's lean and the heading: [n, 3] roll, pitch, yaw."""
    return np.column_stack([_series(table, phase, cadence_spm, speed_mps, 1) for table in (_ROLL, _PITCH, _YAW)])


def ankle_displacement_m(phase, cadence_spm, speed_mps):
    """Ankle of the leg whose forward contact is at phase 0, against the mean path: [n, 3] forward, left, up."""
    step_m = 60.0 * speed_mps / cadence_spm
    forward = 2 * step_m * _wave(_ANKLE_FORWARD, phase)
    up = np.minimum(1.3, step_m / _STEP_M) ** 0.7 * _wave(_ANKLE_UP, phase)
    return np.column_stack([forward, np.zeros(len(phase)), up])


def shank_pitch_rad(phase, cadence_spm, speed_mps, backward):
    """Shank angle of that leg, forward +: the excursion grows with the length of the step.

    `backward` [n] is 0 forward and 1 backward; backward strides swing the shank less.
    """
    step_m = 60.0 * speed_mps / cadence_spm
    excursion = np.radians(_SHANK_EXCURSION_DEG) * np.minimum(1.3, step_m / _STEP_M) ** 0.8
    return excursion * (1 - backward * (1 - _BACKWARD_SHANK_RATIO)) * _wave(_SHANK, phase)


def speed_scale(speed_mps, above, below):
    """(speed / 1.1 m/s) to the power `above` where faster, `below` where slower."""
    ratio = np.maximum(np.asarray(speed_mps, float), 1e-3) / _SPEED_MPS
    return np.where(ratio > 1, ratio**above, ratio**below)


def _wave(table, phase):
    return sum(size * np.cos(2 * np.pi * k * phase + np.radians(angle_deg)) for k, size, angle_deg in table)


def _series(table, phase, cadence_spm, speed_mps, order):
    """The sum of harmonics whose `order`-th derivative in time has the table's amplitudes and phases."""
    stride_rad_per_s = 2 * np.pi * cadence_spm / 120.0
    out = np.zeros(len(phase))
    for k, size, above, below, angle_deg in table:
        amplitude = size * speed_scale(speed_mps, above, below) / (k * stride_rad_per_s) ** order
        out += amplitude * np.cos(2 * np.pi * k * phase + np.radians(angle_deg - 90 * order))
    return out
