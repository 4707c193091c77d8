"""What a walk on battery takes from the cell, on the virtual device and by the model of hw/power: `make power`.

The virtual device counts how long each state lasts (processor awake, in light sleep, motor, sensors);
hw/power/parts.csv says what each takes. The model has the shares of time from hw/power/work.csv instead. Neither knows
silicon: this shows that the firmware sleeps as the model believes, not what a built clip takes.
"""

import importlib.util
import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from retrowalk import cli
from retrowalk.virtual.device import VirtualDevice
from retrowalk.wearer.cast import model as walking_model

SPEED = 40
WALK = "steady"
_START_PRESS_S = 0.5
_PATIENCE_S = 120.0
_MODEL = Path(__file__).resolve().parents[1] / "hw" / "power" / "model.py"

# What takes current in each state of the virtual device, on build A.
STATES = {
    "awake": ("ESP32-S3", "run_240mhz"),
    "light": ("ESP32-S3", "light_sleep"),
    "deep": ("ESP32-S3", "deep_sleep"),
    "motor": ("motor", "erm_1201"),
    "haptic": ("DRV2605L", "active"),
    "imu": ("LSM6DSOX", "both_104hz"),
    "watch": ("LSM6DSOX", "watching"),
    "rails": ("breakouts", "leds_and_regulator"),
}


def power_model() -> ModuleType:
    """hw/power/model.py, which is a script and no package."""
    spec = importlib.util.spec_from_file_location("hw_power_model", _MODEL)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(_MODEL)
    module = importlib.util.module_from_spec(spec)
    # Its NamedTuple looks its own module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def spent_s(folder: Path) -> dict[str, float]:
    """How long each state lasted in a walk on battery, and "walk", how long that was, in seconds."""
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    track = walking_model(WALK, "waist").frames
    with VirtualDevice(folder / "flash.bin", folder / "port", speed=SPEED) as device:
        if not device.wait_note("booted", _PATIENCE_S):
            raise SystemExit("the virtual device does not start")
        if code := cli.main(["calibrate", "waist", "--port", str(device.port), "--yes"]):
            raise SystemExit(f"`retrowalk calibrate` left with {code}")
        device.power.plug(False)
        n_notes = len(device.notes)
        device.play(track, press_at_s=[_START_PRESS_S])
        if not device.wait_note("started walk", _PATIENCE_S, n_notes):
            raise SystemExit("the walk does not begin")
        # Behind the countdown, in which something is felt all the time and nobody sleeps.
        began_us = device.now_us + 15e6
        device.wait_until(lambda: device.now_us >= began_us, _PATIENCE_S)
        before_us, before = device.now_us, device.power.spans_s()
        device.wait_until(lambda: device.now_us >= before_us + 1e6 * (track.duration_s - 25), _PATIENCE_S)
        after = device.power.spans_s()
        if device.power.violations:
            raise SystemExit(f"rules of sleeping were broken: {device.power.violations[:3]}")
    spans_s = {name: after[name] - before[name] for name in after}
    return spans_s | {"walk": spans_s["awake"] + spans_s["light"]}


def charges_mah(spans_s: dict[str, float], currents: dict[tuple[str, str], list[float]]) -> dict[str, float]:
    """What each state took in these spans, typically; build A's own parts and the driver's standby, too."""
    out = {name: currents[part][0] * spans_s[name] / 3600 for name, part in STATES.items()}
    out["board"] = currents["Feather", "idle_parts"][0] * spans_s["walk"] / 3600
    out["standby"] = currents["DRV2605L", "standby"][0] * (spans_s["rails"] - spans_s["haptic"]) / 3600
    return out


def modelled_mah(model: ModuleType, spans_s: dict[str, float], counted_only: bool) -> float:
    """What the model says for a walk as long, with as much buzzing."""
    currents = model.currents_ma()
    share = model.awake_shares(counted_only)[0]
    walk_s = spans_s["walk"]
    shares = {"awake": share, "light": 1 - share, "deep": 0, "imu": 1, "watch": 0, "rails": 1}
    as_modelled = {name: part * walk_s for name, part in shares.items()}
    as_modelled |= {"motor": spans_s["motor"], "haptic": spans_s["haptic"], "walk": walk_s}
    return sum(charges_mah(as_modelled, currents).values())


def main() -> int:
    """Walk, and print both."""
    model = power_model()
    with tempfile.TemporaryDirectory(prefix="retrowalk-energy-") as name:
        spans_s = spent_s(Path(name))
    charges = charges_mah(spans_s, model.currents_ma())
    total = sum(charges.values())
    print(
        f"a walk of {spans_s['walk']:.0f} s on battery ({WALK}), build A with a wire for USB power, typical currents:"
    )
    for state, part in STATES.items():
        if charges[state] > 0:
            share = 100 * spans_s[state] / spans_s["walk"]
            print(f"  {state:<6} {' '.join(part):<29} {share:5.1f} % of the time  {charges[state]:.4f} mAh")
    print(f"  virtual device     {total:.4f} mAh, {3600 * total / spans_s['walk']:.1f} mA")
    for label, counted_only in (("model, the same   ", True), ("model, all of it  ", False)):
        charge = modelled_mah(model, spans_s, counted_only)
        print(f"  {label} {charge:.4f} mAh, {3600 * charge / spans_s['walk']:.1f} mA")
    print("The same: what the virtual clock counts. All of it: with the interpreter's own time, an estimate.")
    print("A model on both sides: nothing here was measured on a built device.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
