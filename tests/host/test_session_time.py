"""Dates, zones and drift: what a session's stamps, the anchors and the sync tell, and what nobody can know."""

from __future__ import annotations

import json
import time
from datetime import datetime, timezone

import pytest
from fake_device import DEVICE_ID, FakeDevice
from sessions_made import HEADER, json_block

from retrogait import record
from retrowalk import cli, sync
from retrowalk.archive.archive import Archive
from retrowalk.contact.device_clock import Anchor, drift_of, load_anchors, parse_anchors
from retrowalk.session_files.timeline import Timeline
from retrowalk.syncing import transfer

RATE = 104
WRAP = 1 << 30


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp())


def session(number: int, stamps: list[tuple[int, dict]], header: dict) -> dict[str, bytes]:
    """One file: HEADER, a STATUS for each stamp, END."""
    blocks = [json_block(number, record.HEADER, 0, {**HEADER, **header})]
    blocks += [json_block(number, record.STATUS, index, told) for index, told in stamps]
    blocks.append(json_block(number, record.END, stamps[-1][0] if stamps else 600 * RATE, {"reason": "button"}))
    for sequence, writer in enumerate(blocks):
        writer.sequence = sequence
    return {f"/sessions/s{number:05d}/0000.rwl": b"".join(bytes(each.finish()) for each in blocks)}


class Clock:
    """In the place of datetime: it is `now_s`."""

    def __init__(self, now_s: int) -> None:
        self.now_s = now_s

    def now(self, zone):
        return datetime.fromtimestamp(self.now_s, zone)


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "walks")


