"""What cases are asked of: a folder of documents, or documents written into the suite itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Strict(BaseModel):
    """A part of a suite: unknown keys and values of another type are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Inline(Strict):
    """A document given in the suite itself."""

    document: str = Field(min_length=1, pattern=r"^[^/\\\x00-\x1f][^\\\x00-\x1f]*\.(md|txt|html)$")
    text: str
    title: str = ""
    publisher: str = ""
    date: str = ""

    @field_validator("document")
    @classmethod
    def _below(cls, value: str) -> str:
        if ".." in PurePosixPath(value).parts:
            raise ValueError("must not leave the corpus")
        return value

    @property
    def contents(self) -> str:
        """The file's contents: front matter where there is something to put in it, and the text."""
        fields = [(name, getattr(self, name)) for name in ("title", "publisher", "date") if getattr(self, name)]
        if not fields:
            return self.text
        return "---\n" + "".join(f"{name}: {json.dumps(value)}\n" for name, value in fields) + "---\n\n" + self.text


@dataclass(frozen=True, slots=True)
class Corpus:
    """What one or more cases are asked of: a folder, or documents given inline."""

    folder: Path | None
    inline: tuple[Inline, ...] = ()

    def sha256(self) -> str:
        """Of all names and contents; the place of the folder does not count."""
        digest = hashlib.sha256()
        for name, data in sorted(self._files()):
            digest.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
        return digest.hexdigest()

    def _files(self) -> Iterator[tuple[str, bytes]]:
        if self.folder is not None:
            for path in self.folder.rglob("*"):
                if path.is_file() and not any(part.startswith(".") for part in path.relative_to(self.folder).parts):
                    yield path.relative_to(self.folder).as_posix(), path.read_bytes()
        for one in self.inline:
            yield one.document, one.contents.encode()

    def place(self, scratch: Path) -> Path:
        """The folder to index; inline documents are written below ``scratch`` first."""
        if self.folder is not None:
            return self.folder
        root = scratch / self.sha256()[:16]
        for one in self.inline:
            target = root / one.document
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(one.contents, encoding="utf-8")
        return root
