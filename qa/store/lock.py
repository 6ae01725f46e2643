"""One writer at a time. The operating system drops the lock with the process, so a killed writer leaves none behind."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from qa.errors import LockedError
from qa.store.files import LOCK

_FAR = (
    1 << 30
)  # Windows locks bytes against reading too: lock one far behind the process id, so that the id stays readable

if sys.platform == "win32":
    import msvcrt

    def _acquire(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _release(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _acquire(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. Raises ``LockedError`` at once when another writer has it, naming its process where
    known."""
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    try:
        try:
            _acquire(handle)
        except OSError as error:
            owner = _owner(handle)
            message = f"another process{owner} is writing to the index at {folder}"
            raise LockedError(message, "wait until it has finished, then run it again") from error
        try:
            os.ftruncate(handle, 0)
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, str(os.getpid()).encode())
            yield
        finally:
            _release(handle)
    finally:
        os.close(handle)


def _owner(handle: int) -> str:
    os.lseek(handle, 0, os.SEEK_SET)
    digits = os.read(handle, 20).strip()
    return f" ({digits.decode()})" if digits.isdigit() else ""
