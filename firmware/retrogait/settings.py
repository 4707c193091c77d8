"""What can be set, with unit, range, default and reason: one table for device, host and docs.

The reasons and sources of the defaults are in docs/reference/settings.md. A `Settings` object has one integer
attribute for each row; values outside their range are refused.
"""

# name: (default, lowest, highest, unit, what it is)
SCHEMA = {
    "lean_cue_cdeg": (800, 200, 3000, "cdeg", "lean beyond this, either way, is a fault"),
    "lean_clear_cdeg": (500, 100, 2900, "cdeg", "lean inside this is good again"),
    "lean_alarm_cdeg": (1500, 300, 4500, "cdeg", "lean beyond this is a fault after the short dwell"),
    "lean_dwell_ms": (1500, 200, 10000, "ms", "how long a lean fault must last before a cue"),
    "lean_alarm_dwell_ms": (500, 100, 5000, "ms", "the short dwell"),
    "cadence_limit_spm": (110, 20, 200, "steps/min", "faster than this is a pace fault; 0.45 m/s at 0.25 m a step"),
    "cadence_clear_spm": (104, 15, 195, "steps/min", "slower than this is good again"),
    "pace_dwell_ms": (3000, 500, 20000, "ms", "how long a pace fault must last before a cue"),
    "cue_rest_ms": (4000, 4000, 60000, "ms", "least time from the start of one cue to the next"),
    "cue_shortest_ms": (100, 80, 200, "ms", "buzz for an error just over the limit"),
    "cue_longest_ms": (300, 100, 500, "ms", "buzz for an error of twice the limit or more"),
    "good_again_ms": (60, 0, 120, "ms", "tick when a cued fault is over; 0 for none"),
    "height_cm": (0, 0, 250, "cm", "body height, for the length of a step; 0 is unknown"),
    "step_forward_permille": (
        1000,
        400,
        2500,
        "permille",
        "walked over estimated distance, forward; 1000 is uncalibrated",
    ),
    "step_backward_permille": (1000, 400, 2500, "permille", "the same, backward"),
    "mask_tail_ms": (100, 0, 500, "ms", "how long after a buzz the IMU stays masked"),
}

_LOWEST_HEIGHT_CM = 50


class SettingsError(ValueError):
    """A setting has an unknown name, a wrong type or a value out of range; the text says which and what is allowed."""


class Settings:
    """The defaults of SCHEMA with `changes` ({name: integer}) laid over them. Raises SettingsError."""

    def __init__(self, changes=None):
        for name, row in SCHEMA.items():
            setattr(self, name, row[0])
        if changes:
            for name, value in changes.items():
                self._set(name, value)
        self._check_pairs()

    def _set(self, name, value):
        row = SCHEMA.get(name)
        if row is None:
            raise SettingsError("there is no setting called %r" % (name,))
        if not isinstance(value, int) or isinstance(value, bool):
            raise SettingsError("%s must be a whole number of %s" % (name, row[3]))
        if not row[1] <= value <= row[2]:
            raise SettingsError("%s must be from %d to %d %s, not %d" % (name, row[1], row[2], row[3], value))
        setattr(self, name, value)

    def _check_pairs(self):
        for low, high in (
            ("lean_clear_cdeg", "lean_cue_cdeg"),
            ("lean_cue_cdeg", "lean_alarm_cdeg"),
            ("cadence_clear_spm", "cadence_limit_spm"),
            ("cue_shortest_ms", "cue_longest_ms"),
        ):
            if getattr(self, low) >= getattr(self, high):
                raise SettingsError("%s must be below %s" % (low, high))

        if 0 < getattr(self, "height_cm") < _LOWEST_HEIGHT_CM:  # noqa: B009 the attributes come from SCHEMA
            raise SettingsError("height_cm must be 0 (unknown) or at least %d" % _LOWEST_HEIGHT_CM)

    def as_dict(self):
        """{name: value} of every row, as stored in settings.json and in a session's header block."""
        return {name: getattr(self, name) for name in SCHEMA}
