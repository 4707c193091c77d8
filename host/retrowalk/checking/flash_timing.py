"""How long the device's flash takes for what a walk does to it; for `retrowalk doctor`.

Eight blocks of 4 kB are written to a scratch file of its own, which is removed again: about as much as a minute and a
half of walking writes. A slow flash stalls the app, and the motion sensor's memory must last until it goes on.
"""

from retrowalk.checking.finding import OK, WARN, Finding
from retrowalk.contact.remote import Facts
from retrowalk.contact.transport import Transport

_BLOCKS = 8
_BLOCK_BYTES = 4096
_SPARE_BYTES = 64 * 1024
# How long the sensor's memory lasts, less what reading it out takes: LSM6DSOX 2.4 s, BMI270 1.5 s, MPU6886 0.73 s.
_LONGEST_MS = {"lsm6dsox": 2000, "bmi270": 1200, "mpu6886": 600}

_TIME = """\
import json,os,time
p='/doctor.tmp'
b=bytes({size})
w=0
s=time.ticks_ms()
try:
 with open(p,'wb') as f:
  for n in range({blocks}):
   t=time.ticks_ms()
   f.write(b)
   f.flush()
   w=max(w,time.ticks_diff(time.ticks_ms(),t))
 t=time.ticks_diff(time.ticks_ms(),s)
finally:
 s=time.ticks_ms()
 os.remove(p)
print(json.dumps([w,t,time.ticks_diff(time.ticks_ms(),s)]))
"""


def check(device: Transport, facts: Facts, imu: str) -> Finding:
    """Time it, unless there is too little room to do so safely."""
    if facts.free_bytes < _BLOCKS * _BLOCK_BYTES + _SPARE_BYTES:
        return Finding("flash speed", OK, "not timed, there is too little room")
    rows = device.run(_TIME.format(size=_BLOCK_BYTES, blocks=_BLOCKS))
    told = rows[0] if len(rows) == 1 else None
    if not isinstance(told, list) or len(told) != 3 or not all(isinstance(each, int) and each >= 0 for each in told):
        return Finding("flash speed", WARN, "the device did not tell", "run this again.")
    worst_ms, total_ms, remove_ms = told
    rate_kb_s = _BLOCKS * _BLOCK_BYTES // 1024 * 1000 // max(1, total_ms)
    text = f"{rate_kb_s} kB/s; 4 kB took {worst_ms} ms at worst, removing 32 kB {remove_ms} ms"
    if worst_ms > _LONGEST_MS[imu]:
        step = "walks will have gaps: make room with `retrowalk sync --prune`, or use another board."
        return Finding("flash speed", WARN, text, step)
    return Finding("flash speed", OK, text)
