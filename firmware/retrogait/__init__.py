"""The pure gait core: integers in, events out.

No machine, no clock, no files, no floats. The same files run on the ESP32, in the virtual device and in
CPython, and give bit-identical results on all three. Frames, signs and units: docs/reference/frames.md.
"""

VERSION = "0.2.0"

PROTOCOLS = (1, 2)
"""The oldest and the newest link protocol that this version speaks (docs/reference/link.md); 1 told no number."""

RATE_HZ = 104
"""Nominal sample rate of every stream that enters the core, in Hz."""


def const(value):
    """`value`. MicroPython's compiler knows the call by its name and writes the number wherever `_NAME` stands."""
    return value
