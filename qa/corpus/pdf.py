"""PDF: the text of its pages, with the offset at which each starts. The one door to `pypdfium2`."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from qa.corpus.cleaning import clean, one_line
from qa.corpus.decoding import kind
from qa.corpus.frontmatter import first_line_title, iso_date
from qa.corpus.reader import MEGABYTE, Extract
from qa.errors import UnreadableError

MAX_PAGES = 20_000
_PASSWORD = 4
"""pdfium's error code for a document that wants a password (FPDF_ERR_PASSWORD)."""
_SPLIT_WORD = re.compile(r"[\x02\ufffe](?:\r?\n)?")
"""pdfium's mark for a hyphen that only the end of the line put there."""
_MADE_BY_A_PROGRAM = re.compile(
    r"untitled|microsoft|document\d*\Z|slide|\S+\.(?:docx?|indd|tex|pptx?|xlsx?|qxd|pdf)\Z", re.IGNORECASE
)
_CREATED = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_log = logging.getLogger("qa.corpus")


class PdfReader:
    """Pages that hold text. A page that pdfium cannot read is left empty, so that the others keep their numbers."""

    suffixes = (".pdf",)
    limit = 256 * MEGABYTE

    def read(self, path: Path, data: bytes) -> Extract:
        """See ``Reader``. A scan without a text layer is refused, naming its number of pages."""
        document = _opened(data)
        try:
            pages = list(_pages(document, path))
            title, date = _metadata(document)
        finally:
            document.close()
        if not any(pages):
            count = f"{len(pages)} page" + ("s" if len(pages) != 1 else "")
            raise UnreadableError(
                f"has no text on {count}: looks scanned", "run it through OCR first, for example ocrmypdf"
            )
        text, starts = joined(pages)
        return Extract(text, title or first_line_title(text), date=date, pages=starts)


def _opened(data: bytes) -> Any:
    import pypdfium2

    if b"%PDF-" not in data[:1024]:
        raise UnreadableError(
            f"is not a PDF but {kind(data)}" if kind(data) else "is not a PDF: it does not begin like one"
        )
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise UnreadableError("is encrypted", "save a copy without a password") from error
        raise UnreadableError("is a damaged PDF: its structure cannot be read") from error
    if not 0 < len(document) <= MAX_PAGES:
        count = len(document)
        document.close()
        raise UnreadableError(f"has {count} pages: the limit is {MAX_PAGES}" if count else "has no pages")
    return document


def _pages(document: Any, path: Path) -> Iterator[str]:
    import pypdfium2

    for number in range(len(document)):
        try:
            page = document[number]
            text = page.get_textpage().get_text_bounded()
            page.close()
        except (pypdfium2.PdfiumError, ValueError) as error:
            _log.warning("%s: page %d is damaged and left out (%s)", one_line(path.name), number + 1, error)
            text = ""
        yield clean(_SPLIT_WORD.sub("", text))


def joined(pages: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """All pages as one text, and where each starts. A sentence that crosses a page break stays in one paragraph."""
    parts: list[str] = []
    starts: list[int] = []
    length, last = 0, ""
    for page in pages:
        if page and last:
            gap = "\n" if page[0].islower() and last[-1] not in ".!?:;" else "\n\n"
            parts.append(gap)
            length += len(gap)
        starts.append(length)
        parts.append(page)
        length += len(page)
        last = page or last
    return "".join(parts), tuple(starts)


def _metadata(document: Any) -> tuple[str, str]:
    """Title and day of creation, as far as a person seems to have given them."""
    found = document.get_metadata_dict()
    title = one_line(found.get("Title", ""))
    created = _CREATED.match(found.get("CreationDate", ""))
    date = iso_date("-".join(created.groups())) if created else ""
    return "" if _MADE_BY_A_PROGRAM.match(title) else title, date
