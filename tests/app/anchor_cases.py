"""The uptime over the wraps of the ticks, and the anchors that a host leaves."""

import app.anchors
import app.clock
from app.anchors import Anchors
from app.clock import Uptime

PERIOD = 1 << 30


class Faults:
    def __init__(self):
        self.counts = {}

    def add(self, name):
        self.counts[name] = self.counts.get(name, 0) + 1


class Time:
    """Ticks as on the ESP32, moved by hand."""

    now_ms = PERIOD - 1000

    @staticmethod
    def ticks_ms():
        return Time.now_ms % PERIOD

    @staticmethod
    def ticks_diff(later, earlier):
        return ((later - earlier + PERIOD // 2) & (PERIOD - 1)) - PERIOD // 2


def set_up():
    """Anchors on a flash that is a dictionary."""
    app.clock.time = Time
    kept = {}
    app.anchors.read_json = kept.get
    app.anchors.write_json = kept.__setitem__
    app.anchors.set_utc = lambda seconds: None
    return kept


def case_the_uptime_runs_on_over_wraps():
    set_up()
    Time.now_ms = PERIOD - 1000
    uptime = Uptime()
    assert uptime.ms() == 0
    for days in (1, 6, 6, 6, 6):
        Time.now_ms += days * 86400000
        uptime.ms()
    assert uptime.ms() == 25 * 86400000


def case_two_starts_are_two_runs():
    set_up()
    runs = [Uptime().run for _ in range(50)]
    assert len(set(runs)) == 50 and all(len(run) == 8 for run in runs)


def case_the_first_and_the_newest_of_each_run_are_kept():
    kept = set_up()
    for _ in range(9):
        uptime = Uptime()
        anchors = Anchors(uptime, Faults())
        for _ in range(4):
            Time.now_ms += 1000
            assert anchors.set_clock(["1790000000", "250"]) == ""
        anchors.keep()
    rows = kept["anchors.json"]["anchors"]
    assert len(rows) == 12 and rows[-1] == [uptime.run, 4000, 1790000000250]
    assert [row[1] for row in rows] == [1000, 4000] * 6
    assert anchors.answer() == {"run": uptime.run, "uptime_ms": 4000, "anchors": rows}


def case_nothing_is_written_unless_there_is_something_new():
    kept = set_up()
    anchors = Anchors(Uptime(), Faults())
    anchors.keep()
    assert kept == {}


def case_a_bad_time_is_refused_and_leaves_no_anchor():
    set_up()
    app.anchors.set_utc = app.clock.set_utc
    anchors = Anchors(Uptime(), Faults())
    for words in ([], ["x"], ["1790000000", "1000"], ["1790000000", "-1"], ["86400"], ["4000000000"]):
        assert anchors.set_clock(words) == "bad_time"
    assert anchors.rows == []


def case_a_file_of_nonsense_costs_its_anchors_and_no_more():
    kept = set_up()
    for nonsense in ([], {"format": 9}, {"format": 1, "anchors": 5}, {"format": 1, "anchors": [7]}):
        kept["anchors.json"] = nonsense
        faults = Faults()
        assert Anchors(Uptime(), faults).rows == [] and faults.counts == {"anchors_lost": 1}
