"""Plain text."""

from __future__ import annotations

from pathlib import Path

from qa.corpus.cleaning import clean
from qa.corpus.decoding import decode
from qa.corpus.frontmatter import first_line_title, front_matter, iso_date
from qa.corpus.reader import MEGABYTE, Extract


class PlainReader:
    """Text as it stands, with or without front matter."""

    suffixes = (".txt", ".text")
    limit = 64 * MEGABYTE
    """More text than this in one file is a dump, not a document: reading it would take gigabytes of memory."""

    def read(self, path: Path, data: bytes) -> Extract:  # noqa: ARG002 - the seam's signature
        """See ``Reader``."""
        fields, text = front_matter(clean(decode(data)))
        text = clean(text)
        return Extract(
            text,
            fields.get("title") or first_line_title(text),
            fields.get("publisher", ""),
            iso_date(fields.get("date", "")),
        )
