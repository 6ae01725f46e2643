"""Bytes to text: byte-order marks first, then UTF-8, then what is most likely."""

from __future__ import annotations

import codecs
import re

from qa.errors import UnreadableError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"GGUF", "a GGUF model"),
    (b"RIFF", "a media file"),
    (b"OggS", "a media file"),
    (b"ID3", "a media file"),
)
_SAMPLE = 1 << 16
_WESTERN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ‘’“”–—…•€£§°©®™«»¿¡½¼¾±²³ºª´·\s\x20-\x7e]*")
_STRAY = re.compile(r"[A-Za-z][¹²³¼½¾ºª¿¡£§°±][A-Za-z]")


def kind(data: bytes) -> str:
    """What the first bytes say the data is ("a JPEG image"), or an empty string for text and the unknown."""
    for magic, name in _MAGIC:
        if data.startswith(magic) and (name != "a program" or b"\0" in data[:512]):
            return name
    return ""


def decode(data: bytes, declared: str = "") -> str:
    """Text of ``data``, ``declared`` being an encoding that the file itself names. Raises ``UnreadableError`` (without
    the file's name) for empty and for binary data."""
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableError("is empty" if not data.strip() else "holds only zero bytes")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if what := kind(data):
        raise UnreadableError(f"is not text but {what}")
    if b"\0" in data[:_SAMPLE]:
        return _wide(data)
    for encoding in ("utf-8", declared):
        if (text := _strict(data, encoding)) is not None:
            return text
    return _guessed(data)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding) if encoding else None
    except (LookupError, ValueError):  # unknown name; not of this encoding
        return None


def _wide(data: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: zero bytes fall on the same places throughout."""
    sample = data[:_SAMPLE]
    zeros = [sample[i::4].count(0) / max(1, len(sample[i::4])) for i in range(4)]
    patterns = {
        "utf-32-le": (0, 1, 1, 1),
        "utf-32-be": (1, 1, 1, 0),
        "utf-16-le": (0, 1, 0, 1),
        "utf-16-be": (1, 0, 1, 0),
    }
    for encoding, pattern in patterns.items():
        if all(share > 0.7 if high else share < 0.1 for share, high in zip(zeros, pattern, strict=True)):
            return data.decode(encoding, errors="replace")
    raise UnreadableError("is not text: it holds zero bytes")


def _guessed(data: bytes) -> str:
    """Western one-byte text by its letters, the rest by `charset-normalizer`, which is weak on short Western text."""
    western = data.decode("cp1252", errors="replace")
    sample = western[:_SAMPLE]
    plausible = _WESTERN.fullmatch(sample) is not None and not _STRAY.search(sample)
    if plausible and sum(not char.isascii() for char in sample) < 0.3 * len(sample):
        return western
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    if best is not None:
        return data.decode(best.encoding, errors="replace")
    if plausible:
        return western
    raise UnreadableError("is not text in any encoding that could be recognised")
