"""The command line: reads arguments, calls one function, prints what comes back. No logic."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Entry point of ``qa``: runs the command and ends the process with a documented exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; the exit code. Every error becomes one line on stderr."""
    import click

    from qa.cli.app import app
    from qa.cli.console import complain
    from qa.errors import ExitCode, QAError

    debug = bool(os.environ.get("QA_DEBUG"))
    try:
        result = app(arguments, standalone_mode=False, prog_name="qa")
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, click.exceptions.Abort):
        complain("interrupted")
        return ExitCode.INTERRUPTED
    except click.ClickException as error:
        complain(_usage(error))
        return ExitCode.USAGE
    except QAError as error:
        if debug:
            raise
        complain(str(error))
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output left; nothing is wrong. Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except OSError as error:
        if debug:
            raise
        complain(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
        return ExitCode.ERROR
    except MemoryError:
        complain("there is not enough memory for this (close other programs, or use a smaller model or --top-k)")
        return ExitCode.ERROR
    except Exception as error:
        if debug:
            raise
        complain(
            f"unexpected {type(error).__name__}: {error} (this is a fault of qa: run again with QA_DEBUG=1 and report what it prints)"
        )
        return ExitCode.ERROR
    return result if isinstance(result, int) else ExitCode.OK


def _usage(error: object) -> str:
    import click

    assert isinstance(error, click.ClickException)
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "qa"
    return f"{error.format_message()} (see: {command} --help)"
