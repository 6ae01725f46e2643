"""What workers tell the chat. Workers post these; handlers alone touch widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from qa.tui.commands import Completion
from qa.tui.passage import Context
from qa.tui.turn import Place, TurnState
from qa.types import Source


@dataclass
class Loading(Message):
    """The models are being loaded."""


@dataclass
class Loaded(Message):
    """The models are there."""

    model: str
    models: Sequence[str]
    """Names for the completion of `/model`."""


@dataclass
class LoadFailed(Message):
    """The models or the index could not be opened; the next question tries again."""

    error: str


@dataclass
class SourcesRead(Message):
    """The documents of the index, after it was opened or changed."""

    sources: Sequence[Source]
    changed: bool = False
    """Whether another process changed it meanwhile."""


@dataclass
class TurnChanged(Message):
    """A turn as it now stands."""

    state: TurnState

    def can_replace(self, message: Message) -> bool:
        """A newer picture of the same turn takes the place of one that was not shown yet."""
        return isinstance(message, TurnChanged) and message.state.id == self.state.id


@dataclass
class TurnEnded(Message):
    """The worker is done with a turn, one way or another; the next may begin."""

    id: int
    """Of the turn."""


@dataclass
class ModelChanged(Message):
    """The next question is answered by this model."""

    name: str


@dataclass
class PassageRead(Message):
    """The context of a place, ready to be shown."""

    place: Place
    context: Context
    path: str


@dataclass
class Completions(Message):
    """Proposals for the line as it was typed."""

    line: str
    proposals: Sequence[Completion]


@dataclass
class IndexProgress(Message):
    """How far the background indexing is; total 0 when unknown."""

    done: int
    total: int
    what: str


@dataclass
class IndexEnded(Message):
    """The background indexing is over: its report, or its error."""

    text: str
    failed: bool = False


@dataclass
class Notice(Message):
    """One line for the user; ``failed`` when it is an error."""

    text: str
    failed: bool = False
