"""The table of issue 3 as data: what is measured, what must be reached, what is aimed at, and what the peers reach.

A figure's key names where it is measured (see accuracy.measure); `best_peer` and `naive` quote the issue (they were
measured there on the same recordings). Proxies rest on time reversal, slowed recordings or the walking model.
"""

from typing import NamedTuple

HIGH, LOW, NEAR_ZERO = "at least", "at most", "within"


class Goal(NamedTuple):
    """`better`: HIGH (>=), LOW (<=) or NEAR_ZERO (|x| <=) `must` and `aim`; None: reported without a goal."""

    key: str
    what: str
    unit: str
    better: str
    must: float | None
    aim: float | None
    best_peer: str = ""
    naive: str = ""
    peer: str = ""
    proxy: bool = False


_DIRECTION = (0.995, 0.999), (0.95, 0.98)


def _direction(key: str, what: str, naive: str, goals=_DIRECTION, proxy: bool = False) -> list[Goal]:
    """Two rows: right when decided, and decided at all."""
    (right, right_aim), (decided, decided_aim) = goals
    return [
        Goal(f"{key}_right", f"{what}: right when decided", "", HIGH, right, right_aim, "-", naive, proxy=proxy),
        Goal(f"{key}_decided", f"{what}: decided", "", HIGH, decided, decided_aim, "-", "", proxy=proxy),
    ]


_STRIDE = (0.99, 0.998), (0.97, 0.998)
_MADE = "time-reversed"

