"""The boot guard: starts one of two copies of the app, and goes back by itself to the copy that worked.

The copies lie in /a and /b. A new one is on trial until it confirms itself; after two starts without that the one
before it starts again, for good. A start is counted before it begins, so that a crash, a hang, a reset and a power cut
all count; Ctrl-C does not. Holding the button at start gives safe mode: no app, the plain prompt.

This file stands alone, needs nothing of the app, and is to change as rarely as can be: an update of the app leaves it
as it is. docs/explanation/updates.md has the picture and the rules.
"""

import json
import os
import sys

import machine

API = 1
"""What an app may expect of the Guard that `app.start.run` is given; only ever added to."""

OLD = "old"
"""The slot of firmware 0.2, which had no slots: the app at /, its main.py kept as /main_old.py."""

_STATE = "/slots.json"
_PART = "/slots.new"
_OLD_MAIN = "/main_old.py"
_SLOTS = ("a", "b")
_STARTS = 2
# Longest from the start of an app on trial to its word that it is well; then it hangs. Imports take seconds.
_TRIAL_MS = 30000


class Guard:
    """What app.start.run gets. Fields: `folder` of its copy, `slot`, `is_confirmed`, `back` (the slot to go back to, or
    ""), `failed` (the slot that was given up, or "") and `why`, `has_fallen_back` (in this very start), `had_imu`
    (whether the app that was confirmed last had its motion sensor; None: nobody knows).
    """

    def __init__(self):
        self._timer = None
        self.has_fallen_back = False
        try:
            with open(_STATE) as file:
                state = json.load(file)
            self._take(state)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self._guess()
        if not _is_there(self.slot) or (self.is_on_trial and self.starts >= _STARTS):
            self._fall_back()

    def _take(self, state):
        self.slot = state["slot"]
        self.is_confirmed = state["good"] is True
        self.starts = int(state["starts"])
        self.back = state["back"]
        self.failed = str(state["failed"])
        self.why = str(state["why"])
        self.had_imu = state["imu"]
        if self.slot not in _SLOTS + (OLD,) or self.back not in _SLOTS + (OLD, ""):
            raise ValueError("no such slot")
        if not _is_there(self.back):
            self.back = ""

    def _guess(self):
        """Without a state that can be read: try the copies that are whole, in turn."""
        whole = [slot for slot in _SLOTS + (OLD,) if _is_there(slot)]
        self.slot = whole[0] if whole else "a"
        self.back = whole[1] if len(whole) > 1 else ""
        self.is_confirmed = False
        self.starts = 0
        self.failed = self.why = ""
        self.had_imu = None

    @property
    def folder(self):
        """Where this copy of the app lies; "" for the app of firmware 0.2."""
        return "" if self.slot == OLD else "/" + self.slot

    @property
    def is_on_trial(self):
        """Is there another copy to go back to if this one does not confirm itself?"""
        return not self.is_confirmed and self.back != ""

    def confirm(self, has_imu):
        """The app is well, with or without its motion sensor. Writes only what is new; OSError if it cannot."""
        self._end_trial()
        if self.is_confirmed and self.had_imu is has_imu:
            return
        self.had_imu = has_imu
        if not self.is_confirmed:
            self.failed = self.why = ""
        self.is_confirmed = True
        self.starts = 0
        self._write()

    def is_button_down(self):
        """Whether the board's button is held: the only pin looked at here, as the copy's board file names it.

        A press that wakes the chip from deep sleep asks for the app.
        """
        if machine.reset_cause() == machine.DEEPSLEEP_RESET:
            return False
        try:
            with open("/board.txt") as file:
                name = file.read().strip()
            board = getattr(__import__("boards." + name), name)
            # Some pins have no pull-up of their own: then the board has one.
            pull = (machine.Pin.PULL_UP,) if getattr(board, "BUTTON_PULL", True) else ()
            pin = machine.Pin(board.BUTTON, machine.Pin.IN, *pull)
            return pin.value() == board.BUTTON_PRESSED
        except Exception:  # noqa: BLE001 a copy whose board file is broken fails in its own start, and that counts
            return False

    def start(self):
        """Run the app until it ends. One on trial that ends, however it does, is started anew by a reset."""
        if self.is_on_trial:
            self.starts += 1
            self.why = "stopped"
            try:
                self._write()
                self._timer = machine.Timer(0)
                self._timer.init(mode=machine.Timer.ONE_SHOT, period=_TRIAL_MS, callback=lambda _: machine.reset())
            except OSError:
                # A start that cannot be counted must not be made: it could be the hundredth.
                self._fall_back()
        try:
            self._run()
            self.why = "ended"
        except KeyboardInterrupt:
            self.starts = max(0, self.starts - 1)
            self._end_trial()
            if self.is_on_trial:
                self._write()
            return
        except Exception as error:
            if not self.is_on_trial:
                raise
            # Whatever it is: the copy that worked takes over.
            self.why = str(getattr(error, "why", "crashed"))
            _keep(error)
        if self.is_on_trial:
            self._end_trial()
            self._write()
            machine.reset()

    def _run(self):
        for name in [name for name in sys.modules if name.split(".")[0] == "boards"]:
            del sys.modules[name]
        _look_in(self.folder)
        if self.slot == OLD:
            with open(_OLD_MAIN) as file:
                source = file.read()
            exec(compile(source, _OLD_MAIN, "exec"), {"__name__": "__main__"})  # noqa: S102 the main.py that was here
        else:
            __import__("app.start")
            sys.modules["app.start"].run(self)

    def _fall_back(self):
        """To the copy that worked; it is not tried again. The next word to the flash keeps it."""
        if not _is_there(self.back):
            return
        self.failed = self.slot
        self.why = self.why or "incomplete"
        self.slot = self.back
        self.back = ""
        self.is_confirmed = True
        self.starts = 0
        self.has_fallen_back = True
        try:
            self._write()
        except OSError:
            # The same is found, and done, at the next start.
            return

    def _end_trial(self):
        if self._timer is not None:
            self._timer.deinit()
            self._timer = None

    def _write(self):
        """Replace the state: a power cut leaves the old one or the new one."""
        state = {"slot": self.slot, "good": self.is_confirmed, "starts": self.starts, "back": self.back}
        state.update({"failed": self.failed, "why": self.why, "imu": self.had_imu})
        with open(_PART, "w") as file:
            json.dump(state, file)
        os.rename(_PART, _STATE)


def _is_there(slot):
    """Whether a copy is whole: its release.json is written last and removed first."""
    if not slot:
        return False
    try:
        os.stat(_OLD_MAIN if slot == OLD else "/%s/release.json" % slot)
    except OSError:
        return False
    return True


def _look_in(folder):
    """Have imports look into this copy first, and not into another one."""
    sys.path[:] = [path for path in sys.path if path not in ("/a", "/b")]
    if folder:
        sys.path.insert(0, folder)


def _keep(error):
    """The traceback, for `retrowalk doctor`, where the app keeps its own."""
    try:
        if "data" not in os.listdir("/"):
            os.mkdir("/data")
        with open("/data/faults.txt", "a") as file:
            sys.print_exception(error, file)
    except OSError:
        pass  # the flash is full: the reason in the state has to do


def _main():
    guard = Guard()
    if not _is_there(guard.slot):
        print("Retrowalk: no app is here. `retrowalk flash` puts it on.")  # noqa: T201 nobody else can say it
        return
    _look_in(guard.folder)
    if not guard.is_button_down():
        guard.start()


_main()
