"""The check of one stored session: every file hashed against the manifest, every block decoded. Called by verify.

It only reads. What its device had lost already is damage as well: it is missing here, whoever lost it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retrogait import RATE_HZ
from retrowalk.archive.archive import FILE_NAME, MANIFEST, StoredSession, hash_file, hashes_of
from retrowalk.archive.open_permissions import too_open
from retrowalk.archive.session_row import UNVERIFIED
from retrowalk.errors import FailedError
from retrowalk.programme.figure_cache import CACHE
from retrowalk.session_files.contents import DAMAGED, UNREADABLE_THERE, Contents, damage_text, newer_text, read_contents

OK = "ok"
CHANGED, GONE, UNREADABLE = "changed since it was verified", "gone", "cannot be read"
_MOST_SPANS = 5  # in one line for people
_OF_FILES = (CHANGED, GONE, UNREADABLE)


@dataclass
class Check:
    """What was found. damage: dicts with "file", "kind" and where; missing_s: spans of raw motion, from and to.

    strange: names that are not ours; too_open: paths that others may read; repaired: what was done about it, in words.
    """

    stored: StoredSession
    contents: Contents
    damage: list[dict[str, Any]]
    unverified: list[str]
    strange: list[str]
    too_open: list[Path]
    repaired: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        """OK, DAMAGED or UNVERIFIED."""
        if self.damage:
            return DAMAGED
        return UNVERIFIED if self.unverified or not self.stored.manifest else OK

    @property
    def missing_s(self) -> list[list[float]]:
        """Seconds of the session, from and to."""
        return [[round(each / RATE_HZ, 2) for each in span] for span in self.contents.missing_spans]

    def words(self) -> str:
        """The findings in one line."""
        parts = [f"{each['file']} {each['kind']}" for each in self.damage if each["kind"] in _OF_FILES]
        parts += [text] if (text := damage_text(self.contents)) else []
        parts += [text] if (text := newer_text(self.contents)) else []
        parts += [f"missing from {start:g} to {end:g} s" for start, end in self.missing_s[:_MOST_SPANS]]
        if self.contents.has_thinned_file:
            thinned_s = self.contents.thinned_samples / RATE_HZ
            parts.append(f"{thinned_s:.0f} s of raw samples thinned by the device")
        more = len(self.missing_s) - _MOST_SPANS
        parts += [f"and {more} more spans (--json lists them)"] if more > 0 else []
        parts += [f"not in the manifest: {', '.join(self.unverified)}"] if self.unverified else []
        parts += [f"strange: {', '.join(self.strange)}"] if self.strange else []
        parts += [f"others may read: {', '.join(each.name for each in self.too_open)}"] if self.too_open else []
        return "; ".join([*parts, *self.repaired])

    def as_json(self) -> dict[str, Any]:
        """One row of `verify --json`."""
        return {
            "session": self.stored.name,
            "device_id": self.stored.device_id,
            "path": str(self.stored.path),
            "state": self.state,
            "damage": self.damage,
            "samples": self.contents.samples,
            "missing_spans_s": self.missing_s,
            "unverified_files": self.unverified,
            "strange": self.strange,
            "too_open": [each.name for each in self.too_open],
            "repaired": self.repaired,
        }


def check(stored: StoredSession, done: Callable[[int], None]) -> Check:
    """Read everything of a session again; `done` is told the bytes. Raises FailedError if its folder cannot be read."""
    known = hashes_of(stored.manifest)
    files, unverified, readable = stored.files(), [], []
    damage = [{"file": name, "kind": GONE} for name in sorted(set(known) - {path.name for path in files})]
    for path in files:
        try:
            sha256 = hash_file(path)
        except FailedError:
            damage.append({"file": path.name, "kind": UNREADABLE})
            continue
        readable.append(path)
        done(path.stat().st_size)
        if path.name not in known:
            unverified.append(path.name)
        elif known[path.name] != sha256:
            damage.append({"file": path.name, "kind": CHANGED})
    contents = read_contents(readable) if files or stored.manifest else Contents()
    contents.damage += _lost_there(stored)
    paths = sorted(stored.path.iterdir())
    strange = [repr(each.name)[1:-1] for each in paths if not _is_ours(each)]
    return Check(stored, contents, damage + contents.damage, unverified, strange, too_open([stored.path, *paths]))


def _lost_there(stored: StoredSession) -> list[dict[str, Any]]:
    """Files that the manifest says the device could not read, and that are still not here."""
    noted = stored.manifest.get("damage")
    told = [each for each in noted if isinstance(each, dict)] if isinstance(noted, list) else []
    names = [str(each.get("file")) for each in told if each.get("kind") == UNREADABLE_THERE]
    return [
        {"file": name, "kind": UNREADABLE_THERE, "n": 1}
        for name in names
        if FILE_NAME.fullmatch(name) and not (stored.path / name).exists()
    ]


def _is_ours(path: Path) -> bool:
    named = path.name in (MANIFEST, CACHE) or FILE_NAME.fullmatch(path.name) is not None
    return named and path.is_file() and not path.is_symlink()
