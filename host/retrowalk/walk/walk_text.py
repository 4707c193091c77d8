"""A walk in words: the summary that analyze prints, and the text that stands beside every picture of plot.

Plain lines that read well aloud, for a screen reader as for a terminal. Called by analyze and plot.
"""

from retrogait import events
from retrowalk.archive.session_date import local_time
from retrowalk.console import table
from retrowalk.walk.pace import pace_words
from retrowalk.walk.replay import Event
from retrowalk.walk.sky import steepest_deg
from retrowalk.walk.walk_source import Walk
from retrowalk.walk.walk_summary import Summary, fault_name, state_name

_FEWEST_SPAN_S = 1.0


def headline(walk: Walk) -> str:
    """What it is and when: name and local date with its offset, or that the date is unknown."""
    if walk.utc_s is None:
        return f"{walk.name}, date unknown" if walk.quality["source"] == "session" else walk.name
    local = local_time(walk.utc_s, walk.utc_offset_s)
    return f"{walk.name}, {local:%Y-%m-%d %H:%M} (UTC{local:%z})"


def totals_line(summary: Summary) -> str:
    """Duration, steps, share backward and cues in one line."""
    share = summary.share_backward
    backward = "direction unknown" if share is None else f"{100 * share:.0f} % backward"
    if share is not None and summary.n_unknown:
        backward += f" ({summary.n_unknown} unknown)"
    n_cues = len(summary.cues)
    cues = ", ".join(f"{count} {_words(name)}" for name, count in summary.cues_by_fault().items())
    told = f"{n_cues} cue{'s' if n_cues != 1 else ''}" + (f" ({cues})" if cues else "")
    return (
        f"{clock(summary.walk.duration_s)} at the {summary.walk.mount}, {len(summary.steps)} steps, {backward}, {told}"
    )


def clock(seconds: float) -> str:
    """12.3 s under a minute, else 2 min 05 s."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60:02d} s"


def summary_lines(walk: Walk) -> list[str]:
    """What was found, then what to know about the data."""
    if walk.up is not None and walk.mount == "none":
        rows = [("duration", clock(walk.duration_s)), ("tilt", f"up to {steepest_deg(walk.up):.0f} degrees from Z")]
        rows += [("data", _data(walk)), *(("note", note) for note in walk.quality["notes"])]
        return [headline(walk), *table(("what", "found"), rows)]
    summary = Summary(walk)
    share, lean, cadence = summary.share_backward, summary.lean_range(), summary.cadence_spm
    counts = f"{summary.n_backward} backward, {summary.n_forward} forward, {summary.n_unknown} unknown"
    rows = [
        ("worn at the", walk.mount),
        ("duration", clock(walk.duration_s)),
        ("steps", f"{len(summary.steps)}: {counts}"),
        ("backward", "no step has a known direction" if share is None else f"{100 * share:.0f} % of those known"),
        ("cadence", "not enough steps" if cadence is None else f"{cadence:.0f} steps/min while walking"),
        ("time", ", ".join(f"{name} {seconds:.1f} s" for name, seconds in summary.seconds_by_state().items())),
    ]
    rows += pace_words(walk.trace.pace)
    if lean is not None:
        low, middle, high = lean
        rows.append(("lean", f"{middle:+.1f} degrees walking (90 % of it {low:+.1f} to {high:+.1f}; forward is +)"))
    turns = walk.trace.of_kind(events.TURN)
    if turns:
        rows.append(("turns", f"{len(turns)}; the first {_turn(turns[0])} at {walk.time_s(turns[0].index):.1f} s"))
    cues = ", ".join(f"{count} {_words(name)}" for name, count in summary.cues_by_fault().items())
    rows.append(("cues", cues or "none"))
    withheld = len(walk.trace.of_kind(events.WITHHELD))
    if withheld:
        rows.append(("withheld", f"{withheld} due and not given: getting used to it, or fading"))
    rows.append(("data", _data(walk)))
    rows += [("note", note) for note in walk.quality["notes"]]
    return [headline(walk), *table(("what", "found"), rows)]


def picture_lines(walk: Walk) -> list[str]:
    """The text alternative of the picture: the summary, then the ribbon and the marks in order of time."""
    settings = walk.settings
    lines = [*summary_lines(walk), "", f"Pace limit: {settings['cadence_limit_spm']} steps/min."]
    if walk.mount == "waist":
        cue, alarm = settings["lean_cue_cdeg"] / 100, settings["lean_alarm_cdeg"] / 100
        lines.append(f"Lean limits, every way: {cue:g} degrees, alarm at {alarm:g} degrees.")
    told = [
        (walk.time_s(span.start), f"{state_name(span.state)} for {(span.end - span.start) / 104:.1f} s")
        for span in walk.trace.states()
        if span.end - span.start >= _FEWEST_SPAN_S * 104
    ]
    told += [(walk.time_s(each.index), _mark(walk, each)) for each in walk.trace.events if _mark(walk, each)]
    lines += ["", "In order of time (states under a second are left out):"]
    return lines + [f"  {t_s:8.1f} s  {text}" for t_s, text in sorted(told, key=lambda each: each[0])]


def _mark(walk: Walk, event: Event) -> str:
    if event.kind == events.CUE:
        return f"buzz of {event.value_b} ms: {_words(fault_name(event.value_a))}"
    if event.kind == events.WITHHELD:
        return f"buzz withheld: {_words(fault_name(event.value_a))}"
    if event.kind == events.GOOD_AGAIN:
        return f"good again: {_words(fault_name(event.value_a))}"
    if event.kind == events.GAP:
        return f"no data for {event.value_a / 104:.1f} s"
    if event.kind == events.TURN:
        return f"turned {_turn(event)}"
    if events.STUMBLE <= event.kind <= events.PAIN:
        return _words(events.KIND_NAMES[event.kind])
    return ""


def _turn(event: Event) -> str:
    return f"{abs(event.value_b)} degrees {'left' if event.value_b >= 0 else 'right'}"


def _data(walk: Walk) -> str:
    quality, neutral = walk.quality, walk.quality["neutral"]
    when = "" if neutral["start_s"] is None else f" from {neutral['start_s']:.1f} to {neutral['end_s']:.1f} s"
    gaps = f"{quality['missing_s']:.1f} s missing in {quality['gaps']} gaps" if quality["gaps"] else "no gaps"
    rate = quality.get("imu_rate")
    clock_text = "" if rate is None else f", the IMU's clock {rate['ppm']:+d} ± {rate['plus_minus_ppm']} ppm off"
    return (
        f"{quality['sample_rate_hz']:.0f} Hz, {gaps}, {quality['interpolated_s']:.1f} s interpolated, "
        f"{quality['clipped_samples']} samples clipped, "
        f"neutral {neutral['source']}{when}{clock_text}"
    )


def _words(name: str) -> str:
    return name.replace("_", " ")
