"""A replay with other settings than the walk had: `--set NAME=VALUE` of analyze and plot.

The raw samples are those of the walk. A wearer who had felt other cues would have walked otherwise: what comes out are
the cues for this walk, not for the walk that would have been.
"""

from collections.abc import Sequence

from retrogait.settings import Settings, SettingsError
from retrowalk.errors import UsageError
from retrowalk.settings.setting_units import parse_changes


def other_settings(words: Sequence[str] | None) -> tuple[dict[str, int], list[str]]:
    """({row: value}, notes for people) of the words given to --set. Raises UsageError."""
    parsed = parse_changes(words or ())
    changes = {each.row: each.value for each in parsed}
    notes = [each.note for each in parsed if each.note]
    if changes:
        listed = ", ".join(f"{row} {value}" for row, value in changes.items())
        notes.append(f"replayed with other settings than the walk's: {listed}; the walk itself is as it was")
    return changes, notes


def changed(settings: Settings, changes: dict[str, int]) -> Settings:
    """`settings` with `changes` over them; another stage brings its own defaults. Raises UsageError.

    A log holds every value but not who set it: what equals its stage's default follows the new stage.
    """
    if not changes:
        return settings
    held = settings.as_dict()
    of_stage = Settings({"stage": held["stage"]}).as_dict()
    own = {row: value for row, value in held.items() if value != of_stage[row] or row == "stage"}
    try:
        return Settings({**own, **changes})
    except SettingsError as error:
        raise UsageError(
            f"--set: {error}.",
            "`retrowalk config show --all` shows the ranges; change both where two must stay in order.",
        ) from None
