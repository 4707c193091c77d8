"""What can be set, with unit, range, default and reason: one table for device, host and docs.

The reasons and sources of the defaults are in docs/reference/settings.md. A `Settings` object has one integer
attribute for each row; values outside their range are refused. The stage of the programme changes some defaults
(retrogait.stages); what was set stands above the stage.
"""

from retrogait.stages import PRESETS, UNASSISTED

# name: (default, lowest, highest, unit, what it is)
SCHEMA = {
    "stage": (UNASSISTED, 1, 5, "stage", "of the programme: 1 static, 2 assisted, 3 unassisted, 4 form, 5 advanced"),
    "cue_lean": (1, 0, 1, "on/off", "cue leaning forward, back and sideways"),
    "cue_pace": (1, 0, 1, "on/off", "cue a pace that is too fast"),
    "cue_twist": (0, 0, 1, "on/off", "cue a trunk held twisted, as in looking over the shoulder"),
    "cue_unsteady": (0, 0, 1, "on/off", "cue uneven steps"),
    "cue_wrong_way": (0, 0, 1, "on/off", "cue walking forward in the exercise"),
    "lean_cue_cdeg": (800, 200, 3000, "cdeg", "lean beyond this, either way, is a fault"),
    "lean_clear_cdeg": (500, 100, 2900, "cdeg", "lean inside this is good again"),
    "lean_alarm_cdeg": (1500, 300, 4500, "cdeg", "lean beyond this is a fault after the short dwell"),
    "lean_dwell_ms": (1500, 200, 10000, "ms", "how long a lean fault must last before a cue"),
    "lean_alarm_dwell_ms": (500, 100, 5000, "ms", "the short dwell"),
    "cadence_limit_spm": (110, 20, 200, "steps/min", "faster than this is a pace fault; 0.45 m/s at 0.25 m a step"),
    "cadence_clear_spm": (104, 15, 195, "steps/min", "slower than this is good again"),
    "pace_dwell_ms": (3000, 500, 20000, "ms", "how long a pace fault must last before a cue"),
    "twist_cue_deg": (20, 8, 90, "deg", "trunk turned farther than this off its mean heading is a fault"),
    "twist_clear_deg": (12, 2, 80, "deg", "a twist inside this is good again"),
    "twist_dwell_ms": (2000, 500, 10000, "ms", "how long a twist must last before a cue"),
    "unsteady_cue_permille": (150, 40, 500, "permille", "step time varying more than this over 20 steps is a fault"),
    "unsteady_clear_permille": (120, 20, 480, "permille", "varying less than this is good again"),
    "wrong_way_dwell_ms": (5000, 2000, 30000, "ms", "how long one must walk forward before a cue"),
    "cue_rest_ms": (4000, 4000, 60000, "ms", "least time from the start of one cue to the next"),
    "cue_shortest_ms": (100, 80, 200, "ms", "pulse for an error just over the limit"),
    "cue_longest_ms": (300, 100, 500, "ms", "pulse for an error of twice the limit or more"),
    "good_again_ms": (60, 0, 120, "ms", "tick when a cued fault is over; 0 for none"),
    "cue_strength_percent": (85, 10, 100, "percent", "how strongly the motor is driven, found by a felt test"),
    "cue_share_percent": (100, 0, 100, "percent", "how many of the due cues are given; stumbles and alarms always are"),
    "fade_cues": (1, 0, 1, "on/off", "give fewer cues as sessions succeed: 100, 67, 33, 0 percent"),
    "first_sessions": (1, 0, 10, "sessions", "the first sessions of a wearer are for getting used to it: no cues"),
    "mask_tail_ms": (100, 0, 500, "ms", "how long after a buzz the IMU stays masked"),
    "countdown_s": (3, 0, 10, "s", "from the press that starts a session to its first segment"),
    "warm_up_s": (0, 0, 900, "s", "walking before the exercise, without cues"),
    "cool_down_s": (0, 0, 900, "s", "walking after the goal, without cues"),
    "goal_steps": (0, 0, 10000, "steps", "the exercise is over after this many; 0 for no such goal"),
    "goal_m": (0, 0, 10000, "m", "the exercise is over after this distance; 0 for no such goal"),
    "goal_s": (0, 0, 3600, "s", "the exercise is over after walking this long; 0 for no such goal"),
    "pause_after_ms": (5000, 2000, 60000, "ms", "standing this long pauses a session"),
    "end_after_still_s": (180, 0, 1800, "s", "no step for this long ends a session; 0 for never"),
    "height_cm": (0, 0, 250, "cm", "body height, for the length of a step; 0 is unknown"),
    "step_forward_permille": (
        1000,
        400,
        2500,
        "permille",
        "walked over estimated distance, forward; as estimated by default",
    ),
    "step_backward_permille": (1000, 400, 2500, "permille", "the same, backward"),
    "battery_warn_mv": (3550, 3300, 4000, "mV", "a cell below this is told by touch"),
    "battery_end_mv": (3400, 3200, 3900, "mV", "a session is closed below this, before the cell gives up"),
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
