"""One sync at a time for one archive: a lock on its folder that ends with its process, however that ends."""

import contextlib
import os
from collections.abc import Iterator

from retrowalk.archive.archive import Archive, storage_error
from retrowalk.errors import BusyError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None


@contextlib.contextmanager
def locked(archive: Archive) -> Iterator[None]:
    """Hold the lock while the block runs. Raises BusyError if another sync holds it, FailedError without a folder."""
    if fcntl is None:
        yield
        return
    try:
        archive.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(archive.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise storage_error(archive.root, error) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(
                f"Another sync is writing into {archive.root}.", "wait until it is done, or choose another --archive."
            ) from None
        except OSError as error:
            raise storage_error(archive.root, error) from error
        yield
    finally:
        with contextlib.suppress(OSError):  # a folder that was only read has nothing to lose at its close
            os.close(descriptor)
