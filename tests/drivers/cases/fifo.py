"""FIFO reading: order, pairing, long stalls, overruns counted exactly, and reads that break off half way."""

from array import array

from chips.lsm6dsox import LSM6DSOX
from wirebench import Ramp, Still, clock, wires

from drivers.bus import Bus
from drivers.errors import BusStuck
from drivers.lsm6dsox import Lsm6dsox

ADDRESS = 0x6A
WHOLE = array("h", (0 for _ in range(300 * 6)))


class Trial:
    """A started IMU whose samples carry their number, and a reader that checks every one of them."""

    def __init__(self, clock_ppm=0, freq_hz=400000):
        self.chip = LSM6DSOX(clock, Ramp(244, 140), clock_ppm=clock_ppm)
        wires.chips[ADDRESS] = self.chip
        self.imu = Lsm6dsox(Bus(0, 4, 3, freq_hz), ADDRESS)
        self.imu.start(8, 500, 26)
        self.first = None
        self.gaps = []

    def read(self, room=64):
        """Read once; the number in each sample must be what samples_read + lost_samples says."""
        imu = self.imu
        batch = array("h", (0 for _ in range(room * 6)))
        lost_before = imu.lost_samples
        index = imu.samples_read + lost_before
        count = imu.read(batch)
        lost = imu.lost_samples - lost_before
        if lost:
            self.gaps.append(lost)
        index += lost
        for i in range(count):
            number = batch[6 * i]
            if self.first is None:
                self.first = number
            assert (number - self.first - index - i) % Ramp.ROUND == 0, (number, self.first, index, i)
            assert batch[6 * i + 5] == -number, "the two words of a pair belong to two samples"
        return count

    def drain(self):
        """Read until nothing is left."""
        while self.read():
            pass

    def elapsed(self):
        """Samples that the chip has made since the first one read."""
        return self.chip._wearer.number - self.first

    def check_time(self):
        imu = self.imu
        assert imu.samples_read + imu.lost_samples + imu.level() == self.elapsed(), (
            imu.samples_read, imu.lost_samples, imu.level(), self.elapsed(),
        )  # fmt: skip


def case_samples_come_in_order_and_paired():
    trial = Trial()
    for pause_ms in (40, 250, 3, 9, 10, 11, 500, 17) * 8:
        clock.advance(pause_ms * 1000)
        trial.read()
    trial.drain()
    assert trial.imu.lost_samples == 0 and trial.imu.samples_read > 600
    trial.check_time()


def case_any_room_in_the_caller_will_do():
    trial = Trial()
    for room in (1, 2, 3, 5, 7, 16, 17, 33) * 3:
        clock.advance(90000)
        trial.read(room)
    trial.drain()
    assert trial.imu.lost_samples == 0
    trial.check_time()


def case_level_tells_what_waits():
    trial = Trial()
    clock.advance(1000000)
    assert trial.imu.level() in (103, 104, 105)
    trial.read(10)
    assert trial.imu.level() in (93, 94, 95)


def case_stalls_of_600_and_2000_ms_lose_nothing():
    trial = Trial()
    for stall_ms in (600, 2000, 2000, 600):
        clock.advance(stall_ms * 1000)
        trial.drain()
    assert trial.imu.lost_samples == 0 and trial.imu.overruns == 0
    trial.check_time()


def case_an_overrun_of_3_s_is_counted_exactly():
    trial = Trial()
    clock.advance(200000)
    trial.drain()
    clock.advance(3000000)
    trial.drain()
    assert trial.imu.overruns == 1
    # 312 samples in 3 s, 256 fit.
    assert 54 <= trial.imu.lost_samples <= 58, trial.imu.lost_samples
    assert trial.gaps == [trial.imu.lost_samples], "one gap, before the samples that follow it"
    trial.check_time()


def case_overruns_of_every_length_are_counted_exactly():
    trial = Trial()
    clock.advance(100000)
    trial.drain()
    for extra in range(24):
        clock.advance(2480000 + extra * 9700)
        trial.drain()
        trial.check_time()
    assert trial.imu.lost_samples > 200


