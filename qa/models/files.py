"""Files of models: hashes that are computed once, files and folders that appear whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_BLOCK = 1 << 20


def sha256_of(path: Path) -> str:
    """Hex digest of a file's bytes; reads all of them (about a second a gigabyte). Raises ``OSError``."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def stamp(path: Path) -> list[int]:
    """Size and modification time (ns): enough to know, without reading it, that a file is the one seen before."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def remembered_sha256(path: Path, cache: Path) -> str:
    """``sha256_of``, remembered under ``cache`` by place, size and time: a start reads no weights to name them."""
    path = path.resolve()
    note = cache / "sha256" / f"{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}.json"
    seen = read_json(note)
    now = stamp(path)
    digest = seen.get("sha256")
    if seen.get("stamp") == now and isinstance(digest, str):
        return digest
    digest = sha256_of(path)
    with suppress(OSError):
        write_json(note, {"stamp": now, "sha256": digest})
    return digest


def usable_cache(wanted: Path) -> Path:
    """``wanted`` where it can be made and written, else a folder of this user's own among the temporary files: without
    any, each start would convert the models anew. ``wanted`` also where a stranger holds that name."""
    with suppress(OSError):
        wanted.mkdir(parents=True, exist_ok=True)
    if os.access(wanted, os.W_OK | os.X_OK):
        return wanted
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    other = Path(tempfile.gettempdir()) / f"qa-cache-{user}"
    with suppress(OSError):
        other.mkdir(mode=0o700, exist_ok=True)
        status = other.lstat()
        if (
            stat.S_ISDIR(status.st_mode)
            and (sys.platform == "win32" or status.st_uid == user)
            and not status.st_mode & 0o022
        ):
            return other
    return wanted


def read_json(path: Path) -> dict[str, object]:
    """A small JSON object; empty when the file is missing, unreadable, or not an object: then it is made again."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write_json(path: Path, value: object) -> None:
    """Write a small JSON file so that a reader sees the old one or the new one. Raises ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with new_file(path) as draft:
        draft.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A draft beside ``path`` that takes its place when the block ends well and is removed when it does not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".draft-", dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path, sound: Callable[[], bool] = lambda: False) -> Iterator[Path]:
    """A draft folder beside ``path`` that takes its place when the block ends well; an older folder there goes away.

    Unless it is ``sound`` by then: another process has made it, and may be about to open its files.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=path.parent))
    try:
        yield draft
        if sound():
            return
        old = Path(tempfile.mkdtemp(prefix=".old-", dir=path.parent))
        with suppress(FileNotFoundError):
            path.rename(old / "was")
        try:
            # Another process may have put its own copy there meanwhile: both are whole, so either will do. It may be
            # gone again already, while a third one puts its own in its place.
            draft.rename(path)
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY) and not path.is_dir():
                raise
        finally:
            shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def seal(folder: Path, names: list[str]) -> dict[str, dict[str, object]]:
    """For a manifest: sha256 and stamp of each named file of a folder."""
    return {name: {"sha256": sha256_of(folder / name), "stamp": stamp(folder / name)} for name in names}


def sealed(folder: Path, files: object, *, full: bool = False) -> bool:
    """Whether the files are those that ``seal`` saw. Reads their bytes only when ``full`` or when a stamp differs."""
    if not isinstance(files, dict) or not files:
        return False
    try:
        return all(_unchanged(folder / name, entry, full) for name, entry in files.items())
    except OSError:
        return False


def _unchanged(path: Path, entry: object, full: bool) -> bool:
    if not isinstance(entry, dict):
        return False
    same = stamp(path) == entry.get("stamp")
    return (same and not full) or sha256_of(path) == entry.get("sha256")


def threads_or_cores(threads: int | None) -> int:
    """The number asked for, else the cores that this process may use."""
    if threads:
        return threads
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def wait_calmly() -> None:
    """Let the threads of OpenMP libraries sleep soon when they wait; to be called before such a library is loaded.

    By default they spin for 0.3 s, and beside one other busy process that made replies 16 times slower.
    """
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
