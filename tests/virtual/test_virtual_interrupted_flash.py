"""Ctrl-C while the flash is busy: as on a board, whose flash driver it does not break off, the files stay whole."""

import time

import pytest

pytestmark = pytest.mark.slow

WORK = """\
def work():
    n = 0
    while True:
        with open("/busy%d" % (n % 7), "wb") as file:
            for _ in range(6):
                file.write(bytes([n % 251]) * 700)
                file.flush()
        n += 1

"""
KEPT = "kept = bytes(range(256)) * 40\n"
N_INTERRUPTS = 12


def test_the_files_are_whole_after_many_interrupts(bench):
    bench.mpremote("exec", KEPT + "with open('/kept', 'wb') as file: file.write(kept)")
    bench.mpremote("exec", f"with open('/work.py', 'w') as file: file.write({WORK!r})")
    with bench.open() as port:
        bench.settle(port)
        bench.device.set_speed(50)
        port.write(b"import work\r")
        bench.read_until(port, b"import work\r\n>>> ")
        for i in range(N_INTERRUPTS):
            port.write(b"work.work()\r")
            time.sleep(0.05 + 0.01 * (i % 10))  # each at another moment
            port.write(b"\x03")
            assert b"KeyboardInterrupt" in bench.read_until(port, b">>> ")
    n_before = len(bench.device.notes)
    bench.device.set_speed(1)
    bench.device.reset()
    assert bench.device.wait_note("repl", after=n_before)
    told = bench.mpremote("exec", KEPT + "import os\nprint(open('/kept', 'rb').read() == kept, len(os.listdir('/')))")
    assert told.split()[0] == "True"
