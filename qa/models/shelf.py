"""Evaluated beginnings of prompts on disk: a passage that was read once is not evaluated again by a later process."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from qa.models.engine import State
from qa.models.files import new_file

_MAGIC = b"QAKV0001"
_HEAD = len(_MAGIC) + 32
_ENDING = ".kv"
_DRAFT = ".draft-"
_ABANDONED = 3600
"""Seconds after which a draft belongs to no living writer."""
_KEEP = 0.9
"""Share of the room that is left filled when it is cleared: not every new file clears it again."""
_SPARE = 1 << 28
"""Bytes that stay free on the disk."""


class Shelf:
    """States by the tokens that led to them, one checksummed file each; never much more than ``room`` bytes in all.

    What was used longest ago goes first. ``maker`` names everything else that decides a state's bytes (weights, build,
    processor, threads). Processes may share the folder: a file appears whole, and one that is gone, cut or changed is
    as good as none. Nothing here raises: a shelf that cannot be read or written is an empty one.
    """

    def __init__(self, folder: Path, room: int, maker: str) -> None:
        self.folder = folder
        self.room = room
        self._maker = maker.encode()
        self._bytes: int | None = None

    def get(self, tokens: Sequence[int]) -> State | None:
        """The state after these tokens, or None."""
        key = self._key(tokens)
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        if data[:_HEAD] != _head(key, memoryview(data)[_HEAD:]):
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            os.utime(path)
        return np.frombuffer(data, np.uint8, offset=_HEAD)

    def put(self, tokens: Sequence[int], state: State) -> None:
        """Keep a state, unless it alone takes more than the room or the disk is nearly full."""
        key = self._key(tokens)
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if state.nbytes > self.room or shutil.disk_usage(self.folder).free < state.nbytes + _SPARE:
                return
            with new_file(self._path(key)) as draft, draft.open("wb") as file:
                file.write(_head(key, state.data))
                file.write(state.data)
            self._make_room(state.nbytes + _HEAD)

    def _make_room(self, added: int) -> None:
        if self._bytes is None:
            self._bytes = sum(size for _, size, _ in self._entries())
        else:
            self._bytes += added
        if self._bytes > self.room:
            self._bytes = self._prune()

    def _prune(self) -> int:
        """Remove what was used longest ago, and drafts of writers that died; returns the bytes that are left."""
        kept, full, now = 0, False, time.time()
        for used, size, path in sorted(self._entries(), reverse=True):
            if path.name.startswith(_DRAFT):
                gone = now - used > _ABANDONED
            else:
                full = gone = full or kept + size > self.room * _KEEP
            if gone:
                with suppress(OSError):
                    path.unlink()
            else:
                kept += size
        return kept

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """Time of the last use, size and path of each file."""
        with os.scandir(self.folder) as found:
            for entry in found:
                if entry.name.endswith(_ENDING) or entry.name.startswith(_DRAFT):
                    with suppress(OSError):
                        status = entry.stat(follow_symlinks=False)
                        yield status.st_mtime, status.st_size, Path(entry.path)

    def _key(self, tokens: Sequence[int]) -> bytes:
        return hashlib.sha256(self._maker + b"\0" + np.asarray(tokens, "<i4").tobytes()).digest()

    def _path(self, key: bytes) -> Path:
        return self.folder / (key.hex()[:40] + _ENDING)


def _head(key: bytes, payload: memoryview) -> bytes:
    """What a file starts with: it belongs to this key, and its bytes are those that were written."""
    digest = hashlib.sha256(key)
    digest.update(payload)
    return _MAGIC + digest.digest()
