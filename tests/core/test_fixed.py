"""Integer arithmetic against floating point."""

import math
import random

from retrogait.boxcar import Boxcar
from retrogait.fixed import atan2_cdeg, clamp, div_round, isqrt
from retrogait.scale import Scale


def test_square_root_is_the_floor_everywhere():
    rng = random.Random(1)
    values = [*range(2000), (1 << 30) - 1, (1 << 15) ** 2 - 1, *(rng.randrange(1 << 30) for _ in range(5000))]
    assert all(isqrt(value) == math.isqrt(value) for value in values)


def test_arctangent_within_a_hundredth_of_a_degree_and_rounding():
    rng = random.Random(2)
    for _ in range(5000):
        x, y = rng.randint(-200000, 200000), rng.randint(-200000, 200000)
        error_cdeg = atan2_cdeg(y, x) - math.degrees(math.atan2(y, x)) * 100
        assert abs((error_cdeg + 18000) % 36000 - 18000) <= 2.5
    assert (atan2_cdeg(0, 1), atan2_cdeg(1, 0), atan2_cdeg(0, -1), atan2_cdeg(-1, 0)) == (0, 9000, 18000, -9000)
    assert atan2_cdeg(0, 0) == 0


def test_rounding_division_and_clamp():
    assert [div_round(value, 10) for value in (-16, -15, -14, 14, 15, 16)] == [-2, -1, -1, 1, 2, 2]
    assert (clamp(-5, -3, 3), clamp(5, -3, 3), clamp(1, -3, 3)) == (-3, 3, 1)


def test_boxcar_is_exact_for_ever():
    rng = random.Random(3)
    boxcar = Boxcar(7, fill=4)
    values = [4] * 7
    for _ in range(10000):
        values.append(rng.randint(-(10**6), 10**6))
        assert boxcar.push(values[-1]) == sum(values[-7:]) == boxcar.sum
    boxcar.refill(9)
    assert boxcar.push(0) == 54


def test_scale_matches_the_data_sheet_at_full_scale():
    for g, ug in ((2, 61), (4, 122), (8, 244), (16, 488)):
        assert abs(Scale(g, 500).mg(32767) - 32767 * ug / 1000) <= 0.5
    for dps, udps in ((125, 4375), (250, 8750), (500, 17500), (1000, 35000), (2000, 70000)):
        assert abs(Scale(8, dps).ddps(-32768) + 32768 * udps / 100000) <= 0.5
