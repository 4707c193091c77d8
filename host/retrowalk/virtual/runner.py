"""Runs ONE script on real MicroPython with the virtual chips and the virtual clock, without pty, REPL or flash.

For driver and app tests: as fast as it can, deterministic. The script imports from firmware/ and finds the bench (the
simulated board, see inside/world.py) as the module `bench`.
"""

import subprocess
import tempfile
from pathlib import Path

from retrowalk.deploying.tree import firmware_folder
from retrowalk.virtual.config import INSIDE, basic_config, environment, interpreter

_HEAP = "16M"


class ScriptFailed(Exception):
    """The script ended with an error; the message is its traceback and what it had printed before."""


def run_script(
    script: str | Path,
    *,
    board: str = "virtual",
    frames: Path | None = None,
    bow: Path | None = None,
    arguments: tuple[str, ...] = (),
    search_path: tuple[Path, ...] = (),
    imu_clock_ppm: int = 0,
    battery_mv: int = 3900,
    timeout_s: float = 60.0,
) -> str:
    """Run a script (source text, or a Path) and return what it printed.

    frames: a frames file that the wearer repeats for ever (default: lies still, 1 g on the sensor's x); bow: played
    after a double pulse; arguments: sys.argv[1:]; search_path: more folders to import from, before firmware/.
    ScriptFailed if it raises, or has not ended after `timeout_s` of wall time.
    """
    config = basic_config(board, speed=0)
    config["tracks"] = {"idle": None if frames is None else str(frames), "bow": None if bow is None else str(bow)}
    config["imu_clock_ppm"] = imu_clock_ppm
    config["battery_mv"] = battery_mv
    config["path"] = [str(folder) for folder in search_path] + [str(firmware_folder()), ".frozen"]
    with tempfile.TemporaryDirectory() as folder:
        path = script if isinstance(script, Path) else Path(folder) / "script.py"
        if isinstance(script, str):
            path.write_text(script, encoding="utf-8")
        command = [interpreter(), "-X", f"heapsize={_HEAP}", str(INSIDE / "script.py"), str(path), *arguments]
        try:
            ended = subprocess.run(
                command,
                env=environment(config),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise ScriptFailed(f"not ended after {timeout_s} s; printed: {error.stdout!r}") from error
    if ended.returncode != 0:
        raise ScriptFailed(f"exit {ended.returncode}\n{ended.stderr}\n{ended.stdout}")
    return ended.stdout
