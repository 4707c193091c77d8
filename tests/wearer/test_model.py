"""The walking model without data: exact truth, and physics that agree with themselves."""

from dataclasses import replace

import numpy as np
import pytest

from retrowalk.wearer.clip import Clip
from retrowalk.wearer.frames import ANKLE_MOUNTING, WAIST_MOUNTING
from retrowalk.wearer.measures import measure
from retrowalk.wearer.model import walk
from retrowalk.wearer.script import BACKWARD, FORWARD, Segment, commands

PERFECT = Clip(accel_noise_mg=0, gyro_noise_dps=0, accel_bias_mg=0, gyro_bias_dps=0)
STAND = Segment(4.0)
BACK = Segment(24.0, BACKWARD, 0.6, 90.0)
AHEAD = Segment(24.0, FORWARD, 0.6, 90.0)


def body(walked, mounting=WAIST_MOUNTING):
    track = walked.frames.to_body(mounting)
    return track.accel_mps2, track.gyro_radps


def middle(walked, first_s=8, last_s=26):
    """WaistMeasures of the steady part."""
    accel, gyro = body(walked)
    left_s = walked.truth.step_times_s[np.array(walked.truth.step_feet) == "left"] - first_s
    part = slice(first_s * 104, last_s * 104)
    return measure(accel[part], gyro[part], left_s[left_s > 0])


def test_the_same_seed_gives_the_same_walk_and_another_seed_another():
    walks = [walk([STAND, BACK], seed=seed) for seed in (5, 5, 6)]
    assert np.array_equal(walks[0].frames.values, walks[1].frames.values)
    assert np.array_equal(walks[0].truth.step_times_s, walks[1].truth.step_times_s)
    assert not np.array_equal(walks[0].frames.values, walks[2].frames.values)
    assert not np.array_equal(walks[0].truth.step_times_s, walks[2].truth.step_times_s)


def test_waist_and_ankle_of_one_seed_are_one_walk():
    waist, ankle = walk([STAND, BACK], "waist", 3), walk([STAND, BACK], "ankle", 3)
    assert np.array_equal(waist.truth.step_times_s, ankle.truth.step_times_s)


def test_standing_reads_one_g_up_and_no_rotation():
    accel, gyro = body(walk([Segment(10.0)], clip=PERFECT))
    assert np.linalg.norm(accel, axis=1) == pytest.approx(9.80665, abs=0.05)
    assert accel[:, 2].mean() == pytest.approx(9.80665, abs=0.01)
    assert np.abs(np.degrees(gyro)).max() < 2


def test_clip_errors_stay_within_the_stated_limits():
    clip = Clip(accel_bias_mg=10, gyro_bias_dps=1)
    off = []
    for seed in range(20):
        accel, gyro = body(walk([Segment(4.0)], seed=seed, clip=clip))
        off.append((np.linalg.norm(accel.mean(axis=0)) / 9.80665 - 1, *np.degrees(gyro.mean(axis=0))))
        assert np.degrees(gyro).std() > 0.02
    assert np.abs(off).max(axis=0)[0] < 0.011
    assert 0.5 < np.abs(off)[:, 1:].max() < 1.4


def test_steps_are_where_the_cadence_says_and_feet_alternate():
    truth = walk([STAND, BACK, STAND]).truth
    intervals_s = np.diff(truth.step_times_s)
    assert np.median(intervals_s) == pytest.approx(60 / 90, rel=0.03)
    assert 0.01 < np.std(intervals_s[2:-2]) / np.mean(intervals_s) < 0.06
    assert truth.step_count == pytest.approx(24 * 1.5, abs=2)
    assert all(a != b for a, b in zip(truth.step_feet, truth.step_feet[1:], strict=False))
    assert truth.step_directions == [BACKWARD] * truth.step_count
    assert truth.backward_count == truth.step_count
    assert 4 < truth.step_times_s[0] < 6 and truth.step_times_s[-1] < 29.5
    assert truth.distance_m[-1] == pytest.approx(24 * 0.6, abs=0.6)
    assert (np.diff(truth.distance_m) >= 0).all()


def test_contacts_shake_the_clip():
    """The truth's contacts are where the force changes fastest, not merely as many."""
    walked = walk([STAND, AHEAD], "ankle", 1)
    accel, _ = body(walked, ANKLE_MOUNTING)
    jolt = np.abs(np.diff(accel[:, 2]))
    right_s = walked.truth.step_times_s[np.array(walked.truth.step_feet) == "right"][1:-1]
    near = [jolt[round(t * 104) - 2 : round(t * 104) + 8].max() for t in right_s]
    between = [jolt[round((t + 0.4) * 104) : round((t + 0.55) * 104)].max() for t in right_s]
    assert np.median(near) > 3 * np.median(between)


def test_backward_is_forward_reversed():
    ahead, back = middle(walk([STAND, AHEAD])), middle(walk([STAND, BACK]))
    assert ahead.direction > 0.5
    assert back.direction < -0.5
    assert back.up_rms == pytest.approx(ahead.up_rms, rel=0.2)


@pytest.mark.parametrize("seed", range(3))
def test_the_shank_swings_the_other_way_backward(seed):
    peaks = {}
    for direction in (AHEAD, BACK):
        _, gyro = body(walk([STAND, direction], "ankle", seed), ANKLE_MOUNTING)
        peaks[direction.direction] = np.degrees(gyro[8 * 104 :, 1])
    assert -320 < np.percentile(peaks[FORWARD], 1) < -130
    assert 90 < np.percentile(peaks[BACKWARD], 99) < 230
    assert abs(peaks[FORWARD].min()) > 1.3 * peaks[FORWARD].max()
    assert peaks[BACKWARD].max() > 1.3 * abs(peaks[BACKWARD].min())


