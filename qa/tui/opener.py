"""Open a file with the program that this system has for it: no shell, one argument, a path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from qa.errors import InputError, UnreadableError

_OPENERS = {"darwin": ("open",), "linux": ("xdg-open", "wslview", "gio")}


def command(path: Path, platform: str = sys.platform) -> list[str]:
    """The argument list that opens ``path``. Raises ``InputError`` when this system has no opener."""
    for program in _OPENERS.get(platform, _OPENERS["linux"]):
        if found := shutil.which(program):
            return [found, *(["open"] if program == "gio" else []), str(path)]
    raise InputError(f"this system has no program to open files; the file is {path}", "open it yourself")


def open_file(path: Path) -> None:
    """Open a file outside the terminal. Raises ``UnreadableError`` when it is gone, ``InputError`` as above."""
    path = path.absolute()  # an absolute path cannot be taken for an option
    if not path.is_file():
        raise UnreadableError(f"the file {path} is not there any more", "index its folder again")
    if sys.platform == "win32":
        os.startfile(path)  # noqa: S606 (no shell)
        return
    quiet = subprocess.DEVNULL
    subprocess.Popen(command(path), stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)  # noqa: S603 (no shell)
