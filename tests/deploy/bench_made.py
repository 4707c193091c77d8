"""A device for the deploy's own tests: real MicroPython with a real LittleFS in RAM, in the place of Transport.

No REPL and no port in between: what the host asks to run is run. The whole way is tested in test_updates_worn.py.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from micropython_made import CASES, SEARCH

from retrowalk.contact.transport import Transport
from retrowalk.deploying.carry import carry_out
from retrowalk.deploying.plan import Plan, make_plan
from retrowalk.deploying.slots import read_slots
from retrowalk.errors import FailedError
from retrowalk.virtual.config import interpreter

KEPT = {"/data/settings.json": '{"format": 1}', "/sessions/s00001/0000.rwl": "a walk", "/notes.txt": "mine"}
APP = """
import clipboard
from app.part import PART
from retrogait import CORE


def run(guard):
    clipboard.ran(PART, CORE, guard)
"""
OLD_MAIN = """
import clipboard
from app.part import PART
from retrogait import CORE
clipboard.ran(PART, CORE, None)
"""


def app(version: str, **more: bytes) -> dict[str, bytes]:
    """A stub of the app that runs on the bench: path within a copy -> content."""
    return {
        "app/start.py": APP.encode(),
        "app/part.py": f"PART = {version!r}\n".encode(),
        "retrogait/__init__.py": f"CORE = {version!r}\n".encode(),
        "boards/virtual.py": b"BUTTON = 0\nBUTTON_PRESSED = 0\n",
        "drivers/same.py": b"# the same in every version\n" * 200,
        f"drivers/only_{version}.py": b"#\n",
        **{f"app/{name}.py": data for name, data in more.items()},
    }


class Bench:
    """`codes`: what was run since the last `forget`. A context manager."""

    write_file = Transport.write_file

    def __init__(self, files: dict[str, str] | None = None) -> None:
        self.codes: list[str] = []
        self.sent: list[str] = []
        self.spoil: dict[str, int] = {}
        self._process = subprocess.Popen(
            [interpreter(), "-X", "heapsize=16M", str(CASES / "served.py")],
            env=os.environ | {"MICROPYPATH": ":".join(str(path) for path in SEARCH)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.put(KEPT if files is None else files)

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def run(self, code: str, _on_line: object = None) -> list[Any]:
        """As Transport.run. A file named in `spoil` arrives broken so many times."""
        for path, n_times in self.spoil.items():
            if n_times and f"f=open({path!r},'wb')" in code:
                self.spoil[path] -= 1
                code = code.replace(path, "/wrong")
        if "a2b_base64" in code:
            self.sent.append(code.split("f=open('")[1].split("'")[0])
        self.codes.append(code)
        return self._ask({"run": code})

    def put(self, files: dict[str, str]) -> None:
        self._ask({"put": files})

    def put_copy(self, slot: str, version: str) -> None:
        """A whole copy of the stub app."""
        release = json.dumps({"version": version, "content": "", "kind": "py"})
        self.put({f"/{slot}/{path}": data.decode() for path, data in app(version).items()})
        self.put({f"/{slot}/release.json": release})

    def boot(self, **actions: str) -> list[list[Any]]:
        """Start the chip; returns the apps that ran: [version, slot, whether on trial]."""
        return self._ask({"boot": actions})[0]

    def deploy(self, version: str, board: str = "virtual", **more: bytes) -> Plan:
        """The stub app of a version, as `install` does it; what was sent is in `sent`."""
        self.sent.clear()
        plan = make_plan(self, read_slots(self), app(version, **more), board)  # type: ignore[arg-type]
        carry_out(self, plan, lambda _amount: None)  # type: ignore[arg-type]
        return plan

    def files(self) -> dict[str, str]:
        """Every file of the device."""
        code = (
            "import os,json\ndef walk(d):\n for e in os.ilistdir(d or '/'):\n  p=d+'/'+e[0]\n  if e[1]&0x4000:walk(p)\n"
            "  else:print(json.dumps([p,open(p).read()]))\nwalk('')\n"
        )
        return {path: text for path, text in self._ask({"run": code})}

    def state(self) -> dict[str, Any]:
        return json.loads(self.files()["/slots.json"])

    def save(self, path: Path) -> None:
        """The flash as a file of this computer."""
        self._ask({"save": str(path)})

    def load(self, path: Path) -> None:
        self._ask({"load": str(path)})

    def _ask(self, question: dict[str, Any]) -> list[Any]:
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        assert pipe_in is not None
        assert pipe_out is not None
        pipe_in.write(json.dumps(question) + "\n")
        pipe_in.flush()
        values = []
        for line in pipe_out:
            if line.startswith("\x04"):
                if error := line[1:].strip():
                    raise FailedError(f"The device could not do it: {error}.")
                return values
            if line.startswith(("[", "{", '"')):
                values.append(json.loads(line))
        raise AssertionError("the bench's MicroPython has ended")
