"""Checks the computer, the cable and the device, and says for each trouble what to do.

A device that is recording is asked, not entered. Works without a device too, and then exits with 3.
"""

from argparse import ArgumentParser, Namespace

from retrowalk.archive.archive import Archive
from retrowalk.checking.checks import check_host, check_inside, check_status
from retrowalk.checking.finding import FAIL, OK, WARN, Finding
from retrowalk.console import clean, emit, emit_json
from retrowalk.contact.device_clock import Anchor, drift_of, greet, keep_anchors
from retrowalk.contact.link import Answer, Link, Speaker, require_app
from retrowalk.contact.ports import choose_port, describe
from retrowalk.contact.transport import Transport
from retrowalk.errors import FailedError, RetrowalkError
from retrowalk.sync import ARCHIVE_HELP

_MARKS = {OK: "ok  ", WARN: "warn", FAIL: "FAIL"}


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `retrowalk doctor`."""
    parser.add_argument("--archive", metavar="FOLDER", help=ARCHIVE_HELP)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: Namespace) -> int:
    """Print the findings, then raise what stopped the examination, or FailedError if a check failed."""
    archive = Archive(args.archive)
    findings = check_host(archive)
    trouble: RetrowalkError | None = None
    try:
        _examine(args.port, archive, findings)
    except RetrowalkError as error:
        trouble = error
    if args.json:
        emit_json({"format": 1, "ok": _is_well(findings, trouble), "findings": [each.as_json() for each in findings]})
    else:
        for each in findings:
            emit(f"{_MARKS[each.level]}  {each.name:<14} {clean(each.text, 240)}")
            if each.next_step:
                emit(f"      {'':<14} Next: {each.next_step}")
            for line in each.drawing:
                emit(f"      {'':<14}   {line}")
    if trouble is not None:
        raise trouble
    failed = [each.name for each in findings if each.level == FAIL]
    if failed:
        raise FailedError(f"Not well: {', '.join(failed)}.", "do what stands beside it above, then run this again.")
    return 0


def _examine(wanted: str | None, archive: Archive, findings: list[Finding]) -> None:
    """Add the device's findings, as far as one gets."""
    port = choose_port(wanted)
    with Link(port.path) as link:
        answer = link.identify()  # not link.status(): what cannot be understood is told, too
        is_idle = answer.status is not None and answer.status.state == "idle"
        anchors = greet(link) if is_idle else None
    findings.append(_port_finding(describe(port), answer))
    if answer.status is not None:
        findings += check_status(answer.status)
        if anchors is not None:
            findings.append(_clock_finding(archive, answer.status.device_id, anchors))
        if answer.status.state != "idle":
            findings.append(Finding("inside", OK, f"not looked at, the device is {answer.status.state}"))
            return
    elif answer.speaker is not Speaker.PROMPT:
        require_app(answer, port.path)
    else:
        step = "press reset without holding the button; if it stays so, `retrowalk flash`."
        findings.append(Finding("app", FAIL, "does not run: only the MicroPython prompt is there", step))
    with Transport(port.path) as device:
        findings += check_inside(device)


def _clock_finding(archive: Archive, device_id: str, fresh: list[Anchor]) -> Finding:
    """The clock, which has just been set, and its drift by all contacts that this archive knows of."""
    if not fresh:
        return Finding("clock", WARN, "the device did not take this computer's time", "check this computer's clock.")
    drift = drift_of(keep_anchors(archive, device_id, fresh))
    if drift is None:
        return Finding("clock", OK, "set; its drift is known once two contacts lie ten minutes apart")
    return Finding("clock", OK, f"set; drift {drift.words()}", figures=drift.as_json())


def _port_finding(text: str, answer: Answer) -> Finding:
    level = OK if answer.speaker in (Speaker.APP, Speaker.PROMPT) else FAIL
    return Finding("port", level, text)


def _is_well(findings: list[Finding], trouble: RetrowalkError | None) -> bool:
    return trouble is None and all(each.level != FAIL for each in findings)
