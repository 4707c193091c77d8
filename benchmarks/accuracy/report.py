"""The table as text, as docs/reference/accuracy.md (between its markers) and as docs/reference/accuracy.json.

Called by benchmarks/accuracy.py with an accuracy.measure.Measured.
"""

import json
import platform
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from accuracy.goals import GOALS, HIGH, LOW

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "accuracy.md"
DATA_FILE = PAGE.with_suffix(".json")
_SETS = {"ipol": "ipol", "ipol_reversed": "ipol, time-reversed (proxy)", "mobilised": "mobilised", "oxford": "oxford"}


def reached(goal, value, limit) -> bool:
    """Does a measured value keep to a goal's `must` or `aim`? Compared with the four digits that are printed."""
    value = round(value, 4)
    if goal.better == HIGH:
        return value >= limit
    return value <= limit if goal.better == LOW else abs(value) <= limit


def verdict(goal, value) -> str:
    """aim, must, MISSED, not yet, or nothing where no goal was set."""
    if value is None:
        return "not yet"
    if goal.must is None:
        return ""
    if reached(goal, value, goal.aim):
        return "aim"
    return "must" if reached(goal, value, goal.must) else "MISSED"


def number(value, unit) -> str:
    """A figure with its unit; shares have none."""
    if value is None or not np.isfinite(value):
        return "-"
    return f"{value:.2f} {unit}" if unit else f"{value:.4f}"


def limits(goal) -> tuple[str, str]:
    """`must` and `aim` in words."""
    if goal.must is None:
        return "", ""
    sign = {HIGH: ">= ", LOW: "<= "}.get(goal.better, "+-")
    return f"{sign}{goal.must:g}", f"{sign}{goal.aim:g}"


def table(measured) -> list[list[str]]:
    """Rows of text, the head first."""
    rows = [["what", "ours", "must", "aim", "reached", "peer, measured here", "best peer (issue 3)", "naive (issue 3)"]]
    for goal in GOALS:
        value = measured.ours.get(goal.key)
        peer = measured.peers.get((goal.peer, goal.key))
        rows.append([
            goal.what + (" (proxy)" if goal.proxy else ""),
            "not yet" if value is None else number(value, goal.unit),
            *limits(goal),
            verdict(goal, value),
            "" if peer is None else f"{number(peer, goal.unit)} {goal.peer}",
            goal.best_peer,
            goal.naive,
        ])  # fmt: skip
    return rows


def others(measured) -> list[list[str]]:
    """What the other installed peers reach."""
    named = {(goal.peer, goal.key) for goal in GOALS}
    known = {goal.key: goal for goal in GOALS}
    rows = [["peer", "what", "figure"]]
    for (peer, key), value in measured.peers.items():
        if (peer, key) not in named and key in known and key != "mobilised.agree":
            rows.append([peer, known[key].what, number(value, known[key].unit)])
    return rows


def spread(measured) -> list[list[str]]:
    """By set: the subjects' F1 and count errors as mean, worst and spread."""
    f1_head = [f"F1 at {at} s: mean (sd), worst" for at in (0.1, 0.25)]
    rows = [["set", "subjects", *f1_head, "worst mean count error"]]
    for name, title in _SETS.items():
        mine = [row for row in measured.subjects if row[0] == name]
        fine, coarse, mean = (np.array([row[k] for row in mine]) for k in (3, 4, 6))
        worst = mean[np.argmax(abs(mean))]
        texts = [f"{f.mean():.3f} ({f.std():.3f}), {f.min():.3f}" for f in (fine, coarse)]
        rows.append([title, str(len(mine)), *texts, f"{worst:+.1f} %"])
    return rows


def subjects(measured) -> list[list[str]]:
    """One row a subject."""
    rows = [["set", "subject", "trials", "F1 at 0.1 s", "F1 at 0.25 s", "count error: median absolute", "mean"]]
    for name, subject, trials, fine, coarse, median, mean in measured.subjects:
        texts = [f"{fine:.3f}", f"{coarse:.3f}", f"{median:.1f} %", f"{mean:+.1f} %"]
        rows.append([_SETS[name], subject, str(trials), *texts])
    return rows


