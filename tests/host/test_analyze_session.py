"""analyze on the sessions of a device: whole, with a gap, damaged, from another version, and by their names."""

import json

import analyze_contract as contract
import pytest
from recordings_made import standing_then_stepping, standing_then_stepping_back, write_csv
from walks_made import analyzed, arguments, header, write_session

from retrogait.settings import Settings
from retrowalk import cli
from retrowalk.errors import DamagedError, UsageError
from retrowalk.walk.walk_source import load_walk


def test_a_session_gives_what_the_device_logged(tmp_path):
    folder = write_session(tmp_path / "s00007")
    found = analyzed(folder)
    assert found["quality"]["notes"] == []  # the replay found every step and cue the log has, and no more
    assert found["quality"]["session_state"] == "complete"
    assert [each["t_s"] for each in found["events"] if each["kind"] == "mark"] == [pytest.approx(1000 / 104, abs=1e-3)]
    recorded = standing_then_stepping(rate_hz=104.0)
    same = analyzed(write_csv(tmp_path / "same.csv", recorded), "--mount", "waist")
    assert found["step_count"] == same["step_count"] > 15


def test_a_session_with_a_gap(tmp_path):
    found = analyzed(write_session(tmp_path / "s00007", missing=range(1100, 1180)))
    assert found["quality"]["missing_s"] == pytest.approx(80 / 104, abs=1e-3)
    assert found["quality"]["notes"] == []


def test_a_session_without_end_is_no_damage(tmp_path):
    walk = load_walk(arguments(write_session(tmp_path / "s00007", ended=False)))
    assert walk.damage == ""
    assert "no end" in walk.quality["notes"][0]


def test_a_damaged_session_is_shown_and_told(tmp_path, capsys):
    folder = write_session(tmp_path / "s00007")
    data = bytearray((folder / "0000.rwl").read_bytes())
    data[5000] ^= 0x40
    (folder / "0000.rwl").write_bytes(data)
    assert cli.main(["analyze", str(folder), "--json"]) == 5
    out, err = capsys.readouterr()
    found = json.loads(out)
    contract.check(found)
    assert found["step_count"] > 10
    assert found["quality"]["gaps"] == 1
    assert "damaged" in err
    assert "Next:" in err


def test_a_session_without_header_cannot_be_replayed(tmp_path):
    folder = write_session(tmp_path / "s00007")
    (folder / "0000.rwl").unlink()
    with pytest.raises(DamagedError, match="no readable header"):
        load_walk(arguments(folder))


@pytest.mark.parametrize(
    "changes",
    [
        {"mount": "head\x1b[31m"}, {"rate_hz": 50}, {"accel_range_g": 3}, {"accel_range_g": None}, {"mounting": [1, 2]},
        {"mounting": None}, {"mounting": ["1"] * 9}, {"gyro_range_dps": []},
    ],
)  # fmt: skip
def test_a_header_that_makes_no_sense(tmp_path, changes):
    folder = write_session(tmp_path / "s00007", header(**changes))
    with pytest.raises(DamagedError, match="header cannot be used") as caught:
        load_walk(arguments(folder))
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "note"), [({"new_one": 3}, "new_one is unknown"), ({"cue_rest_ms": 5}, "replayed with the defaults")]
)
def test_settings_of_another_version(tmp_path, settings, note):
    walk = load_walk(arguments(write_session(tmp_path / "s00007", header(settings=settings))))
    assert note in walk.quality["notes"][0]


def test_names_of_the_archive(tmp_path):
    archive = tmp_path / "archive"
    write_session(archive / "0123456789abcdef" / "s00007")
    for name in ("last", "s00007", "0123456789abcdef/s00007"):
        assert load_walk(arguments(name, "--archive", str(archive))).name == "Anna's clip s00007"
    with pytest.raises(UsageError, match="no session"):
        load_walk(arguments("s00008", "--archive", str(archive)))


def cues(found: dict) -> list[tuple]:
    return [(each["t_s"], each["fault"], each["length_ms"]) for each in found["events"] if each["kind"] == "cue"]


SLOWER = ("--set", "cadence_limit_spm=40", "cadence_clear_spm=30", "pace_dwell_s=0.5")


def test_other_settings_give_other_cues(tmp_path):
    values = standing_then_stepping_back(rate_hz=104.0)
    folder = write_session(tmp_path / "s00007", values=values)
    csv = write_csv(tmp_path / "back.csv", values)
    for source, words in ((folder, ()), (csv, ("--mount", "waist"))):
        as_walked = analyzed(source, *words)
        assert as_walked["quality"]["settings_changed"] == {}
        slower = analyzed(source, *words, *SLOWER)
        assert slower["quality"]["settings_changed"] == {
            "cadence_limit_spm": 40, "cadence_clear_spm": 30, "pace_dwell_ms": 500
        }  # fmt: skip
        assert any("replayed with other settings" in note for note in slower["quality"]["notes"])
        assert slower["steps"] == as_walked["steps"], "the walk itself is as it was"
        assert {each["direction"] for each in slower["steps"]} >= {"backward"}
        assert "too_fast" not in [fault for _, fault, _ in cues(as_walked)]
        assert "too_fast" in [fault for _, fault, _ in cues(slower)]
        assert cues(analyzed(source, *words, "--set", "cadence_limit_spm=110")) == cues(as_walked)


def test_another_stage_brings_its_own_defaults_and_keeps_what_was_set(tmp_path):
    own = Settings({"lean_cue_cdeg": 700}).as_dict()
    walk = load_walk(arguments(write_session(tmp_path / "s00007", header(settings=own)), "--set", "stage=assisted"))
    assert (walk.settings["cadence_limit_spm"], walk.settings["cue_lean"]) == (90, 0)
    assert walk.settings["lean_cue_cdeg"] == 700


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lean_cue_deg=4"], "lean_clear_cdeg must be below"),
        (["lean_cue_degg=4"], "did you mean lean_cue_deg"),
        (["lean_cue_deg"], "NAME=VALUE"),
    ],
)
def test_settings_that_cannot_be_are_refused(tmp_path, words, said):
    with pytest.raises(UsageError) as caught:
        load_walk(arguments(write_session(tmp_path / "s00007"), "--set", *words))
    assert said in str(caught.value)
