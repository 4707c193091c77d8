"""What a session's log itself says beside its replay, in notes for people. Called by walk_source."""

from retrogait import RATE_HZ, VERSION, events
from retrowalk.console import clean
from retrowalk.session_files.contents import INTERRUPTED, RECOVERED
from retrowalk.session_files.session_log import SessionLog
from retrowalk.walk.replay import Trace


def log_notes(log: SessionLog, trace: Trace) -> list[str]:
    """What the log itself says beside the replay: how it ended, another core, other numbers."""
    notes: list[str] = []
    if log.contents.state == INTERRUPTED:
        notes.append("the session has no end: power was cut or the device reset; all that was flushed is here")
    if log.contents.state == RECOVERED:
        notes.append("power was cut or the device reset in the walk; it closed the session at its next start")
    if log.contents.has_thinned_file:
        thinned_s = log.contents.thinned_samples / RATE_HZ
        notes.append(
            f"the device had taken {thinned_s:.0f} s of raw samples out to make room: there the steps and cues are "
            "those that it had found"
        )
    version = clean(log.header.get("version") or log.header.get("firmware") or "?", 20)
    if version != VERSION:
        notes.append(f"recorded by core {version}, replayed by core {VERSION}")
    for kind, what in ((events.STEP, "steps"), (events.CUE, "cues")):
        felt, found = sum(each.kind == kind for each in log.events), len(trace.of_kind(kind))
        if felt != found:
            notes.append(f"the device logged {felt} {what}, the replay finds {found}")
    return notes