def test_the_gyro_integrates_to_the_lean():
    script = [STAND, replace(BACK, duration_s=8.0), replace(BACK, duration_s=8.0, lean_deg=14.0), BACK]
    walked = walk(script, clip=PERFECT)
    _, gyro = body(walked)
    up = np.array([0.0, 0.0, 1.0])
    lean = []
    for rate in gyro:
        up = up + np.cross(up, rate) / 104
        up /= np.linalg.norm(up)
        lean.append(np.degrees(np.arctan2(-up[0], up[2])))
    # A second of smoothing takes the skin's wobble out of both.
    kernel = np.ones(104) / 104
    wanted = np.convolve(walked.truth.lean_deg - walked.truth.lean_deg[0], kernel, "valid")
    assert np.convolve(lean, kernel, "valid") == pytest.approx(wanted, abs=0.6)
    assert walked.truth.lean_deg[14 * 104 : 19 * 104].mean() == pytest.approx(14, abs=0.7)


def test_leans_show_in_gravity_with_the_right_signs():
    for lean_deg, side_deg in ((20, 0), (-15, 0), (0, 12), (0, -12)):
        lean = Segment(8.0, lean_deg=lean_deg, side_deg=side_deg)
        walked = walk([lean], clip=PERFECT)
        up = body(walked)[0][3 * 104 :].mean(axis=0)
        assert np.degrees(np.arctan2(-up[0], up[2])) == pytest.approx(lean_deg, abs=0.6)
        assert np.degrees(np.arctan2(up[1], up[2])) == pytest.approx(side_deg, abs=0.6)
        assert walked.truth.lean_deg[-1] == pytest.approx(lean_deg, abs=1)
        assert walked.truth.side_deg[-1] == pytest.approx(side_deg, abs=1)


@pytest.mark.parametrize("angle_deg", [180, -90])
def test_turns_integrate_to_their_angle(angle_deg):
    turn = replace(BACK, duration_s=3.0, turn_deg=angle_deg)
    walked = walk([STAND, replace(BACK, duration_s=6.0), turn, replace(BACK, duration_s=6.0)], clip=PERFECT)
    _, gyro = body(walked)
    kernel = np.ones(139) / 139
    yaw_deg = np.convolve(np.degrees(np.cumsum(gyro[:, 2])) / 104, kernel, "same")
    assert yaw_deg[16 * 104] - yaw_deg[8 * 104] == pytest.approx(angle_deg, abs=6)
    assert walked.truth.turns[0].angle_deg == angle_deg
    assert (walked.truth.turns[0].start_s, walked.truth.turns[0].end_s) == (10.0, 13.0)
    assert walked.truth.heading_deg[-1] == pytest.approx(angle_deg)
    assert [each.state for each in walked.truth.intervals] == ["still", "backward", "turn", "backward"]


@pytest.mark.parametrize(("speed_mps", "cadence_spm"), [(0.2, 25.0), (0.3, 36.0), (0.4, 47.0)])
def test_slow_walkers_are_faint_but_walk(speed_mps, cadence_spm):
    slow = walk([STAND, Segment(30.0, BACKWARD, speed_mps, cadence_spm)])
    found = middle(slow)
    usual = middle(walk([STAND, BACK]))
    assert 0.15 < found.up_rms < 0.8 * usual.up_rms
    assert found.direction < -0.3
    assert np.median(np.diff(slow.truth.step_times_s)) == pytest.approx(60 / cadence_spm, rel=0.06)
    _, gyro = body(walk([STAND, Segment(30.0, BACKWARD, speed_mps, cadence_spm)], "ankle"), ANKLE_MOUNTING)
    assert np.degrees(gyro[:, 1]).max() > 60


def test_a_tilted_clip_feels_gravity_where_it_hangs():
    tilted = walk([Segment(6.0)], clip=replace(PERFECT, pitch_deg=20.0, roll_deg=-5.0))
    accel, _ = body(tilted)
    assert np.degrees(np.arctan2(-accel[:, 0].mean(), accel[:, 2].mean())) == pytest.approx(20, abs=0.6)
    mounting = replace(PERFECT, pitch_deg=20.0, roll_deg=-5.0).mounting("waist")
    assert tilted.frames.to_body(mounting).accel_mps2.mean(axis=0) == pytest.approx([0, 0, 9.80665], abs=0.1)


def test_bouts_start_and_stop_smoothly():
    accel, _ = body(walk([STAND, replace(BACK, duration_s=8.0), STAND], clip=PERFECT))
    steady = np.abs(accel[6 * 104 : 11 * 104] - [0, 0, 9.81]).max(axis=0)
    for start in (4, 12):
        edge = np.abs(accel[start * 104 - 20 : start * 104 + 120] - [0, 0, 9.81]).max(axis=0)
        assert (edge < 1.5 * steady).all()
    assert np.abs(accel[14 * 104 :] - [0, 0, 9.81]).max() < 0.4


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ([], "at least one"),
        ([Segment(5.0, "sideways")], "direction"),
        ([Segment(0.5)], "ramp"),
        ([Segment(5.0, BACKWARD)], "0.05 to 2"),
        ([Segment(5.0, BACKWARD, 0.5, 300.0)], "160 steps"),
        ([BACK, AHEAD], "standing between"),
    ],
)
def test_what_nobody_can_walk_is_refused(script, words):
    with pytest.raises(ValueError, match=words):
        commands(script, 104)


def test_a_clip_has_two_places():
    with pytest.raises(ValueError, match="waist"):
        walk([STAND], "wrist")
    with pytest.raises(ValueError, match="waist"):
        walk([STAND], "ankle", foot="third")
