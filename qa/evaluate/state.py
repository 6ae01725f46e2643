"""Finished cases on disk, so that an interrupted run goes on where it stopped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from qa.errors import InputError
from qa.evaluate.observe import Observed
from qa.evaluate.outcome import Outcome, from_json, to_json


class State:
    """A JSONL file of finished cases by key. A line that an interruption cut short is ignored; None keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._rows: dict[str, Any] = {}
        if path is not None and path.is_file():
            self._rows = dict(_read(path))

    def get(self, key: str) -> tuple[Outcome, Observed, float] | None:
        """Outcome, measurement and milliseconds of a finished case."""
        row = self._rows.get(key)
        if row is None:
            return None
        try:
            seen = Observed(row["scores"], row["right"], tuple(row["failures"]))
            return from_json(row["outcome"]), seen, float(row["ms"])
        except (ValidationError, KeyError, TypeError):
            return None

    def put(self, key: str, outcome: Outcome, seen: Observed, ms: float) -> None:
        """Keep a finished case, at once."""
        if self._path is None:
            return
        row = {"key": key, "outcome": to_json(outcome), "scores": dict(seen.scores), "right": seen.right}
        line = json.dumps(row | {"failures": seen.failures, "ms": ms}, ensure_ascii=True)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                # The line end comes first as well: it closes a line that an interruption left open.
                file.write(f"\n{line}\n")
        except OSError as error:
            message = f"finished cases cannot be kept in {self._path}: {error.strerror}"
            raise InputError(message, "name another file with --state") from error

    def clear(self) -> None:
        """Forget everything: the run is complete."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)


def _read(path: Path) -> list[tuple[str, Any]]:
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
        try:
            row = json.loads(line)
            found.append((row["key"], row))
        except (ValueError, KeyError, TypeError):
            continue
    return found