GOALS = [
    Goal("ipol.f1_0.1", "ipol L5, whole recording: F1 at 0.1 s", "", HIGH, 0.94, 0.97, "0.924", "0.897", "mobgap"),
    Goal("ipol.f1_0.25", "- F1 at 0.25 s", "", HIGH, None, None, "", "", "mobgap"),
    Goal("ipol.count_median", "- step count error, median absolute", "%", LOW, 2.5, 1.0, "3.3", "6.6", "mobgap"),
    Goal("ipol.count_mean", "- step count error, mean", "%", NEAR_ZERO, 1.5, 0.5, "-2.6", "-5.2", "mobgap"),
    *(
        Goal(f"ipol.recall_{key}_{at}", f"- recall of {what} at {at} s", "", HIGH, *goals, "mobgap")
        for key, what, issue in (
            ("turn", "steps in turns", (0.93, 0.97, "0.90", "0.65")),
            ("second_last", "the second last step", (0.90, 0.97, "0.81", "0.75")),
            ("last", "the last step", (0.60, 0.9, "0.26", "0.14")),
        )
        for at, goals in ((0.25, issue), (0.1, (None, None, "", "")))
    ),
    Goal("ipol.still_false", "- false steps a minute while standing", "", LOW, 0.1, 0.0, "0.0", "0.7", "mobgap"),
    Goal("ipol.f1_0.1_all", "- F1 at 0.1 s, steps outside the trial are truth too", "", HIGH, None, None),
    Goal("ipol.turn_deg", "- U-turn angle, median absolute error (of 180)", "deg", LOW, None, None),
    Goal("ipol.offset_ms", "- median offset (found - true)", "ms", NEAR_ZERO, None, None, "", "", "mobgap"),
    Goal(
        "ipol_reversed.f1_0.1",
        f"ipol {_MADE}: F1 at 0.1 s",
        "",
        HIGH,
        0.93,
        0.96,
        "0.927",
        "0.77",
        "mobgap",
        proxy=True,
    ),
    *(
        Goal(f"ipol_reversed.{key}", f"- {what}", unit, better, None, None, "", "", "mobgap", proxy=True)
        for key, what, unit, better in (
            ("f1_0.25", "F1 at 0.25 s", "", HIGH),
            ("count_median", "step count error, median absolute", "%", LOW),
            ("count_mean", "step count error, mean", "%", NEAR_ZERO),
            ("recall_turn_0.25", "recall of steps in turns at 0.25 s", "", HIGH),
            ("recall_second_last_0.25", "recall of the second last step at 0.25 s", "", HIGH),
            ("recall_last_0.25", "recall of the last step at 0.25 s", "", HIGH),
        )
    ),
    Goal(
        "mobilised.f1_0.25",
        "mobilised, whole recording, truth INDIP: F1 at 0.25 s",
        "",
        HIGH,
        0.82,
        0.90,
        "0.77",
        "0.75",
        "mobgap",
    ),
    Goal("mobilised_union.f1_0.25", "- truth INDIP or optical (union)", "", HIGH, None, None, "", "", "mobgap"),
    Goal("mobilised_bouts.f1_0.25", "- judged inside INDIP's bouts only", "", HIGH, None, None, "", "", "mobgap"),
    Goal("mobilised.agree", "- the optical system's steps against INDIP's", "", HIGH, None, None, "0.92"),
    Goal("oxford.f1_0.25", "oxford pocket, any pose, acc only: F1 at 0.25 s", "", HIGH, 0.98, 0.99, "0.97", "0.98"),
    Goal("oxford.count_median", "- step count error, median absolute", "%", LOW, 1.5, 0.5, "1.5", "1.5"),
    Goal("ipol_feet.f1_0.25", "foot strides, ipol: F1 0.25 s", "", HIGH, 0.97, 0.99, "0.68", "0.96", "gaitmap"),
    Goal("gaitmap_feet.f1_0.25", "foot strides, gaitmap: F1 0.25 s", "", HIGH, 0.97, 0.99, "0.97", "0.96", "gaitmap"),
    Goal("ipol_feet.f1_0.1", "- ipol feet, F1 at 0.1 s", "", HIGH, None, None, "", "", "gaitmap"),
    Goal("gaitmap_feet.f1_0.1", "- gaitmap, F1 at 0.1 s", "", HIGH, None, None, "", "", "gaitmap"),
    Goal("ipol_feet_whole.f1_0.25", "- ipol feet, whole recording, all annotated swings", "", HIGH, None, None),
    Goal("ipol_feet_reversed.f1_0.25", f"- ipol feet, {_MADE}", "", HIGH, None, None, proxy=True),
    *_direction("ipol_feet.direction", "direction a stride, foot (ipol)", "0.94-1.00", _STRIDE),
    *_direction("gaitmap_feet.direction", "direction a stride, foot (gaitmap)", "", _STRIDE),
    *_direction("neura_shank.direction", "direction a stride, shank (neura)", "", _STRIDE),
    *_direction("ipol_feet_reversed.direction", f"direction a stride, foot (ipol) {_MADE}", "", _STRIDE, True),
    *_direction("gaitmap_feet_reversed.direction", f"direction a stride, foot (gaitmap) {_MADE}", "", _STRIDE, True),
    *_direction("neura_shank_reversed.direction", f"direction a stride, shank (neura) {_MADE}", "", _STRIDE, True),
    *_direction("model_ankle.direction", "direction a stride, walking model, backward", "", _STRIDE, True),
    *_direction("ipol.direction_straight", "waist direction (2 s), straight", "0.996"),
    *_direction("ipol.direction_turn", "waist direction (2 s), in turns", "0.96"),
    *_direction("mobilised.direction", "waist direction (2 s), mobilised", "0.95"),
    *_direction("ipol_reversed.direction_straight", f"waist direction (2 s), straight, {_MADE}", "", proxy=True),
    *_direction("ipol_reversed.direction_turn", f"waist direction (2 s), in turns, {_MADE}", "", proxy=True),
    *_direction("model_waist.direction", "waist direction a step, walking model, backward", "", proxy=True),
    Goal("broad.mean", "inclination on broad, RMSE, mean of 4", "deg", LOW, 0.7, 0.45, "0.48", "2.5", "vqf"),
    Goal("broad.worst", "- worst of 4", "deg", LOW, 1.2, 0.65, "0.69", "5.7", "vqf"),
    Goal("neura.lean", "lean against optical, neura pelvis after 2 s, RMS", "deg", LOW, 3.5, 3.3, "3.38", "", "vqf"),
    Goal(
        "ipol.cadence",
        "cadence, ipol straight walking, median absolute",
        "steps/min",
        LOW,
        1.0,
        0.5,
        "0.97-1.24",
        "",
        "mobgap",
    ),
    Goal("ipol.speed", "speed from the waist, height known, ipol, median absolute", "%", LOW, 7.0, 4.0, "6.7"),
    Goal("ipol.speed_calibrated", "- calibrated on the subject's first trial", "%", LOW, 4.0, 2.0),
    Goal("slow.model_waist", "slow walking, model, waist: worst count error", "%", LOW, 5.0, 2.0, proxy=True),
    Goal("slow.model_ankle", "slow walking, model, ankle: worst count error", "%", LOW, 5.0, 2.0, proxy=True),
    Goal("slow.stretched", "slow walking, slowed ipol: median count error", "%", LOW, 5.0, 2.0, proxy=True),
]
