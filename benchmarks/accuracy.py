"""How good the core is on recorded walks, beside the peers: prints the table of issue 3 and writes it into the docs.

    .venv/bin/python benchmarks/accuracy.py

Ours is measured through `retrowalk analyze`, whole recordings, nothing told but --axes. The work is in accuracy/, the
package beside this file (which Python prefers to this file where `accuracy` is imported).
"""

import sys

from accuracy import report
from accuracy.measure import measure
from accuracy.recordings import DATA


def main() -> int:
    """Measure, print, write; 1 where the recordings are absent."""
    if not DATA.is_dir():
        sys.stderr.write(f"no recordings: {DATA} is absent, so nothing was measured\n")
        return 1
    measured = measure()
    sys.stdout.write(report.text(measured) + "\n")
    report.write(measured)
    sys.stderr.write(f"written: {report.PAGE} and {report.DATA_FILE.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
