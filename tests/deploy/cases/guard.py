"""The boot guard on real MicroPython and LittleFS: which copy starts after what."""

import json
import os

import clipboard
import vfs
from clipboard import behave, boot, crash, ctrl_c, cut, hang, log, mount, new_image, put, put_copy

with open("main.py") as _file:
    MAIN = _file.read()
vfs.umount("/")


def _chip(state=None):
    """Version 1 in slot a, version 2 in slot b, and that state."""
    flash = mount(new_image())
    put("/board.txt", "virtual\n")
    put_copy("a", "v1")
    put_copy("b", "v2")
    if state is not None:
        _write(**state)
    return flash


def _write(slot="a", good=True, starts=0, back="", failed="", why="", imu=None):
    state = {"slot": slot, "good": good, "starts": starts, "back": back, "failed": failed, "why": why, "imu": imu}
    put("/slots.json", json.dumps(state))


def _state():
    with open("/slots.json") as file:
        return json.load(file)


NEW = {"slot": "b", "good": False, "back": "a", "imu": True}


def case_a_confirmed_copy_starts_and_nothing_is_written():
    flash = _chip({"slot": "a", "imu": True})
    before = flash.operations
    assert boot(MAIN) == 1
    assert log == [("v1", "a", False)]
    assert flash.operations == before


def case_a_new_copy_confirms_itself_and_stays():
    _chip(NEW)
    boot(MAIN)
    assert log == [("v2", "b", True)]
    assert _state() == {"slot": "b", "good": True, "starts": 0, "back": "a", "failed": "", "why": "", "imu": True}
    boot(MAIN)
    assert log[1:] == [("v2", "b", False)]


def _given_up(why):
    """The old copy runs after two starts of the new one, says why, and stays."""
    assert log == [("v2", "b", True), ("v2", "b", True), ("v1", "a", False)], log
    state = _state()
    assert (state["slot"], state["good"], state["failed"], state["why"], state["back"]) == ("a", True, "b", why, ""), (
        state
    )
    boot(MAIN)
    assert log[3:] == [("v1", "a", False)]


def case_one_that_crashes_twice_is_given_up_without_anyone():
    _chip(NEW)
    behave["v2"] = crash
    assert boot(MAIN) == 3
    _given_up("crashed")
    with open("/data/faults.txt") as file:
        assert file.read().count("ValueError: a bug") == 2


def case_one_that_cannot_be_imported_is_given_up():
    _chip(NEW)
    put("/b/app/start.py", "import nonesuch\n")
    assert boot(MAIN) == 3
    assert log == [("v1", "a", False)]
    put("/b/app/start.py", "def broken(:\n")
    _write(**NEW)
    assert boot(MAIN) == 3
    assert log[1:] == [("v1", "a", False)]


def case_one_that_hangs_twice_is_given_up():
    _chip(NEW)
    behave["v2"] = hang
    assert boot(MAIN) == 3
    _given_up("stopped")


def case_one_that_ends_by_itself_is_given_up():
    _chip(NEW)
    behave["v2"] = lambda guard: None
    assert boot(MAIN) == 3
    _given_up("ended")


def case_two_power_cuts_in_the_start_give_it_up_and_the_old_one_works():
    _chip(NEW)
    behave["v2"] = cut
    assert boot(MAIN) == 3
    _given_up("stopped")


def case_one_power_cut_is_forgiven():
    _chip(NEW)
    behave["v2"] = cut
    assert boot(MAIN, 1) == 1
    del behave["v2"]
    boot(MAIN)
    assert log == [("v2", "b", True), ("v2", "b", True)]
    assert _state()["good"] is True


def case_ctrl_c_is_no_failed_start():
    _chip(NEW)
    behave["v2"] = ctrl_c
    for _ in range(5):
        assert boot(MAIN) == 1
        assert clipboard.Timer.armed is None, "the prompt must not be reset from under the host"
    del behave["v2"]
    boot(MAIN)
    assert _state()["good"] is True


class NotWell(Exception):
    """As app.trial raises it."""

    why = "imu_absent"


def case_an_app_says_why_it_is_not_well():
    _chip(NEW)

    def not_well(guard):
        assert guard.had_imu is True
        raise NotWell("no sensor")

    behave["v2"] = not_well
    boot(MAIN)
    _given_up("imu_absent")


def case_the_first_copy_has_nothing_to_go_back_to_and_is_tried_for_ever():
    flash = mount(new_image())
    put_copy("a", "v1")
    _write("a", good=False)
    behave["v1"] = cut
    before = flash.operations
    assert boot(MAIN) == clipboard.MOST_BOOTS
    assert flash.operations == before, "a start that nothing follows from is not counted"
    del behave["v1"]
    boot(MAIN)
    assert _state()["good"] is True


