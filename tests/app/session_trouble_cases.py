"""What goes wrong inside the app during a session or a calibration: it ends, it is felt, and the device can be used."""

import asyncio

import app.recorder
from app.fitting import Fitting
from app.recorder import Recorder
from retrogait import patterns
from retrogait.fading import Fading
from retrogait.mounting import Mounting
from retrogait.settings import Settings


class Faults:
    def __init__(self):
        self.counts = {}
        self.errors = []

    def add(self, name):
        self.counts[name] = self.counts.get(name, 0) + 1

    def write_traceback(self, error):
        self.errors.append(error)


class Haptics:
    busy = False
    percent = 100

    def __init__(self):
        self.played = []

    def play(self, pattern):
        self.played.append(pattern)

    def silence(self):
        self.played.append("silence")


class Sampler:
    running = False

    def start(self, accel_range_g, gyro_range_dps):
        self.running = True

    def stop(self):
        self.running = False

    def pump(self, consumer):
        return 0

    def temperature_cdeg(self):
        return 2500

    async def run(self, consumer):
        while True:
            await asyncio.sleep_ms(40)


class Person:
    mount, side, clip_moved = "waist", "back", False
    mounting_q14 = (16384, 0, 0, 0, 16384, 0, 0, 0, 16384)
    settings = Settings()

    def mounting(self):
        return Mounting(self.mounting_q14)


class Progress:
    fading = Fading()

    def effective(self, settings):
        return settings

    def coaching(self, settings):
        return "full"

    def note(self, walk, coaching, was_painful):
        pass


class Health:
    def read(self):
        return {}


class Battery:
    def now(self, settings):
        return 0

    def look(self, settings):
        return 0


class Uptime:
    run = "00000000"

    def ms(self):
        return 0


class Room:
    free_bytes = 0

    def make_room(self):
        pass

    def measure(self):
        pass


class Log:
    """A logbook that fails where `fails` says."""

    fails = ""
    ended = 0
    session = 7
    samples_dropped = 0
    is_full = False

    def __init__(self, header, free_bytes, faults):
        self.doing("open")

    def doing(self, what):
        if what == Log.fails:
            raise MemoryError(what)

    def work(self):
        self.doing("work")

    def add_event(self, index, kind, value_a, value_b):
        pass

    def end(self, index, summary):
        Log.ended += 1
        self.doing("end")


def recorder_that_fails(at):
    app.recorder.Logbook = Log
    Log.fails = at
    Log.ended = 0
    haptics, faults, sampler = Haptics(), Faults(), Sampler()
    made = Recorder(
        {"version": "0"}, sampler, haptics, Person(), Progress(), faults, Health(), Battery(), Room(), Uptime()
    )
    return made, haptics, faults, sampler


def case_a_crash_while_it_is_tended_ends_the_session_and_is_felt():
    recorder, haptics, faults, sampler = recorder_that_fails("work")

    async def walk():
        assert recorder.begin() == ""
        await asyncio.sleep_ms(400)

    asyncio.run(walk())
    assert recorder.session is None and Log.ended == 1
    assert haptics.played[-1] == patterns.FAILED
    assert len(faults.errors) == 1 and not sampler.running


def case_a_crash_while_it_is_closed_is_written_down_and_the_end_is_felt():
    recorder, haptics, faults, sampler = recorder_that_fails("end")

    async def walk():
        assert recorder.begin() == ""
        await asyncio.sleep_ms(50)
        assert recorder.stop("button") == ""

    asyncio.run(walk())
    assert recorder.session is None and not sampler.running
    assert haptics.played[-1] == patterns.STOP
    assert len(faults.errors) == 1


def case_a_session_that_cannot_be_opened_is_refused_by_touch_and_none_is_open():
    recorder, haptics, faults, sampler = recorder_that_fails("open")

    async def walk():
        assert recorder.begin() == "app_crashed"

    asyncio.run(walk())
    assert recorder.session is None and not sampler.running
    assert haptics.played == [patterns.REFUSED]
    assert len(faults.errors) == 1


def case_a_walk_that_cannot_be_made_leaves_no_half_open_session():
    recorder, haptics, _faults, sampler = recorder_that_fails("")
    Person.mounting_q14 = ()

    async def walk():
        assert recorder.begin() == "app_crashed"

    asyncio.run(walk())
    assert recorder.session is None and recorder.walk is None and not sampler.running
    assert haptics.played == [patterns.REFUSED]


def case_a_crash_in_a_calibration_gives_the_button_back():
    haptics, faults, sampler = Haptics(), Faults(), Sampler()
    fitting = Fitting(sampler, haptics, Person(), faults)
    fitting._keep = lambda reason, result: None

    async def fit():
        assert fitting.begin("waist") == ""
        fitting._place = ("knee", "")
        await asyncio.sleep_ms(800)

    asyncio.run(fit())
    assert not fitting.busy and not sampler.running
    assert haptics.played[-1] == patterns.FAILED
    assert len(faults.errors) == 1
