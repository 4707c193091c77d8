"""Fetches one file into the cache: through a .part file that is resumed, and kept only if its SHA-256 is right.

Proxies are those of the environment (http_proxy, https_proxy, no_proxy). The file is what it should be when `fetch`
returns, whether it was there already or not.
"""

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import platformdirs

from retrowalk.console import Advance, clean
from retrowalk.errors import DamagedError, FailedError

_TIMEOUT_S = 20.0
_TRIES = 3
_PAUSE_S = 0.5
_CHUNK_BYTES = 1 << 15
_MOST_BYTES = 16 << 20
_HEADERS = {"User-Agent": "retrowalk", "Accept-Encoding": "identity"}


def cache_folder() -> Path:
    """Where images are kept: the user's cache folder (XDG_CACHE_HOME on Linux)."""
    return Path(platformdirs.user_cache_dir("retrowalk")) / "images"


def is_cached(path: Path, sha256: str) -> bool:
    """Whether the file is there and whole."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def fetch(url: str, path: Path, sha256: str, advance: Advance) -> None:
    """Bring `url` to `path`. Raises FailedError (not reachable, not there) and DamagedError (another hash)."""
    if is_cached(path, sha256):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    _persist(lambda: _continue(url, part, advance), url)
    if hashlib.sha256(part.read_bytes()).hexdigest() != sha256:
        part.unlink()
        raise DamagedError(
            f"What came from {clean(url, 200)} is not the file it should be (another SHA-256). It was thrown away.",
            "try again; if it comes again, download it by hand, look at what it is, and give it with --image FILE.",
        )
    part.replace(path)


def _persist(attempt: Callable[[], None], url: str) -> None:
    """Try a few times; what has come stays in the .part file, and the next attempt goes on from there."""
    for left in reversed(range(_TRIES)):
        try:
            attempt()
            return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                raise _unreachable(url, f"{error.code} {error.reason}") from error
            trouble: Exception = error
        except (OSError, http.client.HTTPException) as error:  # URLError is an OSError
            trouble = error
        if not left:
            raise _unreachable(url, getattr(trouble, "reason", None) or trouble) from trouble
        time.sleep(_PAUSE_S)


def _continue(url: str, part: Path, advance: Advance) -> None:
    have = part.stat().st_size if part.exists() else 0
    headers = {**_HEADERS, "Range": f"bytes={have}-"} if have else _HEADERS
    if not url.startswith(("https://", "http://")):
        raise FailedError(f"{clean(url)} is no web address.", "give one that begins with https://.")
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 checked above
    try:
        answer = urllib.request.build_opener().open(request, timeout=_TIMEOUT_S)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # it was whole, or another file's
            part.unlink()
            raise ConnectionError("the server cannot go on where it broke off") from error
        raise
    with answer:
        goes_on = answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        expected = answer.headers.get("Content-Length")
        came = 0
        with part.open("ab" if goes_on else "wb") as file:
            while piece := answer.read(_CHUNK_BYTES):
                file.write(piece)
                came += len(piece)
                advance(len(piece))
                if came > _MOST_BYTES:
                    raise FailedError(f"{clean(url, 200)} is far too long for an image.", "give --image FILE.")
        if expected is not None and came < int(expected):
            raise ConnectionError("it broke off")


def _unreachable(url: str, why: object) -> FailedError:
    return FailedError(
        f"{clean(url, 200)} cannot be downloaded: {clean(why)}.",
        "check the network (or http_proxy), or download it elsewhere and give it with --image FILE.",
    )
