"""The firmware sleeps as the power model believes: a walk on battery, in mAh, on the virtual device and by hw/power."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from energy import charges_mah, modelled_mah, power_model, spent_s

pytestmark = pytest.mark.slow


def test_a_walk_takes_what_the_model_says(tmp_path, monkeypatch):
    monkeypatch.setenv("RETROWALK_ARCHIVE", str(tmp_path / "archive"))
    spans_s = spent_s(tmp_path)
    model = power_model()
    charge = sum(charges_mah(spans_s, model.currents_ma()).values())
    assert charge == pytest.approx(modelled_mah(model, spans_s, counted_only=True), rel=0.15)
    # And it is worth it: less than a third of what the same walk takes with the processor awake.
    assert spans_s["light"] > 3 * spans_s["awake"]
    awake_ma = model.currents_ma()["ESP32-S3", "run_240mhz"][0]
    assert charge < awake_ma * spans_s["walk"] / 3600 / 3
