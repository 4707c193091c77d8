"""The host's hand on the bench: lines of text from a pipe, each a command; see `Commands.obey`.

play PATH US,US,... | stand | press US | hold 0/1 | fault NAME 0/1 | battery MV | speed N | cut N PERCENT | flash |
at US COMMAND... (once, at that moment of the clock; at once if it is past)
"""

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

    def obey(self, line):
        """One command; the host is ours, so a wrong one is a bug and raises."""
        words = line.split()
        name = words[0]
        world = self._world
        if name == "at":
            self._obey_later(int(words[1]), " ".join(words[2:]))
        elif name == "play":
            presses_us = [int(word) for word in words[2].split(",") if word]
            world.wearer.walk(world.open_track(words[1].replace("\\s", " "), False), presses_us)
        elif name == "flash":
            self._tell_flash()
        else:
            self._simple[name](self, words[1:])

    def _readable(self, descriptor, events):
        line = self._file.readline() if events & _READ else b""
        if line:
            self.obey(str(line, "utf-8"))
        else:
            # The host is gone, and with it our power.
            raise SystemExit

    def _obey_later(self, moment_us, line):
        clock = self._world.clock
        if moment_us <= clock.us:
            self.obey(line)
        else:
            clock.at(moment_us, lambda: self.obey(line))

    def _tell_flash(self):
        flash = self.flash
        figures = (flash.reads, flash.programs, flash.programmed_bytes, flash.erases, flash.operations)
        self._note("flash %d %d %d %d %d %d" % (figures + (flash.violations,)))

    def _fault(self, words):
        self._world.fault(words[0], words[1] == "1")

    def _battery(self, words):
        self._world.battery_mv = int(words[0])

    _simple = {
        "stand": lambda self, words: self._world.wearer.stand(),
        "press": lambda self, words: self._world.wearer.press(int(words[0])),
        "hold": lambda self, words: self._world.wearer.hold_button(words[0] == "1"),
        "fault": _fault,
        "battery": _battery,
        "speed": lambda self, words: self._pacer.set_speed(float(words[0])),
        "cut": lambda self, words: self.flash.cut(int(words[0]), int(words[1])),
    }
