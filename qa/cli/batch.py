"""Files of questions, one JSON object a line; checked whole before the first is answered."""

from __future__ import annotations

import json
from pathlib import Path

from qa.answer.pipeline import MAX_QUESTION
from qa.errors import InputError


def read_batch(path: Path) -> list[tuple[str, str]]:
    """(id, question) of each line that is not blank. Raises ``InputError`` naming file and line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text (byte {error.start})", "save it as UTF-8") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    return [_line(path, number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _line(path: Path, number: int, line: str) -> tuple[str, str]:
    try:
        item = json.loads(line)
    except ValueError as error:
        raise InputError(f"{path}:{number}: not JSON: {error}") from error
    except RecursionError as error:
        raise InputError(f"{path}:{number}: nested too deeply") from error
    question = item.get("question") if isinstance(item, dict) else None
    if not isinstance(question, str) or not question.strip():
        raise InputError(f'{path}:{number}: there is no "question"', 'each line is {"id": "…", "question": "…"}')
    if len(question) > MAX_QUESTION:
        raise InputError(f"{path}:{number}: the question has {len(question):,} characters, at most {MAX_QUESTION:,}")
    return str(item.get("id", number)), question
