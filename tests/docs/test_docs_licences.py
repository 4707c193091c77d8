"""pins/python.txt pins everything that .venv holds, and docs/reference/licences.md names it with its licence."""

import re
from importlib.metadata import distributions
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
OURS = {"retrowalk", "pip", "setuptools"}  # the last two come with a fresh Python


def pinned() -> dict[str, str]:
    """Name -> version, as it is pinned for this Python."""
    found = {}
    for line in (ROOT / "pins" / "python.txt").read_text(encoding="utf-8").splitlines():
        pin, _, marker = line.partition(";")
        if "==" in pin and not pin.startswith("#") and (not marker or Marker(marker).evaluate()):
            name, _, version = pin.strip().partition("==")
            assert name not in found, f"{name} has two pins for one Python"
            found[name] = version
    return found


def installed() -> dict[str, str]:
    """Name -> version of what lies beside this Python, without what is ours."""
    found = {canonicalize_name(each.metadata["Name"]): each.version for each in distributions()}
    return {name: version for name, version in found.items() if name not in OURS}


def test_everything_in_the_environment_is_pinned():
    pins = pinned()
    assert len(pins) > 40
    loose = {f"{name}=={version}" for name, version in installed().items() if pins.get(name) != version}
    assert not loose, "pin these in pins/python.txt (or `make clean`, if .venv is an old one)"


def test_every_package_is_named_with_its_licence():
    page = (ROOT / "docs" / "reference" / "licences.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)[1:]
    named = {name for _, names in rows for name in re.sub(r"\([^)]*\)", "", names).replace(",", " ").split()}
    assert set(installed()) <= named
    assert dict(rows)["GPL-2.0-or-later"] == "esptool"
    copyleft = {
        canonicalize_name(each.metadata["Name"])
        for each in distributions()
        if "GPL"
        in " ".join([each.metadata.get("License-Expression") or "", *(each.metadata.get_all("Classifier") or [])])
    }
    assert copyleft == {"esptool"}
