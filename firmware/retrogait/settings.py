"""What can be set, with unit, range and default: one table for device, host and docs.

The reasons and sources of the defaults are in docs/reference/settings.md. A `Settings` object has one integer
attribute for each row; values outside their range are refused. The stage of the programme changes some defaults
(retrogait.stages); what was set stands above the stage.
"""

from retrogait.stages import PRESETS, UNASSISTED

# name: (default, lowest, highest, unit); what each one means is in host/retrowalk/settings/setting_meanings.py
SCHEMA = {
    "stage": (UNASSISTED, 1, 5, "stage"),
    "cue_lean": (1, 0, 1, "on/off"),
    "cue_pace": (1, 0, 1, "on/off"),
    "cue_twist": (0, 0, 1, "on/off"),
    "cue_unsteady": (0, 0, 1, "on/off"),
    "cue_wrong_way": (0, 0, 1, "on/off"),
    "lean_cue_cdeg": (800, 200, 3000, "cdeg"),
    "lean_clear_cdeg": (500, 100, 2900, "cdeg"),
    "lean_alarm_cdeg": (1500, 300, 4500, "cdeg"),
    "lean_dwell_ms": (1500, 200, 10000, "ms"),
    "lean_alarm_dwell_ms": (500, 100, 5000, "ms"),
    "cadence_limit_spm": (110, 20, 200, "steps/min"),
    "cadence_clear_spm": (104, 15, 195, "steps/min"),
    "pace_dwell_ms": (3000, 500, 20000, "ms"),
    "twist_cue_deg": (20, 8, 90, "deg"),
    "twist_clear_deg": (12, 2, 80, "deg"),
    "twist_dwell_ms": (2000, 500, 10000, "ms"),
    "unsteady_cue_permille": (150, 40, 500, "permille"),
    "unsteady_clear_permille": (120, 20, 480, "permille"),
    "wrong_way_dwell_ms": (5000, 2000, 30000, "ms"),
    "cue_rest_ms": (4000, 4000, 60000, "ms"),
    "cue_shortest_ms": (100, 80, 200, "ms"),
    "cue_longest_ms": (300, 100, 500, "ms"),
    "good_again_ms": (60, 0, 120, "ms"),
    "cue_strength_percent": (85, 10, 100, "percent"),
    "cue_share_percent": (100, 0, 100, "percent"),
    "fade_cues": (1, 0, 1, "on/off"),
    "first_sessions": (1, 0, 10, "sessions"),
    "mask_tail_ms": (100, 0, 500, "ms"),
    "countdown_s": (3, 0, 10, "s"),
    "warm_up_s": (0, 0, 900, "s"),
    "cool_down_s": (0, 0, 900, "s"),
    "goal_steps": (0, 0, 10000, "steps"),
    "goal_m": (0, 0, 10000, "m"),
    "goal_s": (0, 0, 3600, "s"),
    "pause_after_ms": (5000, 2000, 60000, "ms"),
    "end_after_still_s": (180, 0, 1800, "s"),
    "height_cm": (0, 0, 250, "cm"),
    "step_forward_permille": (1000, 400, 2500, "permille"),
    "step_backward_permille": (1000, 400, 2500, "permille"),
    "battery_warn_mv": (3550, 3300, 4000, "mV"),
    "battery_end_mv": (3400, 3200, 3900, "mV"),
}

_LOWEST_HEIGHT_CM = 50
# Below this a session would be over before a slow wearer's first step is told.
_SHORTEST_END_S = 10
# Cues of two pulses, given as often as they may be, must leave room in the motor's share of a minute
# (drivers.motor_guard) for the two pulses of a pain stop.
_REST_PER_PULSE = 13


class SettingsError(ValueError):
    """A setting has an unknown name, a wrong type or a value out of range; the text says which and what is allowed."""


class Settings:
    """The defaults of SCHEMA, over them those of the stage, over them `changes` ({name: integer}).

    Raises SettingsError.
    """

    def __init__(self, changes=None):
        for name, row in SCHEMA.items():
            setattr(self, name, row[0])
        if changes and "stage" in changes:
            self._set("stage", changes["stage"])
            for name, value in PRESETS[changes["stage"]].items():
                setattr(self, name, value)
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
            ("twist_clear_deg", "twist_cue_deg"),
            ("unsteady_clear_permille", "unsteady_cue_permille"),
            ("cue_shortest_ms", "cue_longest_ms"),
            ("battery_end_mv", "battery_warn_mv"),
        ):
            if getattr(self, low) >= getattr(self, high):
                raise SettingsError("%s must be below %s" % (low, high))

        if 0 < getattr(self, "height_cm") < _LOWEST_HEIGHT_CM:  # noqa: B009 the attributes come from SCHEMA
            raise SettingsError("height_cm must be 0 (unknown) or at least %d" % _LOWEST_HEIGHT_CM)
        if 0 < getattr(self, "end_after_still_s") < _SHORTEST_END_S:  # noqa: B009
            raise SettingsError("end_after_still_s must be 0 (never) or at least %d" % _SHORTEST_END_S)
        if getattr(self, "cue_rest_ms") < _REST_PER_PULSE * getattr(self, "cue_longest_ms"):  # noqa: B009
            raise SettingsError("cue_rest_ms must be at least %d times cue_longest_ms" % _REST_PER_PULSE)

    def as_dict(self):
        """{name: value} of every row, as stored in settings.json and in a session's header block."""
        return {name: getattr(self, name) for name in SCHEMA}