@pytest.fixture
def zone(monkeypatch):
    """zone(name): this computer is there from now on."""

    def move(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


def sync_of(monkeypatch, archive, files: dict[str, bytes], anchors=(), device=None):
    device = device or FakeDevice()
    device.files.update(files)
    device.anchors = list(anchors)
    device.install(monkeypatch, sync)
    assert cli.main(["sync", "--port", "/dev/fake", "--archive", str(archive.root)]) == 0
    return device


def listed(archive, capsys, *words):
    capsys.readouterr()
    assert cli.main(["sessions", "--archive", str(archive.root), *words]) == 0
    out = capsys.readouterr().out
    return json.loads(out) if "--json" in words else out


def test_a_clock_set_in_the_walk_dates_its_begin(monkeypatch, archive, capsys):
    began = utc("2026-05-01T08:00:00")
    stamps = [
        (5 * RATE, {"utc_s": None, "uptime_ms": 15_000}),
        (60 * RATE, {"utc_s": began + 61, "uptime_ms": 71_000}),
    ]
    sync_of(monkeypatch, archive, session(1, stamps, {"utc_s": None, "uptime_ms": 10_000, "run": "aaaa0001"}))
    (row,) = listed(archive, capsys, "--json")
    assert row["utc_s"] == began


def test_a_clock_set_after_the_walk_dates_it_by_the_uptime_of_the_same_run(monkeypatch, archive, capsys):
    now = utc("2026-05-01T12:00:00")
    header = {"utc_s": None, "uptime_ms": 60_000, "run": "aaaa0001"}
    anchors = [Anchor("bbbb0002", 0, 1000 * now - 10**9), Anchor("aaaa0001", 3_660_000, 1000 * now + 400)]
    sync_of(monkeypatch, archive, session(1, [], header), anchors)
    (row,) = listed(archive, capsys, "--json")
    assert row["utc_s"] == now - 3600
    assert archive.sessions()[0].manifest["began"]["source"] == "anchor"
    assert load_anchors(archive, DEVICE_ID) == anchors
    (archive.root / DEVICE_ID / "clock.json").unlink()
    sync_of(monkeypatch, archive, session(1, [], header), [])
    assert archive.sessions()[0].manifest["began"] == {"utc_s": now - 3600, "source": "anchor"}


def test_a_walk_that_nobody_can_date_is_bounded_and_sorted_between_its_neighbours(monkeypatch, archive, capsys, zone):
    zone("UTC")
    first, last = utc("2026-05-01T08:00:00"), utc("2026-05-04T08:00:00")
    files = {
        **session(1, [], {"utc_s": first, "uptime_ms": 5, "run": "aaaa0001"}),
        **session(2, [], {"utc_s": None, "uptime_ms": 5, "run": "bbbb0002"}),
        **session(3, [], {"utc_s": 43, "uptime_ms": 5, "run": "cccc0003"}),
        **session(4, [], {"utc_s": last, "uptime_ms": 5, "run": "dddd0004"}),
    }
    sync_of(monkeypatch, archive, files, [Anchor("dddd0004", 100, 1000 * last)])
    rows = listed(archive, capsys, "--json")
    assert [each["session"] for each in rows] == ["s00001", "s00002", "s00003", "s00004"]
    assert [each["utc_s"] for each in rows] == [first, None, None, last]
    assert [(each["after_utc_s"], each["before_utc_s"]) for each in rows[1:3]] == [(first + 600, last)] * 2
    text = listed(archive, capsys)
    assert "unknown, after 2026-05-01, before 2026-05-04" in text
    assert "1970" not in text and "2000" not in text


def test_a_walk_after_an_erased_flash_is_bounded_by_walks_that_came_before_and_after_it_only(monkeypatch, archive):
    """The numbers began again: s00001-2 is later than the whole first row, s00002 included."""
    first, second = utc("2026-05-01T08:00:00"), utc("2026-05-10T08:00:00")
    header = {"uptime_ms": 5, "run": "aaaa0001"}
    before = {**session(1, [], {**header, "utc_s": first}), **session(2, [], {**header, "utc_s": second})}
    sync_of(monkeypatch, archive, before)
    synced = utc("2026-06-01T08:00:00")
    after = session(1, [], {"utc_s": None, "uptime_ms": 7, "run": "bbbb0002"})
    monkeypatch.setattr(transfer, "datetime", Clock(synced))
    sync_of(monkeypatch, archive, after)
    told = {each.name: each.manifest["began"] for each in archive.sessions()}["s00001-2"]
    assert told == {"utc_s": None, "source": "unknown", "after_utc_s": first + 600, "before_utc_s": synced}


@pytest.mark.parametrize(
    ("contact_ms", "source"), [(40_000, "anchor"), (2_000, "clock")], ids=["set after the walk", "set before it"]
)
def test_a_clock_that_ran_on_in_a_drawer_is_not_believed_over_a_later_contact(monkeypatch, archive, contact_ms, source):
    """A sleeping board's clock may be days off after a year; what this run was told before the walk is right."""
    began, eighteen_days_s = utc("2026-05-01T08:00:00"), 18 * 86400
    told = began + eighteen_days_s
    header = {"utc_s": told, "uptime_ms": 10_000, "run": "aaaa0001"}
    anchor = Anchor("aaaa0001", contact_ms, 1000 * began + contact_ms - 10_000)
    device = sync_of(monkeypatch, archive, session(1, [], header), [anchor])
    expected = began if source == "anchor" else told
    assert archive.sessions()[0].manifest["began"] == {"utc_s": expected, "source": source}
    (archive.root / DEVICE_ID / "clock.json").unlink()
    sync_of(monkeypatch, archive, {}, device=device)
    assert archive.sessions()[0].manifest["began"] == {"utc_s": expected, "source": source}, "by an anchor that is lost"


def test_a_second_sync_changes_no_date_and_writes_nothing(monkeypatch, archive):
    device = sync_of(monkeypatch, archive, session(1, [], {"utc_s": None, "run": "aaaa0001", "uptime_ms": 1}))
    before = {path: path.stat().st_mtime_ns for path in archive.root.rglob("*")}
    sync_of(monkeypatch, archive, {}, device=device)
    assert {path: path.stat().st_mtime_ns for path in archive.root.rglob("*")} == before


def test_summer_time_and_travelling(monkeypatch, archive, capsys, zone):
    """Synced in Berlin in winter: a summer walk has summer time; in Tokyo and New York the old ones do not move."""
    zone("Europe/Berlin")
    summer, winter = utc("2026-07-01T21:30:00"), utc("2026-11-01T22:30:00")
    hour_twice = utc("2026-10-25T00:30:00"), utc("2026-10-25T01:30:00")
    begins = (summer, *hour_twice, winter)
    files = {}
    for number, began in enumerate(begins, 1):
        files.update(session(number, [], {"utc_s": began, "uptime_ms": 5, "run": "aaaa0001"}))
    device = sync_of(monkeypatch, archive, files)
    zone("Asia/Tokyo")
    later = utc("2026-11-10T23:30:00")
    sync_of(monkeypatch, archive, session(5, [], {"utc_s": later, "uptime_ms": 5, "run": "a1"}), device=device)
    zone("America/New_York")
    rows = listed(archive, capsys, "--json")
    assert [each["utc_s"] for each in rows] == [*begins, later]
    assert [each["utc_offset_s"] for each in rows] == [7200, 7200, 3600, 3600, 32400]
    assert [each["zone"] for each in rows] == ["CEST", "CEST", "CET", "CET", "JST"]
    text = listed(archive, capsys)
    dates = ("2026-07-01 23:30", "2026-10-25 02:30", "2026-11-01 23:30", "2026-11-11 08:30")
    assert all(date in text for date in dates) and text.count("2026-10-25 02:30") == 2


def test_ticks_of_an_old_session_that_wrap_in_its_middle():
    timeline = Timeline()
    timeline.add(0, {"ticks_ms": WRAP - 20_000, "utc_s": None})
    for second in range(5, 61, 5):
        told = {"ticks_ms": (WRAP - 20_000 + 1000 * second) % WRAP, "utc_s": 1_790_000_000 + second}
        timeline.add(second * RATE, told)
    assert timeline.began_utc_s() == 1_790_000_000
    rate = timeline.imu_rate()
    assert rate is not None and rate.ppm == 0 and rate.span_s == 55.0


@pytest.mark.parametrize("ppm", [-20_000, 300, 15_000])
def test_the_rate_of_the_imu_is_found_within_what_it_says(ppm):
    timeline = Timeline()
    timeline.add(0, {"uptime_ms": 1000})
    for k in range(180):
        uptime_s = 5.0 * (k + 1)
        late_s = (0.0, 0.049, 0.02)[k % 3]
        index = int((uptime_s - late_s) * RATE * (1 + ppm / 1e6))
        timeline.add(index, {"uptime_ms": round(1000 * (1 + uptime_s))})
    rate = timeline.imu_rate()
    assert rate is not None and abs(rate.ppm - ppm) <= rate.plus_minus_ppm < 100


def test_nonsense_in_stamps_is_no_time():
    timeline = Timeline()
    for told in ({"utc_s": "x", "uptime_ms": True}, {"utc_s": 1 << 90, "uptime_ms": -5}, {"utc_s": 0, "ticks_ms": 1.5}):
        timeline.add(5, told)
    assert timeline.began_utc_s() is None and timeline.imu_rate() is None


def test_drift_is_of_the_longest_run_and_says_how_sure_it_is():
    day_ms = 86_400_000
    anchors = [
        Anchor("aaaa0001", 0, 1_790_000_000_000),
        Anchor("aaaa0001", day_ms + 1037, 1_790_000_000_000 + day_ms),
        Anchor("bbbb0002", 0, 1_791_000_000_000),
        Anchor("bbbb0002", 700_000, 1_791_000_600_000 + 100_050),
    ]
    drift = drift_of(anchors)
    assert drift is not None and drift.ppm == pytest.approx(12.0, abs=0.01)
    assert drift.plus_minus_ppm == pytest.approx(3.47, abs=0.01) and "24.0 h" in drift.words()
    assert drift_of(anchors[:1]) is None
    # A clock that was set wrong, or a virtual device that runs 25 times faster than life.
    assert (
        drift_of([Anchor("a1b2", 0, 1_790_000_000_000), Anchor("a1b2", 25 * day_ms, 1_790_000_000_000 + day_ms)])
        is None
    )


@pytest.mark.parametrize(
    "rows", [None, 5, [[]], [["a1b2", 1]], [["../x", 1, 1_790_000_000_000]], [["a1b2", True, 1_790_000_000_000]],
             [["a1b2", -1, 1_790_000_000_000]], [["a1b2", 5, 86_400_000]], [["a1b2", 5, 1 << 70]]]
)  # fmt: skip
def test_anchors_of_nonsense_are_left_out(rows):
    assert parse_anchors(rows) == []


def test_doctor_shows_the_drift_with_what_it_may_be_off_by(archive):
    from retrowalk.doctor import _clock_finding

    hour_ms = 3_600_000
    now_ms = 1_790_000_000_000
    anchors = [Anchor("aaaa0001", 0, now_ms), Anchor("aaaa0001", 10 * hour_ms - 720, now_ms + 10 * hour_ms)]
    first = _clock_finding(archive, DEVICE_ID, anchors[:1])
    assert first.level == "ok" and first.figures is None
    found = _clock_finding(archive, DEVICE_ID, anchors)
    assert "drift -20.0 ± 8.3 ppm over 10.0 h" in found.text
    assert found.figures == {"ppm": -20.0, "plus_minus_ppm": 8.33, "span_s": 36000.0}
    assert _clock_finding(archive, DEVICE_ID, []).level == "warn"
