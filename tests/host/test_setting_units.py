"""Names and units of settings, and speeds: what is exact, what is rounded and told, what is refused."""

from decimal import Decimal

import pytest

from retrogait.settings import SCHEMA, Settings
from retrogait.stages import PRESETS, STAGE_NAMES
from retrowalk.errors import UsageError
from retrowalk.settings.setting_units import NAMES, parse_changes
from retrowalk.settings.setting_words import difference, set_by, shown_name, shown_range, shown_value, stage_lines
from retrowalk.settings.speed_unit import parse_speed, speed_words


def parsed(*words: str) -> dict[str, int]:
    return {change.row: change.value for change in parse_changes(words)}


@pytest.mark.parametrize(
    ("word", "row", "value"),
    [
        ("lean_cue_deg=6", "lean_cue_cdeg", 600),
        ("lean_cue_deg=6.25", "lean_cue_cdeg", 625),
        ("LEAN_CUE_DEG=6.0", "lean_cue_cdeg", 600),
        ("lean_cue_cdeg=625", "lean_cue_cdeg", 625),
        ("twist_cue_deg=15", "twist_cue_deg", 15),
        ("lean_dwell_s=1.5", "lean_dwell_ms", 1500),
        ("lean_dwell_ms=1500", "lean_dwell_ms", 1500),
        ("warm_up_min=2.5", "warm_up_s", 150),
        ("unsteady_cue_percent=12.5", "unsteady_cue_permille", 125),
        ("step_backward_percent=95", "step_backward_permille", 950),
        ("height_m=1.68", "height_cm", 168),
        ("height_cm=168", "height_cm", 168),
        ("height_ft=5ft8", "height_cm", 173),
        ("height_ft=5'8\"", "height_cm", 173),
        ("height_ft=6ft", "height_cm", 183),
        ("height_in=68", "height_cm", 173),
        ("height_ft=5.5", "height_cm", 168),
        ("goal_m=100", "goal_m", 100),
        ("goal_ft=100", "goal_m", 30),
        ("battery_warn_mv=3600", "battery_warn_mv", 3600),
        ("cue_twist=on", "cue_twist", 1),
        ("cue_twist=No", "cue_twist", 0),
        ("cue_twist=1", "cue_twist", 1),
        ("stage=2", "stage", 2),
        ("stage=Form", "stage", 4),
    ],
)
def test_a_value_becomes_the_devices_whole_number(word, row, value):
    assert parsed(word) == {row: value}


def test_only_feet_and_inches_are_rounded_and_it_is_told():
    (height,) = parse_changes(["height_ft=5ft8"])
    assert height.note == "height_ft=5ft8 is 172.72 cm; the device keeps 173 cm"
    assert parse_changes(["height_m=1.72"])[0].note == ""
    assert "30.48 m" in parse_changes(["goal_ft=100"])[0].note


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("lean_cue_deg=6.123", "finer than 0.01"),
        ("lean_dwell_s=0.0005", "finer than 0.001"),
        ("lean_cue_cdeg=6.5", "finer than 1,"),
        ("height_m=1.685", "finer than 0.01"),
        ("warm_up_min=0.333", "finer than 1/60"),
        ("lean_cue_degg=6", "did you mean lean_cue_deg"),
        ("belt_mph=2", "config show --all"),
        ("lean_cue_deg", "NAME=VALUE"),
        ("=6", "NAME=VALUE"),
        ("lean_cue_deg=", "NAME=VALUE"),
        ("lean_cue_deg=-6", "the unit is in the name"),
        ("lean_cue_deg=6e2", "the unit is in the name"),
        ("lean_cue_deg=nan", "the unit is in the name"),
        ("lean_cue_deg=6,5", "the unit is in the name"),
        ("lean_cue_deg=٣", "the unit is in the name"),
        ("lean_cue_deg=" + "9" * 5000, "the unit is in the name"),
        ("height_ft=5ft13", "5ft8"),
        ("cue_twist=2", "cue_twist=on"),
        ("stage=expert", "plain number"),
        ("lean_cue\x1b[31m=6", "There is no setting"),
    ],
)
def test_what_cannot_be_is_refused_with_the_next_action(word, said):
    with pytest.raises(UsageError) as caught:
        parse_changes([word])
    assert said in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_the_same_setting_twice_must_agree():
    assert parsed("lean_cue_deg=6", "lean_cue_cdeg=600") == {"lean_cue_cdeg": 600}
    with pytest.raises(UsageError, match="twice"):
        parse_changes(["lean_cue_deg=6", "lean_cue_cdeg=601"])


