"""Runs one script on the virtual chip, without a board around it: for tests (host/retrowalk/virtual/runner.py).

Usage: micropython script.py PATH, with the configuration in the environment. The host's files stay visible. The script
finds the bench as the module `bench` (a World: .clock, .motor, .wearer, .bus, .imu, .fault(name, is_on), ...).
"""

import json
import os
import sys

import vfs
from machine_module import Chip


def main():
    """Build the chip and run the script."""
    config = json.loads(os.getenv("RETROWALK_VIRTUAL"))

    def stop(text):
        sys.stderr.write("bench: %s\n" % text)
        sys.exit(3)

    chip = Chip(config, vfs.VfsPosix("/"), lambda text: None, stop)
    chip.install()
    chip.install_names()
    sys.modules["bench"] = chip.world
    sys.path[:] = config["path"]
    path = sys.argv[1]
    with open(path) as file:
        source = file.read()
    exec(compile(source, path, "exec"), {"__name__": "__main__"})  # noqa: S102 our own test scripts


main()
