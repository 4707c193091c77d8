"""Tests the hardware of a board that has just got its app: motion sensor, motor, battery, button. Gives findings.

The sensor and the button are asked through the raw REPL, the motor and the battery through the app.
"""

import math
import sys
import time
from typing import Any

from retrogait.scale import RANGES, Scale
from retrowalk.checking.finding import FAIL, OK, WARN, Finding
from retrowalk.contact.link import Link
from retrowalk.contact.status import Status
from retrowalk.contact.transport import Transport
from retrowalk.errors import FailedError

NOT_TESTED = "not tested"
_HELLO_S = 1.2
_PRESS_S = 15
_LEAST_BATTERY_MV = 3500
_REST_NOISE_MG, _REST_NOISE_DPS, _GYRO_OFFSET_DPS = 10.0, 1.0, 10.0
_GRAVITY_WITHIN_G = 0.1
_WIRING = "check the cables against the wiring table in hw/, press reset, and run `retrowalk flash --self-test`."

_BOARD = "b=__import__('boards.'+{!r},None,None,['x'])\n"
_SENSOR = (
    _BOARD
    + """\
import json,time
from array import array
from app.parts import open_imu
from drivers.bus import Bus
i=open_imu(b,Bus(b.I2C_ID,b.SCL,b.SDA,b.I2C_FREQ_HZ))
try:
 ok=i.self_test()
 i.start({},{},32)
 a=array('h',(0 for _ in range(384)))
 s=[0]*6
 q=[0]*6
 n=0
 for _ in range(40):
  time.sleep_ms(50)
  for k in range(6*i.read(a)):
   v=a[k]
   s[k%6]+=v
   q[k%6]+=v*v
   n+=1
 i.stop()
 print(json.dumps([ok,n//6,s,q]))
except OSError as x:
 print(json.dumps(['absent' if x.errno==19 else 'stuck']))
"""
)
_BUTTON = (
    _BOARD
    + """\
import json,time
from app.parts import open_button
p=open_button(b)
t=time.ticks_ms()
f=False
while not f and time.ticks_diff(time.ticks_ms(),t)<{}:
 f=p.is_down()
 time.sleep_ms(5)
print(json.dumps(f))
"""
)


def run(path: str, status: Status, always_yes: bool) -> list[Finding]:
    """All of it, on the idle device at `path`; questions are left out with always_yes, and that is said."""
    board = status.board or ""
    asks = not always_yes and sys.stdin.isatty()
    with Transport(path) as device:
        findings = [sensor_finding(device.run(_SENSOR.format(board, *RANGES["waist"])))]
        if asks:
            findings.append(_button(device, board))
    if not asks:
        findings.append(Finding("button", NOT_TESTED, "nobody was asked (--yes)"))
    findings += [_motor(path, asks), battery_finding(status)]
    return findings


def sensor_finding(told: list[Any]) -> Finding:
    """What the sensor's samples at rest say: [self-test, samples, sums, sums of squares] in counts of the waist."""
    name = "motion sensor"
    row = told[0] if len(told) == 1 and isinstance(told[0], list) else []
    if row[:1] in (["absent"], ["stuck"]):
        return Finding(name, FAIL, "does not answer" if row == ["absent"] else "its bus is stuck", _WIRING)
    if not _is_tally(row):
        raise FailedError("The sensor's answer is garbled.", "check the cable and run this again.")
    passed, n_samples, sums, squares = row
    if n_samples < 10:
        return Finding(name, FAIL, "answers, but gives no samples", _WIRING)
    if not passed:
        return Finding(name, FAIL, "fails its own self-test", "lay it still, try again; if it stays so, replace it.")
    mean = [total / n_samples for total in sums]
    spread = [math.sqrt(max(0.0, q / n_samples - m * m)) for q, m in zip(squares, mean, strict=True)]
    scale = Scale(*RANGES["waist"])
    g_per_count, dps_per_count = scale.ug / 1e6, scale.gyro_160 / 1600
    gravity_g = math.hypot(*mean[:3]) * g_per_count
    noise_mg = max(spread[:3]) * g_per_count * 1000
    noise_dps, offset_dps = max(spread[3:]) * dps_per_count, max(map(abs, mean[3:])) * dps_per_count
    text = f"at rest {gravity_g:.2f} g, noise {noise_mg:.1f} mg and {noise_dps:.2f} degrees/s"
    if noise_mg > _REST_NOISE_MG or noise_dps > _REST_NOISE_DPS:
        return Finding(name, WARN, f"{text}: it was not at rest", "lay it down, `retrowalk flash --self-test`.")
    if abs(gravity_g - 1) > _GRAVITY_WITHIN_G or offset_dps > _GYRO_OFFSET_DPS:
        return Finding(name, FAIL, f"{text}, offset {offset_dps:.1f} degrees/s: its values are off", "replace it.")
    return Finding(name, OK, f"passes its self-test; {text}")


def battery_finding(status: Status) -> Finding:
    """The battery, as the app measures it."""
    if status.battery_mv is None:
        return Finding("battery", OK, "not measured on this board")
    if status.battery_mv < _LEAST_BATTERY_MV:
        return Finding("battery", WARN, f"{status.battery_mv} mV", "charge it before the first walk.")
    return Finding("battery", OK, f"{status.battery_mv} mV")


def _motor(path: str, asks: bool) -> Finding:
    with Link(path) as link:
        _await_app(link)
        before = _motor_faults(link.status())
        link.command("hello")
        time.sleep(_HELLO_S)
        faults = _motor_faults(link.status()) - before
    if faults:
        return Finding("motor", FAIL, "its driver does not answer", _WIRING)
    if not asks:
        return Finding("motor", OK, "the hello was played: short, long, short (nobody was asked whether it was felt)")
    if _answer("Hold the clip. Did you feel short, long, short? [y/N] "):
        return Finding("motor", OK, "the hello was felt")
    return Finding("motor", FAIL, "its driver answers, but the hello was not felt", "check the motor's two wires.")


def _await_app(link: Link) -> None:
    """Through the soft reset that ended the raw REPL."""
    for _ in range(10):
        if link.identify(interrupt=False).status is not None:
            return
    raise FailedError("The app did not come back after the self-test.", "press RESET, then `retrowalk doctor`.")


def _button(device: Transport, board: str) -> Finding:
    sys.stderr.write(f"Press the button once, within {_PRESS_S} s ...\n")
    sys.stderr.flush()
    if device.run(_BUTTON.format(board, 1000 * _PRESS_S)) == [True]:
        return Finding("button", OK, "was pressed")
    return Finding("button", FAIL, "no press came", "check its pin in firmware/boards, and its wires.")


def _motor_faults(status: Status) -> int:
    count = (status.faults or {}).get("motor_absent", 0)
    return count if isinstance(count, int) else 0


def _is_tally(row: list[Any]) -> bool:
    if len(row) != 4 or not isinstance(row[0], bool) or not isinstance(row[1], int):
        return False
    return all(isinstance(part, list) and len(part) == 6 and all(isinstance(n, int) for n in part) for part in row[2:])


def _answer(question: str) -> bool:
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
