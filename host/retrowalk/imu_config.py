"""Bosch's configuration for a BMI270, as a file of the user's, onto the device: called by `retrowalk flash`.

The chip forgets it with its power, so the app writes it in at each start. It is Bosch's: we ship none of it.
"""

import hashlib
from argparse import ArgumentParser
from pathlib import Path

from retrowalk.contact import remote
from retrowalk.contact.transport import Transport
from retrowalk.errors import FailedError, UsageError

CONFIG_BYTES = 8192
DEVICE_PATH = "/data/bmi270_config.bin"
NEXT_STEP = "`retrowalk flash --bmi270-config FILE`; docs/reference/boards.md says where FILE comes from."

_MAKE_FOLDER = "import os\ntry:\n os.mkdir('/data')\nexcept OSError as x:\n if x.errno!=17:\n  raise\n"


def add_argument(parser: ArgumentParser) -> None:
    """The option of `retrowalk flash`."""
    parser.add_argument(
        "--bmi270-config", metavar="FILE", type=Path, help="Bosch's configuration, for boards with a BMI270"
    )


def read(path: Path) -> bytes:
    """The file's content. UsageError if it cannot be read or is not 8192 bytes long."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "name Bosch's configuration file.") from error
    if len(content) != CONFIG_BYTES:
        raise UsageError(
            f"{path} has {len(content)} bytes; the configuration of a BMI270 has {CONFIG_BYTES}.",
            "make it as docs/reference/boards.md shows.",
        )
    return content


def put(device: Transport, content: bytes) -> None:
    """Write it to the device and compare. FailedError if it did not arrive."""
    device.run(_MAKE_FOLDER)
    device.write_file(DEVICE_PATH, content)
    if remote.hash_files(device, [DEVICE_PATH]).get(DEVICE_PATH) != hashlib.sha256(content).hexdigest():
        raise FailedError(
            "The BMI270's configuration did not arrive intact on the device.",
            "make room with `retrowalk sync --prune`, check the cable, and run `retrowalk flash` again.",
        )
