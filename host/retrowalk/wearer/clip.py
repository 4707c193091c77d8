"""The clip as a sensor: how it hangs, and what its IMU adds to the truth.

Takes specific force (m/s^2) and angular rate (rad/s) in the wearer's frame, gives Frames in the sensor's. Called by the
walking model.
"""

from dataclasses import dataclass

import numpy as np

from retrogait import RATE_HZ
from retrowalk.recordings.recording import STANDARD_GRAVITY_MPS2
from retrowalk.wearer.frames import MOUNTINGS, Frames
from retrowalk.wearer.schema import number


@dataclass(frozen=True)
class Clip:
    """How the clip hangs (degrees: `pitch` forward, `roll` right, `twist` left, on top of the mount's nominal axes) and
    its errors. Noise densities are the LSM6DSOX data sheet's; biases are drawn from +- these limits, by seed.
    """

    pitch_deg: float = number("deg", -180, 180, "tipped forward", 0.0)
    roll_deg: float = number("deg", -180, 180, "tipped to the right", 0.0)
    twist_deg: float = number("deg", -180, 180, "turned to the left; 180 is put on turned round", 0.0)
    accel_noise_mg: float = 0.6
    gyro_noise_dps: float = 0.03
    accel_bias_mg: float = 6.0
    gyro_bias_dps: float = 0.5
    accel_range_g: float = 16.0

    def mounting(self, mount):
        """[3, 3] with body = mounting @ sensor. Raises ValueError if `mount` is neither waist nor ankle."""
        if mount not in MOUNTINGS:
            raise ValueError(f"a clip is worn at the waist or the ankle, not at {mount!r}")
        return self._tilt() @ MOUNTINGS[mount]

    def feel(self, force_mps2, rate_radps, mount, rng):
        """What the IMU feels, as Frames; `rng` is a numpy Generator, the only source of chance."""
        accel_g = force_mps2 / STANDARD_GRAVITY_MPS2 @ self.mounting(mount)
        rate_dps = np.degrees(rate_radps) @ self.mounting(mount)
        accel_g = accel_g + rng.uniform(-1, 1, 3) * self.accel_bias_mg / 1000
        rate_dps = rate_dps + rng.uniform(-1, 1, 3) * self.gyro_bias_dps
        accel_g = accel_g + rng.normal(0, self.accel_noise_mg / 1000, accel_g.shape)
        rate_dps = rate_dps + rng.normal(0, self.gyro_noise_dps, rate_dps.shape)
        accel_g = np.clip(accel_g, -self.accel_range_g, self.accel_range_g)
        t_s = np.arange(len(accel_g)) / RATE_HZ
        return Frames.from_si(t_s, accel_g * STANDARD_GRAVITY_MPS2, np.radians(rate_dps))

    def _tilt(self):
        """body = tilt @ clip: the clip turned about Z, then Y, then X of the wearer."""
        roll, pitch, twist = np.radians([self.roll_deg, self.pitch_deg, self.twist_deg])
        about_x = [[1, 0, 0], [0, np.cos(roll), -np.sin(roll)], [0, np.sin(roll), np.cos(roll)]]
        about_y = [[np.cos(pitch), 0, np.sin(pitch)], [0, 1, 0], [-np.sin(pitch), 0, np.cos(pitch)]]
        about_z = [[np.cos(twist), -np.sin(twist), 0], [np.sin(twist), np.cos(twist), 0], [0, 0, 1]]
        return np.array(about_z) @ np.array(about_y) @ np.array(about_x)