def case_overruns_are_counted_exactly_however_wrong_the_oscillator():
    for ppm in (-25000, -3000, 7000, 25000):
        trial = Trial(clock_ppm=ppm)
        clock.advance(100000)
        trial.drain()
        for stall_ms in (3000, 4100, 60000, 2461):
            clock.advance(stall_ms * 1000)
            trial.drain()
            trial.check_time()


def case_overruns_at_every_look_for_ten_minutes_are_counted_exactly():
    """Longer than the 24 bits of the chip's clock that are read."""
    trial = Trial(clock_ppm=-9000)
    clock.advance(100000)
    trial.drain()
    for _ in range(200):
        clock.advance(3000000)
        trial.read()
    trial.drain()
    trial.check_time()


def case_an_overrun_on_a_slow_bus_is_counted_exactly():
    trial = Trial(freq_hz=100000)
    for stall_ms in (100, 3000, 5003, 2700):
        clock.advance(stall_ms * 1000)
        trial.drain()
        trial.check_time()
    assert trial.imu.lost_samples > 300


def case_an_overrun_before_the_first_read_is_counted_to_within_one():
    trial = Trial()
    clock.advance(3000000)
    assert trial.imu.read(WHOLE) == 256
    # Nothing was seen before, so there is no slot to count from.
    assert abs(trial.imu.lost_samples - trial.chip.fifo.overwritten_words // 2) <= 1, trial.imu.lost_samples


def case_a_read_that_breaks_off_is_counted():
    # 7 bytes a word, 14 a pair: break at word limits, in the middle of words, after a first half.
    for cut in (0, 3, 7, 10, 14, 21, 100, 112, 117, 220):
        trial = Trial()
        clock.advance(400000)
        trial.drain()
        clock.advance(400000)
        wires.break_after_bytes = cut
        trial.drain()
        clock.advance(400000)
        trial.drain()
        clock.advance(20000)
        trial.drain()
        trial.check_time()
        assert trial.imu.lost_samples == (cut // 7 + 1) // 2, (cut, trial.imu.lost_samples)


def case_reading_words_behind_the_driver_is_noticed():
    # Another reader takes words: 3 (a pair and a half), then 8 pairs, a whole number of slot rounds.
    for stolen_words in (1, 2, 3, 6, 7, 16, 17, 32):
        trial = Trial()
        clock.advance(300000)
        trial.drain()
        clock.advance(400000)
        trial.chip.read(0x78, bytearray(stolen_words * 7))
        trial.drain()
        clock.advance(50000)
        trial.drain()
        trial.check_time()
        assert trial.imu.lost_samples == (stolen_words + 1) // 2, (stolen_words, trial.imu.lost_samples)


def case_time_stays_right_in_ten_minutes_of_trouble():
    trial = Trial(clock_ppm=11000)
    clock.advance(50000)
    trial.drain()
    seed = 12345
    told = 0
    for _ in range(1500):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        what = (seed >> 8) % 20
        wires.log.clear()
        if what == 0:
            clock.advance(2300000 + (seed >> 4) % 700000)
        elif what == 1:
            wires.break_after_bytes = (seed >> 4) % 220
            clock.advance(300000)
        elif what == 2:
            wires.held_clocks = 1 + (seed >> 4) % 9
        elif what == 3:
            wires.fail_transfers = 1
        else:
            clock.advance((seed >> 4) % 400000)
        try:
            trial.read()
        except BusStuck:
            told += 1  # several faults at once: the next read goes on
    assert told < 20
    trial.drain()
    clock.advance(30000)
    trial.drain()
    trial.check_time()
    assert trial.imu.lost_samples > 1000


def case_counts_begin_anew_at_start():
    wires.chips[ADDRESS] = LSM6DSOX(clock, Still(0, 0, 1000000, 0, 0, 0))
    imu = Lsm6dsox(Bus(0, 4, 3, 400000), ADDRESS)
    imu.start(8, 500, 26)
    clock.advance(4000000)
    imu.read(WHOLE)
    assert imu.samples_read and imu.lost_samples and imu.overruns
    imu.start(8, 500, 26)
    assert not imu.samples_read and not imu.lost_samples and not imu.overruns
