"""Scores of found steps, directions and attitudes against the truth: the same code for ours and for the peers.

Times in seconds. F1 and recall are pooled over all steps of all trials; count errors are taken a trial. A found step
matches at most one true step. Called by accuracy.measure and sensitivity.
"""

import numpy as np

from accuracy.recordings import matched

TOLERANCES_S = (0.1, 0.25)
WINDOW_S = 2.0
_WINDOW_EVERY_S = 0.5
_TURN_WINDOW_EVERY_S = 0.25


def f1(pairs, tolerance_s) -> float:
    """F1 over [(found_s, true_s)]."""
    hits = sum(len(matched(found, true, tolerance_s)[0]) for found, true in pairs)
    return 2 * hits / max(1, sum(len(found) + len(true) for found, true in pairs))


def step_figures(trials, founds) -> dict[str, float]:
    """F1 at both tolerances, count errors in percent, recall in turns and at the end, false steps standing.

    founds: for each trial the rising times of the steps found in its whole recording.
    """
    pairs = [(found, trial.contacts_s) for trial, found in zip(trials, founds, strict=True)]
    figures = {f"f1_{tolerance_s}": f1(pairs, tolerance_s) for tolerance_s in TOLERANCES_S}
    errors = np.array([100 * (len(found) / len(true) - 1) for found, true in pairs])
    figures |= {"count_median": float(np.median(abs(errors))), "count_mean": float(errors.mean())}
    offsets = np.concatenate([found[i] - true[j] for found, true in pairs for i, j in [matched(found, true, 0.25)]])
    figures |= {"offset_ms": 1000 * float(np.median(offsets)), "offset_sd_ms": 1000 * float(np.std(offsets))}
    if all(trial.turn_s for trial in trials):
        for tolerance_s in TOLERANCES_S:
            figures |= _recall(trials, pairs, tolerance_s)
    still_s = sum(trial.still_s - trial.first_s for trial in trials if trial.still_s)
    if still_s:
        false = sum(np.count_nonzero(f < t.still_s) for t, f in zip(trials, founds, strict=True) if t.still_s)
        figures["still_false"] = 60 * false / still_s
    return figures


def _recall(trials, pairs, tolerance_s) -> dict[str, float]:
    """Share of true steps found: in the U-turn, and of each trial's second last and last."""
    hits = [np.isin(np.arange(len(true)), matched(found, true, tolerance_s)[1]) for found, true in pairs]
    turning = [
        hit[(t.contacts_s >= t.turn_s[0]) & (t.contacts_s <= t.turn_s[1])] for t, hit in zip(trials, hits, strict=True)
    ]
    return {
        f"recall_turn_{tolerance_s}": float(np.mean(np.concatenate(turning))),
        f"recall_second_last_{tolerance_s}": float(np.mean([hit[-2] for hit in hits])),
        f"recall_last_{tolerance_s}": float(np.mean([hit[-1] for hit in hits])),
    }


def cadence_error_spm(trials, founds) -> float:
    """Median absolute error over the straight stretches: mean cadence between first and last step of each stretch."""
    errors = []
    for trial, found in zip(trials, founds, strict=True):
        for start_s, end_s in trial.straight_s:
            cadences = []
            for steps in (found, trial.contacts_s):
                inside = steps[(steps >= start_s) & (steps <= end_s)]
                cadences.append(60 * (len(inside) - 1) / (inside[-1] - inside[0]) if len(inside) > 2 else np.nan)
            errors.append(abs(cadences[0] - cadences[1]))
    return float(np.nanmedian(errors))


class Direction:
    """Windows of 2 s, judged by the majority of the steps inside that have a direction; none or a tie: undecided."""

    def __init__(self):
        self.judged = self.decided = self.right = 0

    def add_spans(self, trial, steps, want):
        """Every half second in the walking that is straight; `steps`: (times, directions of +-1 or 0)."""
        for start_s, end_s in trial.straight_s or trial.walking_s:
            for at_s in np.arange(start_s, end_s - WINDOW_S + 1e-9, _WINDOW_EVERY_S):
                self._window(steps, at_s, want)

    def add_turn(self, trial, steps, want):
        """Windows whose middle is in the U-turn."""
        for middle_s in np.arange(trial.turn_s[0], trial.turn_s[1], _TURN_WINDOW_EVERY_S):
            self._window(steps, middle_s - WINDOW_S / 2, want)

    def add_steps(self, directions, want):
        """Each step or stride by itself."""
        self.judged += len(directions)
        self.decided += int(np.count_nonzero(directions))
        self.right += int(np.count_nonzero(directions == want))

    def _window(self, steps, start_s, want):
        t_s, directions = steps
        vote = directions[(t_s >= start_s) & (t_s < start_s + WINDOW_S)].sum()
        self.judged += 1
        self.decided += int(vote != 0)
        self.right += int(vote * want > 0)

    def figures(self, name) -> dict[str, float]:
        """{name_right: share of the decided, name_decided: share of all}."""
        return {
            f"{name}_right": self.right / self.decided if self.decided else float("nan"),
            f"{name}_decided": self.decided / self.judged if self.judged else float("nan"),
        }


def within(times_s, trial, margin_s=0.25) -> np.ndarray:
    """Which of `times_s` lie in the annotated part of a trial."""
    return (times_s >= trial.contacts_s[0] - margin_s) & (times_s <= trial.contacts_s[-1] + margin_s)


def inclination_deg(found_t_s, found_up, true_t_s, true_up) -> np.ndarray:
    """Angles between the two directions to the sky at the times found, where the truth is known."""
    truth = np.stack([np.interp(found_t_s, true_t_s, column) for column in true_up.T], axis=1)
    return angles_deg(found_up, truth)[np.isfinite(truth).all(axis=1)]


def aligned_deg(found_t_s, found_up, true_t_s, true_up, from_s) -> np.ndarray:
    """The same after the best constant rotation between the two frames (Kabsch 1976), both taken from `from_s` on."""
    truth = np.stack([np.interp(found_t_s, true_t_s, column) for column in true_up.T], axis=1)
    used = (found_t_s >= from_s) & np.isfinite(truth).all(axis=1)
    found, truth = found_up[used], truth[used]
    u, _, vt = np.linalg.svd(truth.T @ found)
    rotation = u @ np.diag([1, 1, np.linalg.det(u @ vt)]) @ vt
    return angles_deg(found @ rotation.T, truth)


def angles_deg(a, b) -> np.ndarray:
    """Angles between the rows of two arrays."""
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return np.degrees(np.arccos(np.clip((a * b).sum(axis=1) / lengths, -1, 1)))


def rms(values) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(np.square(values))))
