"""Files made on the spot: text in any encoding, and PDFs written byte by byte."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from qa.corpus import read
from qa.types import Document

# A busy machine is no failure of the code.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

ReadBytes = Callable[[str, bytes], Document]
MakePdf = Callable[..., bytes]


@pytest.fixture
def read_bytes(tmp_path: Path) -> ReadBytes:
    def make(name: str, data: bytes) -> Document:
        path = tmp_path / name
        path.write_bytes(data)
        return read(path, name)

    return make


def _content(lines: Sequence[str]) -> bytes:
    shown = (line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines)
    return b"BT /F1 12 Tf 72 720 Td 14 TL " + b" ".join(f"({line}) Tj T*".encode("latin-1") for line in shown) + b" ET"


def _pdf(pages: Sequence[Sequence[str]], *, info: str = "", trailer: str = "", broken: Sequence[int] = ()) -> bytes:
    """A PDF with one page per list of lines; pages in ``broken`` (from 0) are no page objects."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, lines in enumerate(pages):
        page = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * i} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        stream = _content(lines)
        objects.append(b"(not a page)" if i in broken else page.encode())
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    if info:
        objects.append(info.encode())
        trailer += f" /Info {len(objects)} 0 R"
    return _file(objects, trailer)


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    size = len(objects) + 1
    end = f"trailer << /Size {size} /Root 1 0 R{trailer} >>\nstartxref\n{len(data)}\n%%EOF\n".encode()
    return data + f"xref\n0 {size}\n0000000000 65535 f \n".encode() + table + end


@pytest.fixture
def make_pdf() -> MakePdf:
    return _pdf
