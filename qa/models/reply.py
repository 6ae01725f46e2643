"""The text of one reply as its tokens come: bytes to characters, stop strings, limits."""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class ReplyText:
    """Assembles a reply from the bytes of its tokens; a character or a stop string may lie across several of them."""

    def __init__(self, stop: Sequence[str] = ()) -> None:
        self.text = ""
        self.ended = False
        self._stop = tuple(mark for mark in stop if mark)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._given = 0

    def add(self, piece: bytes) -> None:
        """Append one token's bytes; at a complete stop string ``ended`` turns true and ``text`` ends before it."""
        self._append(self._decoder.decode(piece))

    def finish(self) -> None:
        """No more tokens come."""
        self._append(self._decoder.decode(b"", final=True))

    def fresh(self, *, final: bool = False) -> str:
        """The text not given yet, short of what could still become a stop string."""
        end = len(self.text) if final or self.ended else len(self.text) - self._held()
        piece = self.text[self._given : end]
        self._given = max(self._given, end)
        return piece

    def _append(self, new: str) -> None:
        if self.ended or not new:
            return
        start = max(0, len(self.text) - max((len(mark) for mark in self._stop), default=0))
        self.text += new
        found = [at for at in (self.text.find(mark, start) for mark in self._stop) if at >= 0]
        if found:
            self.text = self.text[: min(found)]
            self.ended = True

    def _held(self) -> int:
        longest = max((len(mark) for mark in self._stop), default=1) - 1
        for length in range(min(longest, len(self.text)), 0, -1):
            if any(mark.startswith(self.text[-length:]) for mark in self._stop):
                return length
        return 0
