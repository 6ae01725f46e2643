"""The error tree. Each error is one line for a person: what is wrong, where, and the command that mends it.

::

    QAError                   exit 1
    ├── UsageError            exit 2    the command line is wrong
    ├── InputError            exit 1    a file or text that the user named cannot be used
    │   └── UnreadableError   exit 1    one document cannot be read; indexing goes on without it
    ├── ConfigError           exit 1
    ├── StoreError            exit 1    no index, a damaged one, a foreign folder
    │   ├── NoIndexError
    │   ├── DamagedIndexError
    │   ├── LockedError                 another process is writing
    │   └── EmbedderMismatchError
    ├── ModelError            exit 1    a model is missing, damaged, or does not answer
    │   └── ServerError                 the server behind a URL failed
    └── OfflineError          exit 1    a socket was about to be opened while offline
"""

from __future__ import annotations


class ExitCode:
    """What a process of `qa` returns; documented in the README and stable."""

    OK = 0
    ERROR = 1
    USAGE = 2
    REFUSED = 3
    UNSUPPORTED = 4
    PARTLY_INDEXED = 5
    FELL_SHORT = 6
    INTERRUPTED = 130


class QAError(Exception):
    """Base of all errors a user can meet: ``message`` names the thing and the place, ``hint`` the command that
    mends it."""

    exit_code = ExitCode.ERROR

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageError(QAError):
    """The command line, or an argument of a public function, is wrong."""

    exit_code = ExitCode.USAGE


class InputError(QAError):
    """A file or a text that the user named cannot be used."""


class UnreadableError(InputError):
    """One document cannot be read. The rest of the run goes on."""


class ConfigError(QAError):
    """The configuration file or an environment variable is wrong."""


class StoreError(QAError):
    """The index cannot be used."""


class NoIndexError(StoreError):
    """There is no index at the place."""


class DamagedIndexError(StoreError):
    """A file of the index is missing, truncated or changed."""


class LockedError(StoreError):
    """Another process is writing to the index."""


class EmbedderMismatchError(StoreError):
    """The index was made by another embedder than the one in use."""


class ModelError(QAError):
    """A model is missing, damaged, of the wrong kind, or failed."""


class ServerError(ModelError):
    """The server behind a URL failed, refused, or broke off."""


class OfflineError(QAError):
    """Something tried to open a network connection although the user asked for none."""
