"""Settings on the device: what a file may hold, drafts of several settings, and a flash that is full."""

import json
import os

from app import store
from app.faults import Faults
from app.person import Person
from app.settings_desk import SettingsDesk

store.FOLDER = "/tmp/retrowalk-settings-%d" % int.from_bytes(os.urandom(4), "big")  # noqa: S108 a random number


class Fresh:
    """An empty /data for one case; removed at its end."""

    def __enter__(self):
        store.ensure_folder(store.FOLDER)
        return self

    def __exit__(self, kind, error, trace):
        for name in os.listdir(store.FOLDER):
            os.remove(store.FOLDER + "/" + name)
        os.rmdir(store.FOLDER)


def lay(text, name="settings.json"):
    with open(store.FOLDER + "/" + name, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())


def stored():
    with open(store.FOLDER + "/settings.json") as file:
        return json.load(file)


def start():
    """(person, faults) of a device that starts."""
    faults = Faults()
    return Person(faults), faults.counts


def say(desk, line, state="idle"):
    return desk.answer(line.split(), state)


def case_a_new_device_has_the_defaults_and_no_fault():
    with Fresh():
        person, faults = start()
        assert person.settings.lean_cue_cdeg == 800 and faults == {}
        assert say(SettingsDesk(person), "settings") == {"settings": {}, "stage": 3, "settings_unreadable": False}
        assert os.listdir(store.FOLDER) == []


def case_the_bare_form_of_the_first_version_is_read():
    with Fresh():
        lay('{"lean_cue_cdeg": 700, "height_cm": 168}')
        person, faults = start()
        assert person.changes == {"lean_cue_cdeg": 700, "height_cm": 168} and faults == {}
        assert person.settings.lean_cue_cdeg == 700
        assert say(SettingsDesk(person), "apply")["settings"] == person.changes
        assert stored() == {"format": 1, "settings": {"lean_cue_cdeg": 700, "height_cm": 168}}


def case_a_bad_file_gives_the_defaults_a_fault_and_is_kept_once():
    for text in (
        "", "null", "[]", "0", "{", "x" * 5000, b"\xff\xfe{", "[" * 3000, "{[]: 1}",
        '{"lean_cue_cdeg": "no"', '{"lean_cue_cdeg": "no"}', '{"lean_cue_cdeg": 1}', '{"colour": 1}',
        '{"height_cm": 1.5}', '{"height_cm": true}', '{"format": 2, "settings": {}}', '{"format": 1}',
        '{"format": 1, "settings": [1]}', '{"format": 1, "settings": {"lean_clear_cdeg": 900}}',
        '{"format": 1, "settings": {"stage": [3]}}', '{"format": 1, "settings": {"stage": 9}}',
        '{"format": 1, "settings": {"colour": 1}}',
    ):  # fmt: skip
        with Fresh():
            lay("an older one", "settings.bad")
            lay(text)
            person, faults = start()
            assert faults == {"settings_unreadable": 1}, text
            assert person.settings.as_dict() == type(person.settings)().as_dict() and person.changes == {}
            assert os.listdir(store.FOLDER) == ["settings.bad"]
            with open(store.FOLDER + "/settings.bad", "rb") as file:
                assert file.read() == (text if isinstance(text, bytes) else text.encode())
            # Nobody has synced: the next start says it again.
            assert start()[1] == {"settings_unreadable": 1}


def case_new_settings_end_the_complaint():
    with Fresh():
        lay("?")
        person, faults = start()
        desk = SettingsDesk(person)
        assert say(desk, "settings")["settings_unreadable"] is True
        assert say(desk, "apply") == {"settings": {}, "stage": 3, "settings_unreadable": False}
        assert faults == {} and os.listdir(store.FOLDER) == ["settings.json"]
        assert start()[1] == {}


def case_a_cut_between_the_new_file_and_the_removal_of_the_bad_one():
    with Fresh():
        lay('{"format": 1, "settings": {"stage": 2}}')
        lay("?", "settings.bad")
        person, faults = start()
        assert faults == {} and person.settings.stage == 2
        assert os.listdir(store.FOLDER) == ["settings.json"]


def case_a_pair_is_changed_together_and_takes_effect_at_once():
    with Fresh():
        person, _ = start()
        desk = SettingsDesk(person)
        assert say(desk, "draft lean_clear_cdeg 850") == {"draft": 1}
        refused = say(desk, "apply")
        assert refused["error"] == "bad_setting" and "below lean_cue_cdeg" in refused["why"]
        assert say(desk, "draft lean_cue_cdeg 1000") == {"draft": 2}
        assert person.settings.lean_clear_cdeg == 500 and not store.exists("settings.json")
        told = say(desk, "apply")
        assert told["settings"] == {"lean_clear_cdeg": 850, "lean_cue_cdeg": 1000}
        assert (person.settings.lean_clear_cdeg, person.settings.lean_cue_cdeg) == (850, 1000)
        assert start()[0].settings.lean_cue_cdeg == 1000


def case_a_stage_changes_what_was_not_set_and_a_minus_gives_back_the_default():
    with Fresh():
        person, _ = start()
        desk = SettingsDesk(person)
        for line in ("draft stage 2", "draft cue_lean 1", "draft height_cm 170"):
            say(desk, line)
        assert say(desk, "apply")["stage"] == 2
        assert person.settings.cadence_limit_spm == 90 and person.settings.cue_lean == 1
        for line in ("draft cue_lean -", "draft goal_s -"):
            say(desk, line)
        assert say(desk, "apply")["settings"] == {"stage": 2, "height_cm": 170}
        assert person.settings.cue_lean == 0


def case_what_is_refused_leaves_all_as_it_was():
    with Fresh():
        person, _ = start()
        desk = SettingsDesk(person)
        for line in (
            "draft colour 1", "draft lean_cue_cdeg", "draft lean_cue_cdeg 6.5", "draft lean_cue_cdeg -5", "draft a b c",
            "draft lean_cue_cdeg 0x10", "draft stage --",
        ):  # fmt: skip
            assert say(desk, line)["error"] == "bad_setting", line
        assert say(desk, "draft lean_cue_cdeg 99999999999999999999")["draft"] == 1
        refused = say(desk, "apply")
        assert refused["error"] == "bad_setting" and "200 to 3000" in refused["why"]
        assert say(desk, "draft") == {"draft": 0}
        say(desk, "draft lean_cue_cdeg 900")
        for state in ("recording", "calibrating"):
            assert say(desk, "apply", state) == {"error": state}
        assert person.changes == {} and person.settings.lean_cue_cdeg == 800 and os.listdir(store.FOLDER) == []


def case_a_full_flash_keeps_the_old_settings():
    with Fresh():
        person, _ = start()
        desk = SettingsDesk(person)
        say(desk, "draft stage 4")
        say(desk, "apply")
        say(desk, "draft stage 5")
        # A folder in the place of the temporary file: it cannot be written, as on a full flash.
        os.mkdir(store.FOLDER + "/settings.json.part")
        assert say(desk, "apply") == {"error": "flash_full"}
        os.rmdir(store.FOLDER + "/settings.json.part")
        assert person.settings.stage == 4 and start()[0].settings.stage == 4