def negatives(measured) -> list[list[str]]:
    """False steps a minute."""
    rows = [["what", "signal", "worn at", "minutes", "false steps a minute"]]
    return rows + [
        [what, kind, at, f"{long:.1f}", f"{false:.1f}"] for what, kind, at, long, false in measured.negatives
    ]


def slow(measured) -> list[list[str]]:
    """Count errors of slow walks."""
    rows = [["walk (proxy)", "worn at", "true steps", "count error"]]
    return rows + [[what, mount, str(true), f"{error:+.1f} %"] for what, mount, true, error in measured.slow]


def tables(measured) -> list[tuple[str, list[list[str]]]]:
    """All tables with their titles."""
    found = [
        ("The table of issue 3", table(measured)),
        ("False steps", negatives(measured)),
        ("Slow walkers", slow(measured)),
        ("From subject to subject", spread(measured)),
        ("Every subject", subjects(measured)),
    ]
    if len(rest := others(measured)) > 1:
        found.insert(1, ("Other peers, measured here", rest))
    return found


def text(measured) -> str:
    """For the terminal: aligned columns."""
    parts = [head(measured)]
    for title, rows in tables(measured):
        widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        parts.append("\n".join([title, "-" * len(title), *(line.rstrip() for line in lines)]))
    return "\n\n".join(parts)


def head(measured) -> str:
    """When and where this was measured."""
    absent = "peers not installed (`make peers`): only issue 3's figures of them"
    peers = "peers measured here" if measured.peers_installed else absent
    return f"Measured {today()} on {machine()}, revision {revision()}; {peers}."


def today() -> str:
    """The date, UTC."""
    return datetime.now(timezone.utc).date().isoformat()


def machine() -> str:
    """Processor, cores and Python."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    processor = names[0] if names else platform.processor() or platform.machine()
    return f"{processor} ({len(names) or '?'} cores), {platform.system()}, Python {platform.python_version()}"


def revision() -> str:
    """The checkout's commit, with + if files differ from it."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty=+"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


def write_page(name: str, lines: list[str], page: Path = PAGE) -> None:
    """Replace what stands between the markers `<!-- NAME -->` and `<!-- /NAME -->` of the page."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, rest = page.read_text().split(begin)
    _, after = rest.split(end)
    page.write_text("\n".join([before + begin, *lines, end + after]))


def markdown(rows) -> list[str]:
    """Rows as a Markdown table."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return [lines[0], "|" + "---|" * len(rows[0]), *lines[1:]]


def write(measured) -> None:
    """Both files."""
    lines = ["", head(measured)]
    for title, rows in tables(measured):
        lines += ["", f"### {title}", "", *markdown(rows)]
    write_page("accuracy", [*lines, ""])
    values = [measured.ours.get(goal.key) for goal in GOALS]
    goals = [
        {**goal._asdict(), "ours": _plain(value), "reached": verdict(goal, value)}
        for goal, value in zip(GOALS, values, strict=True)
    ]
    found = {
        "format": 1,
        "date": today(),
        "machine": machine(),
        "revision": revision(),
        "peers_installed": measured.peers_installed,
        "goals": goals,
        "figures": {key: _plain(value) for key, value in measured.ours.items()},
        "peers": [{"peer": p, "key": key, "value": _plain(value)} for (p, key), value in measured.peers.items()],
        "negatives": _objects(measured.negatives, ("what", "signal", "mount", "minutes", "false_per_minute")),
        "slow": _objects(measured.slow, ("what", "mount", "true_steps", "count_error_percent")),
        "subjects": _objects(
            measured.subjects,
            ("set", "subject", "trials", "f1_0.1", "f1_0.25", "count_median_percent", "count_mean_percent"),
        ),
    }
    DATA_FILE.write_text(json.dumps(found, indent=1) + "\n")


def _objects(values, names):
    return [{name: _plain(value) for name, value in zip(names, row, strict=True)} for row in values]


def _plain(value):
    """For JSON: numbers with six digits, no NaN."""
    if value is None or isinstance(value, str | int):
        return value
    return round(float(value), 6) if np.isfinite(value) else None
