"""Steps from the waist's step signal: which bumps are steps, and which steps make a walk.

1. Rhythm: after each step the threshold falls from the usual size to 20 % of it at 72 % of the usual interval (the
   decaying threshold of heart-beat detectors, Hamilton and Tompkins 1986): an early bump must be big, a timely one
   may be weak. Beyond 150 % the rhythm is lost, and 40 % are asked for. A bump too soon after a weaker one is that
   step in its better place.
2. Turns: while the wearer turns by much with each step, the trunk is hardly braked and steps come unevenly. Then 8 %
   will do, up to twice the usual interval, and the signal is sharpened by its crest: a step is short, the slow heave
   of a pivot is not.
3. Bouts: four steps in a row make a walk and are then repaid; before that they may be single bumps. What belongs to
   the walk's beginning is decided in retrogait.waist_run.
4. The end: a step that comes late is a step if another follows in time. The closing step, which sets the feet
   together, may be as weak as a bump can be.

Indices in samples, levels in 1/400 mg, direction-blind. Called by retrogait.waist.
"""

from retrogait import const
from retrogait.fixed import clamp
from retrogait.waist_bumps import Bumps
from retrogait.waist_run import StepRun
from retrogait.waist_signal import DELAY, MG, TICK

# Levels. Floor of a step: the walk of 0.3 m/s still clears it; a run begins with a clearer one. Closing step: only
# asked for where one is due, so only noise must be beaten.
_FIRST = 40 * MG
_FLOOR = 35 * MG
_TURNING_FLOOR = 15 * MG
_CLOSING = 3 * MG
_LEAST_PERCENT = const(20)
_TURNING_PERCENT = const(8)
_LATE_PERCENT = const(40)
# Percent by which the threshold has fallen after one usual interval; less in a slow walk (below 42 steps a minute),
# where the trunk rises a second time halfway.
_FALL = const(111)
_TURNING_FALL = const(125)
_SLOW_FALL = const(80)
_SLOW_RHYTHM = const(150)
# Turning: 22 degrees a step, in ddps times samples; a half circle takes no more than eight such steps.
_TURNING = const(22 * 1040)
# Samples (104 a second). No walker steps within 0.32 s (190 a minute).
_REFRACTORY = const(33)
# A step is settled a second after it, or half an interval and the detection's delay after it if nothing followed yet.
_SETTLE = const(104)
_LATE = const(60)
# A walk lives three intervals without a step, within 1.6 to 3 s; candidates live 3 s.
_PAUSE = const(166)
_LONGEST_PAUSE = const(312)
_STEPS_OF_A_WALK = const(4)
_HELD = const(8)


class WaistSteps:
    """`walking` inside a confirmed bout, `candidates` steps in the present run, `last` the index of its newest.

    After `push`, `take(index)` hands out finished steps one by one in `bump` and `interval`; `over` says that the
    bout has ended: take what is left, then `clear()`.
    """

    def __init__(self):
        self.walking = False
        self.over = False
        self.bump = 0
        self.interval = 0
        self._bumps = Bumps()
        self._run = StepRun()
        self._weak_at = self._weak_size = 0
        self._crest_1 = self._crest_2 = 0

    @property
    def candidates(self):
        """Steps in the present run, confirmed or not."""
        return self._run.length

    @property
    def first(self):
        """Index of the first step of the run (see StepRun)."""
        return self._run.first

    @property
    def last(self):
        """Index of the newest step of the run, or of the last one before."""
        return self._run.last

    def clear(self):
        """Forget the run."""
        self.walking = False
        self.over = False
        self._run.clear()

    def restart(self):
        """After a gap: the next level is where the signal begins; the run goes on."""
        self._crest_1 = self._crest_2 = 0
        self._bumps.restart()

    def push(self, index, level, crest, rate_ddps):
        """The levels told by the tick that ended with sample `index`; how fast the wearer turns, either way."""
        run = self._run
        bumps = self._bumps
        turning = rate_ddps * run.rhythm > _TURNING
        if bumps.push(index, level + (crest >> 2) if turning else level):
            self._judge(bumps.at, bumps.size, turning)
        if run.length:
            if self.walking:
                self._look_for_closing_step(index, crest)
            if index - DELAY - run.last > self._patience():
                self.close()
        self._crest_2 = self._crest_1
        self._crest_1 = crest

    def close(self):
        """The run is over: a walk keeps its steps to be taken, single bumps are forgotten."""
        if not self.walking:
            self.clear()
            return
        run = self._run
        if run.is_late():
            run.drop_late()
        elif self._weak_size > _CLOSING:
            self._append(self._weak_at, self._weak_size)
        self.over = True

    def take(self, index):
        """True when one more step of a walk is settled at sample `index`; it stands in `bump` and `interval`."""
        run = self._run
        ordinal = run.sent
        if ordinal == run.count or not self.walking:
            return False
        at = run.index_of(ordinal)
        if not self.over:
            if index - at < _SETTLE:
                return False
            if ordinal == run.count - 1 and (index - at < (run.rhythm >> 1) + _LATE or run.is_late()):
                return False
        self.bump = at
        self.interval = 0 if ordinal == run.base else run.interval(ordinal)
        run.sent = ordinal + 1
        return True

    def _patience(self):
        """How long a run lives without a step."""
        if not self.walking:
            return _LONGEST_PAUSE
        return clamp(3 * self._run.rhythm, _PAUSE, _LONGEST_PAUSE)

    def _judge(self, at, size, turning):
        """One bump: a step, a better place for the step before, or nothing."""
        run = self._run
        if run.length == 0:
            if size >= _FIRST:
                self._append(at, size)
            return
        wait = at - run.last
        rhythm = run.rhythm
        if turning and self.walking and wait < 2 * rhythm:
            floor = _TURNING_FLOOR
            share = max(_TURNING_PERCENT, 100 - _TURNING_FALL * wait // rhythm)
        else:
            floor = _FLOOR
            fall = _FALL if rhythm < _SLOW_RHYTHM else _SLOW_FALL
            share = max(_LEAST_PERCENT, 100 - fall * wait // rhythm) if 2 * wait <= 3 * rhythm else _LATE_PERCENT
        if wait >= _REFRACTORY and size >= max(floor, run.usual // 100 * share):
            self._append(at, size)
        elif wait < max(_REFRACTORY, 3 * rhythm >> 2):
            run.replace(at, size)

    def _look_for_closing_step(self, index, crest):
        """Remember the highest crest from 60 to 130 % of an interval after the last step."""
        top = self._crest_1
        if top > self._weak_size and crest < top and self._crest_2 <= top:
            # The top was a tick ago.
            run = self._run
            wait = index - TICK - DELAY - run.last
            if 5 * wait > 3 * run.rhythm and 10 * wait < 13 * run.rhythm:
                self._weak_at = run.last + wait
                self._weak_size = top

    def _append(self, at, size):
        run = self._run
        run.append(at, size)
        self._weak_size = _CLOSING
        if self.walking:
            return
        if run.length > _HELD:
            run.drop_oldest()
        if run.length >= _STEPS_OF_A_WALK and run.is_even():
            self.walking = True
            while run.length > 2 and run.begins_with_a_shift():
                run.drop_oldest()
