"""Files that ship with the package: prompts, the sample corpus, trained weights. One way to find them, in a wheel
and in a checkout."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template

from qa.errors import QAError

REFUSAL = "not found"
"""The one phrase by which a model says that a passage holds no answer: in the prompts, in training, and in the code
that reads replies."""

_PACKAGE = Path(__file__).parent
_PLACEHOLDERS: dict[str, frozenset[str]] = {
    "read": frozenset({"title", "passage", "question"}),
    "yesno": frozenset({"title", "passage", "question"}),
    "support": frozenset({"premise", "claim"}),
    "write": frozenset({"question", "evidence"}),
    "standalone": frozenset({"conversation", "question"}),
}


def folder(name: str) -> Path:
    """The packaged folder `prompts` or `seeds`. Raises ``QAError`` when the installation lacks it."""
    for place in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise QAError(f"the folder {name} is missing from this installation of qa", "install qa again")


def weights(name: str) -> Path | None:
    """A trained weight file that ships with the package, or None when this build has none."""
    path = _PACKAGE / "weights" / name
    return path if path.is_file() else None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A task's two texts; ``user`` is a ``string.Template``, filled in one pass so that documents may hold any
    braces."""

    name: str
    system: str
    user: str

    def fill(self, **values: str) -> str:
        """The user text with every placeholder replaced. Values are never scanned for placeholders themselves."""
        return Template(self.user).substitute(values)

    def begin(self, **values: str) -> str:
        """The whole lines of the filled user text before the first placeholder that has no value here."""
        for found in Template.pattern.finditer(self.user):
            if (name := found["named"] or found["braced"]) and name not in values:
                lines, line_end, _ = self.user[: found.start()].rpartition("\n")
                return Template(lines + line_end).substitute(values)
        return self.fill(**values)


@lru_cache
def prompt(name: str) -> Prompt:
    """Load a prompt and check that it names exactly its task's placeholders."""
    path = folder("prompts") / f"{name}.txt"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise QAError(f"the prompt {path} cannot be read: {error.strerror}", "install qa again") from error
    system, separator, user = text.partition("\n---\n")
    found = frozenset(re.findall(r"\$\{?([a-z]+)", user))
    if not separator or found != _PLACEHOLDERS[name]:
        wanted = ", ".join(sorted(_PLACEHOLDERS[name]))
        raise QAError(
            f"the prompt {path} must hold a line '---' and, below it, exactly the placeholders {wanted}",
            "install qa again",
        )
    return Prompt(name, system.strip(), user.strip())


@lru_cache
def prompts_sha256() -> str:
    """One hash over all prompt files, names included; part of every answer."""
    digest = hashlib.sha256()
    for path in sorted(folder("prompts").glob("*.txt")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
