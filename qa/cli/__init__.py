"""The command line: reads arguments, calls one function, prints what comes back. No logic."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from qa.errors import ExitCode


def main() -> None:
    """Entry point of ``qa``: runs the command and ends the process with a documented exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; the exit code. Every error becomes one line on stderr; with QA_DEBUG=1, a fault is raised."""
    for stream in (sys.stdout, sys.stderr):
        _replace_what_the_encoding_lacks(stream)
    try:
        from qa.cli.app import app

        result = app(arguments, standalone_mode=False, prog_name="qa")
        if result == ExitCode.INTERRUPTED:  # typer's own, when Ctrl-C came before a command ran
            raise KeyboardInterrupt
        sys.stdout.flush()  # a full disk or a reader that left shows here, not when Python ends
    except (Exception, KeyboardInterrupt) as error:
        # A reader that left and Ctrl-C arrive inside Stopped, because typer would end the process for them.
        cause = error.__cause__ if type(error).__name__ == "Stopped" and error.__cause__ else error
        if os.environ.get("QA_DEBUG") and not isinstance(cause, KeyboardInterrupt | BrokenPipeError):
            raise
        return _end(cause)
    return result if isinstance(result, int) else ExitCode.OK


def _replace_what_the_encoding_lacks(stream: object) -> None:
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")


def _end(error: BaseException) -> int:
    """Tell the error in one line; the exit code."""
    from qa.cli.console import complain

    code, line = _told(error)
    if isinstance(error, OSError):
        _abandon(sys.stdout)
    if line:
        complain(line)
    return code


def _told(error: BaseException) -> tuple[int, str]:
    """Exit code and line for a person; an empty line where there is nothing to say."""
    import typer

    from qa.errors import QAError

    match error:
        case KeyboardInterrupt() | typer.Abort():
            told = ExitCode.INTERRUPTED, "interrupted"
        case typer.TyperException():
            told = ExitCode.USAGE, _usage(error)
        case QAError():
            told = error.exit_code, str(error)
        case BrokenPipeError():
            told = ExitCode.OK, ""
        case OSError():
            told = ExitCode.ERROR, f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
        case MemoryError():
            advice = "close other programs, or use a smaller model or --top-k"
            told = ExitCode.ERROR, f"there is not enough memory for this ({advice})"
        case _:
            advice = "this is a fault of qa: run again with QA_DEBUG=1 and report what it prints"
            told = ExitCode.ERROR, f"unexpected {type(error).__name__}: {error} ({advice})"
    return told


def _usage(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "qa"
    told = error.format_message() if hasattr(error, "format_message") else str(error)
    return f"{told} (see: {command} --help)"


def _abandon(stream: TextIO) -> None:
    """Let what could not be written go: Python would try again at its end, and fail loudly."""
    try:
        stream.flush()
    except (OSError, ValueError):
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, stream.fileno())
        os.close(devnull)
