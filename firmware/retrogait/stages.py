"""The five stages of the programme: what each asks of the coach where nobody has set anything else.

The programme and when a stage is passed: design notes and retrowalk.programme on the host. A row changes defaults of
retrogait.settings; what a therapist or the wearer has set stands above it.
"""

STATIC = 1
ASSISTED = 2
UNASSISTED = 3
FORM = 4
ADVANCED = 5

STAGE_NAMES = ("", "static", "assisted", "unassisted", "form", "advanced")

PRESETS = {
    # Weight shifts and toe taps beside a support: nobody walks, so only tilt is a fault, and it is judged standing.
    STATIC: {"cue_pace": 0, "goal_steps": 40, "end_after_still_s": 600},
    # A hand on a rail beside: the pace is capped (0.45 m/s at 0.30 m a step is 90 steps/min), the trunk is left alone.
    ASSISTED: {"cue_lean": 0, "cadence_limit_spm": 90, "cadence_clear_spm": 85, "goal_s": 120},
    # In the open: lean and pace.
    UNASSISTED: {},
    # All cues.
    FORM: {"cue_twist": 1, "cue_unsteady": 1, "cue_wrong_way": 1},
    # All cues, and faster if the plan says so.
    ADVANCED: {
        "cue_twist": 1, "cue_unsteady": 1, "cue_wrong_way": 1, "cadence_limit_spm": 130, "cadence_clear_spm": 124,
    },
}  # fmt: skip