def case_a_confirmed_copy_that_crashes_shows_its_traceback_and_gives_the_prompt():
    _chip({"slot": "b", "back": "a"})
    behave["v2"] = crash
    assert boot(MAIN) == 1
    assert log == [("v2", "b", False), ("ValueError", None, False)]


def case_the_button_gives_the_prompt_and_counts_nothing():
    _chip(NEW)
    clipboard.Pin.is_down = True
    for _ in range(4):
        assert boot(MAIN) == 1
    assert log == []
    assert _state()["starts"] == 0
    clipboard.Pin.is_down = False
    boot(MAIN)
    assert log == [("v2", "b", True)]


def case_a_press_that_wakes_it_from_deep_sleep_asks_for_the_app():
    _chip({"slot": "a", "imu": True})
    clipboard.Pin.is_down = True
    clipboard.Machine.cause = clipboard.Machine.DEEPSLEEP_RESET
    boot(MAIN)
    assert log == [("v1", "a", False)]


def case_a_broken_board_file_hides_the_button_until_the_old_copy_is_back():
    _chip(NEW)
    put("/b/boards/virtual.py", "BUTTON = \n")
    clipboard.Pin.is_down = True
    behave["v2"] = crash
    boot(MAIN)
    assert log == [("v2", "b", True), ("v2", "b", True)], "then the old copy's board file shows that it is held"
    clipboard.Pin.is_down = False
    boot(MAIN)
    assert log[2:] == [("v1", "a", False)]


def case_a_copy_that_is_not_whole_is_not_started():
    _chip({"slot": "b", "good": True, "back": "a"})
    os.remove("/b/release.json")
    boot(MAIN)
    assert log == [("v1", "a", False)]
    assert _state()["why"] == "incomplete"


def case_a_damaged_state_tries_what_is_whole():
    for text in ("", "{", "[]", "7", '{"slot": "c"}', '{"slot": "a"}', '{"slot": ["a"], "good": 1}', "\xff" * 300):
        log.clear()
        behave.clear()
        _chip()
        put("/slots.json", text)
        boot(MAIN)
        assert log == [("v1", "a", True)], text
        put("/slots.json", text)
        behave["v1"] = crash
        boot(MAIN)
        assert log[-1] == ("v2", "b", False), text
        vfs.umount("/")


def case_a_flash_that_takes_no_word_starts_the_old_copy():
    flash = _chip(NEW)
    flash._program = flash._erase = lambda *ignored: -5
    assert boot(MAIN) == 1
    assert log == [("v1", "a", False)], log


def case_the_board_file_of_the_copy_that_starts_is_used():
    """A board module read for the button must not be taken for the other copy's."""
    _chip(NEW)
    app = "import clipboard\nimport boards.virtual as board\n\ndef run(guard):\n    clipboard.log.append(board.NAME)\n"
    put("/a/app/start.py", app + "    guard.confirm(True)\n")
    put("/b/app/start.py", app + "    raise ValueError\n")
    put("/a/boards/virtual.py", clipboard.BOARD + "NAME = 'old'\n")
    put("/b/boards/virtual.py", clipboard.BOARD + "NAME = 'new'\n")
    boot(MAIN)
    assert log == ["new", "new", "old"], log


def case_firmware_without_slots_comes_back():
    mount(new_image())
    put("/board.txt", "virtual\n")
    put("/app/part.py", "PART = 'v0'\n")
    put("/retrogait/__init__.py", "CORE = 'v0'\n")
    put("/main_old.py", clipboard.OLD_MAIN)
    put_copy("a", "v1")
    _write("a", good=False, back="old")
    behave["v1"] = crash
    assert boot(MAIN) == 3
    assert log == [("v1", "a", True), ("v1", "a", True), ("v0", None, False)], log
    boot(MAIN)
    assert log[3:] == [("v0", None, False)]


def case_without_any_copy_it_says_so():
    mount(new_image())
    assert boot(MAIN) == 1
    assert log == []


def case_the_sensor_that_was_there_is_remembered():
    flash = _chip({"slot": "a", "imu": True, "back": "b"})
    behave["v1"] = lambda guard: guard.confirm(False)
    boot(MAIN)
    assert _state()["imu"] is False
    assert _state()["back"] == "b"
    before = flash.operations
    boot(MAIN)
    assert flash.operations == before, "written only when it changes"
