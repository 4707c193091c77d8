"""The host's hand on the bench: lines from a pipe, each a JSON list that names a command and its arguments.

["play", PATH, [US, ...]], ["stand"], ["press", US, [US, ...]], ["hold", BOOL], ["fault", NAME, BOOL], ["battery", MV],
["usb", BOOL], ["energy"], ["speed", N], ["cut", N_OPERATIONS, PERCENT], ["stall", N_OPERATIONS, US, TIMES],
["flash"], ["leap", US], and ["at", US, [COMMAND, ...]]: that, at that moment.
"""

import gc
import json

_READ = 1


class Commands:
    """world, pacer: what is commanded; note(text) answers."""

    def __init__(self, world, pacer, note):
        self.flash = None
        self._world = world
        self._pacer = pacer
        self._note = note

    def listen(self, file):
        """Obey lines from `file`, a pipe, whenever time passes."""
        self._file = file
        self._pacer.watch(file.fileno(), _READ, self._readable)

    def obey(self, command):
        """One command as a list; the host is ours, so a wrong one is a bug and raises."""
        getattr(self, "_do_" + command[0])(*command[1:])

    def _readable(self, descriptor, events):
        line = self._file.readline() if events & _READ else b""
        if line:
            self.obey(json.loads(line))
        else:
            # The host is gone, and with it our power.
            raise SystemExit

    def _do_at(self, moment_us, command):
        clock = self._world.clock
        if moment_us <= clock.us:
            self.obey(command)
        else:
            clock.at(moment_us, lambda: self.obey(command))

    def _do_play(self, path, presses_us):
        self._world.wearer.walk(self._world.open_track(path, False), presses_us)

    def _do_stand(self):
        self._world.wearer.stand()

    def _do_press(self, length_us, after_us):
        self._world.wearer.press_at(after_us, length_us)

    def _do_hold(self, is_down):
        self._world.wearer.hold_button(is_down)

    def _do_fault(self, name, is_on):
        self._world.fault(name, is_on)

    def _do_battery(self, millivolts):
        self._world.battery_mv = millivolts

    def _do_usb(self, is_there):
        self._world.power.plug(is_there)

    def _do_energy(self):
        self._world.power.tell()

    def _do_speed(self, speed):
        self._pacer.set_speed(speed)

    def _do_cut(self, n_operations, torn_percent):
        self.flash.cut(n_operations, torn_percent)

    def _do_stall(self, n_operations, span_us, times):
        self.flash.stall(n_operations, span_us, times)

    def _do_flash(self):
        flash = self.flash
        figures = (flash.reads, flash.programs, flash.programmed_bytes, flash.erases, flash.operations)
        # What the bench itself remembers of the motor is no part of the board.
        self._world.motor.clear()
        gc.collect()
        self._note("flash %d %d %d %d %d %d %d" % (figures + (flash.violations, gc.mem_alloc())))

    def _do_leap(self, span_us):
        self._pacer.leap(span_us)
