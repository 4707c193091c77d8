"""analyze on the sessions of a device: whole, with a gap, damaged, from another version, and by their names."""

import json

import analyze_contract as contract
import pytest
from recordings_made import standing_then_stepping, write_csv
from walks_made import analyzed, arguments, header, write_session

from retrowalk import cli
from retrowalk.errors import DamagedError, UsageError
from retrowalk.walk_source import load_walk


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
