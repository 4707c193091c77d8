"""Brings one file of a device into the archive: goes on where a cut left it, and counts only when it is whole."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from retrogait import record
from retrowalk.archive.archive import PartFile, hash_file, storage_error
from retrowalk.errors import BusyError, DamagedError, FailedError, NoDeviceError, NoisyError
from retrowalk.session_files.thinned import is_thinned_version
from retrowalk.syncing.offer import Offer
from retrowalk.syncing.source import Source

_TRIES = 2


def copy_file(device: Source, offer: Offer, target: Path, copied: Callable[[int], None]) -> bool:
    """Bring one file; False if what came is a thinned version of the one here, which stays.

    Raises FailedError if it does not arrive intact, and the errors of the source.
    """
    for _ in range(_TRIES):
        part = _begin(device, offer, target)
        copied(part.n_bytes)
        try:
            _read(device, offer, part, copied)
            intact = part.finish() == offer.hashes[target.name]
            if intact and target.exists() and is_thinned_version(part.read_back(), target):
                part.discard()
                return False
            if intact:
                _keep_another(target)
                part.accept()
        except (NoDeviceError, BusyError, NoisyError, KeyboardInterrupt):  # nothing is wrong with what has come
            part.keep()
            raise
        except BaseException:
            part.discard()
            raise
        if intact:
            return True
        part.discard()
    raise FailedError(
        f"{offer.session}/{target.name} did not arrive intact in {_TRIES} tries; it stays on the device.",
        "use another cable or USB port, then run `retrowalk sync` again.",
    )


def bounded(offer: Offer, name: str, arrived: int, take: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """`take` for a file, of which so much is here, that must not be longer than told. Else DamagedError is raised."""

    def take_piece(piece: bytes) -> None:
        nonlocal arrived
        arrived += len(piece)
        if arrived > offer.sizes[name]:
            raise DamagedError(
                f"{offer.session}/{name} goes on beyond the {offer.sizes[name]} bytes that the device told; it was not "
                "kept.",
                "`retrowalk doctor` checks the device; then run `retrowalk sync` again.",
            )
        take(piece)

    return take_piece


def _begin(device: Source, offer: Offer, target: Path) -> PartFile:
    """A part to go on with: an earlier one that the device proves to be the beginning of its file, or a new one."""
    part = PartFile(target, kept=True)
    try:
        if part.n_bytes == 0:
            return part
        is_proven = part.n_bytes <= offer.sizes[target.name] and sha256(
            part.read_back()
        ).hexdigest() == device.hash_start(offer.session, target.name, part.n_bytes)
    except BaseException:
        part.keep()
        raise
    if is_proven:
        return part
    part.discard()
    return PartFile(target)


def _read(device: Source, offer: Offer, part: PartFile, copied: Callable[[int], None]) -> None:
    def take(piece: bytes) -> None:
        part.write(piece)
        copied(len(piece))

    name = part.path.name
    span = (part.n_bytes, offer.sizes[name])
    device.read(offer.session, name, span, bounded(offer, name, part.n_bytes, take))


def _keep_another(target: Path) -> None:
    """A whole file that is in the way is no rotten copy but another record (a manifest lied): it is put aside."""
    if not target.exists():
        return
    try:
        data = target.read_bytes()
        if data and all(isinstance(each, record.Block) for each in record.read_blocks(data)):
            target.rename(target.with_name(f"{target.name}.other-{hash_file(target)[:12]}"))
    except OSError as error:
        raise storage_error(target, error) from error
