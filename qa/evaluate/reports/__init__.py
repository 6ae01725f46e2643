"""One evaluation as a table, JSON, JUnit XML, Markdown or an HTML page. Each module has ``text(result)``; ``write``
puts several on disk.

What a report says depends on the results alone: no clock, no machine, so that equal runs give equal files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from qa.errors import InputError
from qa.evaluate.reports import html, json_report, junit, markdown
from qa.evaluate.result import EvalResult

FORMATS = {"json": json_report.text, "junit": junit.text, "md": markdown.text, "html": html.text}


def write(result: EvalResult, paths: Mapping[str, Path]) -> None:
    """Write each named format to its file, making folders. Raises ``InputError`` when a file cannot be written."""
    for name, path in paths.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(FORMATS[name](result), encoding="utf-8", newline="\n")
        except OSError as error:
            raise InputError(f"the report {path} cannot be written: {error.strerror}", "name another file") from error
