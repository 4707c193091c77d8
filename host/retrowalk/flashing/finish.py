"""The second half of `retrowalk flash`, after the app runs: name, time, self-test, and what to do next."""

import hashlib
import json
from argparse import ArgumentParser, Namespace

from retrowalk.checking.finding import FAIL, OK, WARN
from retrowalk.console import clean, emit, say
from retrowalk.contact import remote
from retrowalk.contact.link import Link
from retrowalk.contact.status import Status
from retrowalk.contact.transport import Transport
from retrowalk.errors import FailedError, UsageError
from retrowalk.flashing import selftest

NAME_FILE = "/device.json"
_TEMPORARY = "/device.new"
_LONGEST_NAME = 40
_MARKS = {OK: "ok  ", WARN: "warn", FAIL: "FAIL", selftest.NOT_TESTED: "--  "}


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk flash` that are about the finished device."""
    parser.add_argument("--name", metavar="NAME", type=check_name, help="what the device is called")
    parser.add_argument("--self-test", action="store_true", help="test the hardware, also if nothing has changed")


def check_name(text: str) -> str:
    """A name as the device keeps it. Raises UsageError."""
    name = text.strip()
    if not name or len(name) > _LONGEST_NAME or clean(name) != name:
        raise UsageError(f"A name has 1 to {_LONGEST_NAME} printable characters.", "choose another --name.")
    return name


def set_name(device: Transport, name: str) -> bool:
    """Give the device its name; False if it has it already. Raises FailedError if it did not arrive."""
    content = json.dumps({"name": name}).encode()
    wanted = hashlib.sha256(content).hexdigest()
    if remote.hash_files(device, [NAME_FILE]).get(NAME_FILE) == wanted:
        return False
    device.write_file(_TEMPORARY, content)
    if remote.hash_files(device, [_TEMPORARY]).get(_TEMPORARY) != wanted:
        raise FailedError("The name did not arrive intact on the device.", "run `retrowalk flash` again.")
    device.run(f"import os\nos.rename({_TEMPORARY!r},{NAME_FILE!r})")
    return True


def after(path: str, args: Namespace, has_changed: bool, status: Status) -> None:
    """Set the time, and test the hardware if something has changed. Raises FailedError if it is not well."""
    with Link(path) as link:
        link.set_time()
    if not (has_changed or args.self_test):
        say("Nothing has changed, so nothing was tested; --self-test tests the hardware.")
        return
    findings = selftest.run(path, status, args.yes)
    emit("Self-test:")
    for each in findings:
        emit(f"  {_MARKS[each.level]}  {each.name:<14} {each.text}")
        if each.next_step:
            emit(f"        {'':<14} Next: {each.next_step}")
    failed = [each.name for each in findings if each.level == FAIL]
    if failed:
        raise FailedError(
            f"The app runs, but this is not well: {', '.join(failed)}.", "do what stands beside it above."
        )
