"""Power cuts while a small file is replaced (settings, calibration, progress): it is the old one or the new."""

import walked
from journal import Journal, Mounted, cuts
from tally import Tally

from app.faults import Faults
from app.person import Person
from app.settings_file import SettingsFile
from app.store import read_json, write_json
from retrogait.mounting import Mounting
from retrogait.settings import Settings

_BLOCKS = 128
_TURNED = [16384, 0, 0, 0, 0, -16384, 0, 16384, 0]


def settings(every, offset):
    """`rw config apply`: the changes are stored."""

    def work():
        person = Person(Faults())
        changes = {"lean_cue_deg": 6} if "lean_cue_deg" in Settings().as_dict() else {"cue_strength_percent": 60}
        person.keep_settings(Settings(changes), changes)

    _try(Tally("settings"), work, _settings_now, every, offset)


def calibration(every, offset):
    """A passed calibration is stored, in the place of another."""

    def work():
        Person(Faults()).keep_mounting("waist", "back", Mounting(_TURNED))

    _try(Tally("calibration"), work, _seat_now, every, offset)


def seat_forgotten(every, offset):
    """The clip was found to have moved."""

    def work():
        Person(Faults()).forget_seat(Faults())

    _try(Tally("clip moved"), work, _seat_now, every, offset)


def progress(every, offset):
    """What a session ended with for the share of cues."""

    def work():
        write_json("progress.json", {"format": 1, "sessions": 4, "level": 2, "successes": 1})

    _try(Tally("progress"), work, lambda: read_json("progress.json"), every, offset)


def bad_settings_at_boot(every, offset):
    """A start puts a settings file that cannot be read aside: later starts must still say so."""

    def spoil():
        with open("/data/settings.json", "w") as file:
            file.write('{"format": 1, "settings": {"lean')

    def look():
        return SettingsFile().is_unreadable

    _try(Tally("bad settings at boot"), SettingsFile, look, every, offset, spoil)


def _settings_now():
    person = Person(Faults())
    return None if person.is_settings_unreadable else person.changes


def _seat_now():
    faults = Faults()
    person = Person(faults)
    return None if faults.counts else (person.mount, person.mounting_q14, person.clip_moved)


def _prepared(spoil):
    journal = Journal(_BLOCKS)
    with Mounted(journal):
        walked.walk(2)
        Person(Faults()).keep_mounting("waist", "front", Mounting([16384, 0, 0, 0, 16384, 0, 0, 0, 16384]))
        Person(Faults()).keep_settings(Settings({"cue_strength_percent": 90}), {"cue_strength_percent": 90})
        write_json("progress.json", {"format": 1, "sessions": 3, "level": 1, "successes": 0})
        if spoil is not None:
            spoil()
    return journal.now()


def _try(tally, work, look, every, offset, spoil=None):
    image = _prepared(spoil)
    with Mounted(Journal(_BLOCKS, image)):
        old = look()
    journal = Journal(_BLOCKS, image)
    with Mounted(journal):
        session = walked.parts(1)
        work()
        n_operations = len(journal.operations)
        new = look()
    for k, torn, cut, _promised in cuts(journal, every, offset):
        tally.cases += 1
        tally.sessions += 1
        where = "cut at operation %d of %d, torn %d %%" % (k, n_operations, torn)
        try:
            with Mounted(Journal(_BLOCKS, cut)):
                if walked.parts(1) != session:
                    tally.lose(where + ": the session there is not as it was")
                found = look()
                if found not in (old, new):
                    tally.note("%s: neither old nor new: %s" % (where, found))
                if k > n_operations and found != new:
                    tally.note("%s: the old one, though the new one was kept" % where)
                work()
                if look() != new:
                    tally.note("%s: it cannot be written any more" % where)
        except OSError as error:
            tally.lose("%s: %r" % (where, error))
    tally.tell()