def test_no_friendly_name_hides_a_row_of_the_table():
    assert {row: NAMES[row].row for row in SCHEMA} == {row: row for row in SCHEMA}
    assert all(NAMES[row].per_unit == 1 for row in SCHEMA)


@pytest.mark.parametrize("imperial", [False, True])
def test_every_value_shown_can_be_typed_back(imperial):
    for row, (default, lowest, highest, _) in SCHEMA.items():
        for value in {default, lowest, highest, (lowest + highest) // 2}:
            back = parsed(f"{shown_name(row, imperial)}={shown_value(row, value, imperial)}")[row]
            # A foot, or an inch of height, is coarser than the device's metre or centimetre.
            assert abs(back - value) <= (1 if imperial and row in ("height_cm", "goal_m") else 0), row
        assert shown_range(row, imperial)


def test_values_are_shown_in_the_units_people_use():
    assert (shown_name("lean_cue_cdeg"), shown_value("lean_cue_cdeg", 650)) == ("lean_cue_deg", "6.5")
    assert (shown_name("lean_dwell_ms"), shown_value("lean_dwell_ms", 1500)) == ("lean_dwell_s", "1.5")
    assert (shown_name("cue_shortest_ms"), shown_value("cue_shortest_ms", 100)) == ("cue_shortest_ms", "100")
    assert (shown_name("height_cm", True), shown_value("height_cm", 173, True)) == ("height_ft", "5ft8")
    assert (shown_name("goal_m", True), shown_value("goal_m", 30, True)) == ("goal_ft", "98")
    assert (shown_value("cue_lean", 0), shown_value("stage", 2)) == ("off", "assisted")
    assert (shown_range("stage"), shown_range("lean_cue_cdeg")) == (f"1 to {len(STAGE_NAMES) - 1}", "2 to 30")


def test_the_stage_stands_above_the_defaults_and_you_above_the_stage():
    changes = {"stage": 2, "cue_lean": 1}
    assert [set_by(row, changes) for row in ("stage", "cue_lean", "goal_s", "cue_pace")] == [
        "you", "you", "stage", "default"
    ]  # fmt: skip
    told = "\n".join(stage_lines(changes))
    assert "Stage 2 (assisted) sets" in told
    assert "goal_s 120" in told
    assert "stands above the stage: cue_lean" in told
    for stage in PRESETS:
        assert Settings({"stage": stage}).stage == stage


def test_a_difference_names_what_the_stage_changes_too():
    lines = difference({}, {"stage": 2})
    assert lines[0] == "stage: unassisted -> assisted"
    assert "cadence_limit_spm: 110 -> 90 steps/min (the stage)" in lines
    assert difference({}, {"lean_cue_cdeg": 800}) == ["lean_cue_deg: stays 8, now set by you"]
    assert difference({"height_cm": 173}, {}, imperial=True) == ["height_ft: 5ft8 -> 0 ft (the default)"]


@pytest.mark.parametrize(
    ("text", "mps"),
    [
        ("0.8mph", "0.357632"), ("0.8 mph", "0.357632"), ("1.8km/h", "0.5"), ("1.8 kmh", "0.5"), ("0.4m/s", "0.4"),
        ("1MPH", "0.44704"),
    ],
)  # fmt: skip
def test_a_speed_with_its_unit(text, mps):
    assert abs(parse_speed(text) - Decimal(mps)) < Decimal("1e-20")


@pytest.mark.parametrize(
    "text", ["", "0.8", "mph", "-1mph", "0mph", "13mph", "1e1mph", "1 knots", "0.8mphs", "0.8m /s"]
)
def test_what_is_no_speed(text):
    with pytest.raises(UsageError):
        parse_speed(text)


def test_a_speed_in_words():
    assert speed_words(parse_speed("0.8mph"), imperial=True) == "0.80 mph"
    assert speed_words(0.357632, imperial=False) == "0.36 m/s"


@pytest.mark.parametrize(
    ("word", "told"),
    [("height_m=9", "height_m must be from 0 to 2.5, not 9"), ("stage=7", "stage must be from 1 to 5, not 7"),
     ("height_ft=9", "height_ft must be from 0 to 8.202, not 9"), ("lean_cue_deg=31", "from 2 to 30, not 31")],
)  # fmt: skip
def test_a_value_out_of_range_is_told_in_the_unit_that_was_typed(word, told):
    with pytest.raises(UsageError) as caught:
        parse_changes([word])
    assert told in str(caught.value)
