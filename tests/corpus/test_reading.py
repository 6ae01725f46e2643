import hashlib
import os
from pathlib import Path

import pytest

from qa.corpus import read
from qa.corpus.plain import PlainReader
from qa.corpus.reader import Reader, readers
from qa.corpus.web import WebReader
from qa.errors import UnreadableError


def test_name_hash_and_title(tmp_path):
    path = tmp_path / "note.txt"
    path.write_bytes(b"Gate burned\r\n\r\nA crowd burned the gate.")
    document = read(path, "notes/note.txt")
    assert (document.path, document.title) == ("notes/note.txt", "Gate burned")
    assert document.text == "Gate burned\n\nA crowd burned the gate."
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (document.publisher, document.date, document.pages) == ("", "", ())


def test_front_matter_of_plain_text_is_not_text(read_bytes):
    document = read_bytes("a.txt", b"---\ntitle: T\npublisher: P\ndate: 31 December 2019\n---\n\nBody text.")
    assert (document.title, document.publisher, document.date, document.text) == ("T", "P", "2019-12-31", "Body text.")


def test_control_characters_in_the_title_and_the_file_name(tmp_path):
    path = tmp_path / "ev\x1b[31mil.txt"
    path.write_bytes(b"---\ntitle: red \x1b[31malert\n---\ntext")
    assert read(path, "x").title == "red alert"
    path.write_bytes(b"")
    with pytest.raises(UnreadableError) as caught:
        read(path, str(path.name))
    assert str(caught.value) == "evil.txt is empty"


def test_a_file_of_an_unknown_suffix_is_tried_as_text(read_bytes):
    assert read_bytes("server.log", b"plain words").text == "plain words"
    with pytest.raises(UnreadableError, match=r"^report\.docx is not text but a ZIP archive or an Office document$"):
        read_bytes("report.docx", b"PK\x03\x04" + bytes(100))


@pytest.mark.parametrize("suffix", sorted(readers()))
def test_an_empty_file_and_a_file_of_zeros(read_bytes, suffix):
    for data in (b"", bytes(10_000)):
        with pytest.raises(UnreadableError, match=rf"^a\{suffix} (is|holds) "):
            read_bytes(f"a{suffix}", data)


@pytest.mark.parametrize("data", [b"...\n---\n***", b"\xc2\xa0 \xe2\x80\x8b"])
def test_a_file_without_a_letter(read_bytes, data):
    with pytest.raises(UnreadableError, match=r"^a\.txt holds no text$"):
        read_bytes("a.txt", data)


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(UnreadableError, match=r"^gone\.txt cannot be opened: No such file"):
        read(tmp_path / "gone.txt", "gone.txt")
    with pytest.raises(UnreadableError, match=r"^folder is a folder, not a file"):
        read(tmp_path, "folder")


def test_no_right_to_read(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("text")

    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableError, match=r"^a\.txt cannot be opened: Permission denied$"):
        read(path, "a.txt")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(UnreadableError, match=r"^pipe\.txt is not a regular file$"):
        read(tmp_path / "pipe.txt", "pipe.txt")


def test_a_file_over_the_limit_is_not_even_loaded(tmp_path):
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    with pytest.raises(UnreadableError, match=r"^big\.txt is too large: 200 MB, the limit is 64 MB \(split it\)$"):
        read(path, "big.txt")


def test_a_foreign_parser_that_fails_gives_one_line(read_bytes, monkeypatch):
    monkeypatch.setattr("qa.corpus.web._extract", lambda source: 1 / 0)
    with pytest.raises(UnreadableError, match=r"^a\.html cannot be read as HTML: division by zero$"):
        read_bytes("a.html", b"<p>text</p>")


@pytest.mark.parametrize("reader", sorted(set(readers().values()), key=lambda one: one.suffixes))
def test_every_reader_keeps_the_contract(reader: Reader):
    assert reader.suffixes
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in reader.suffixes)
    assert reader.limit > 0
    for data in (b"\xff\xd8\xff\xe0", bytes(100), b"PK\x03\x04"):
        with pytest.raises(UnreadableError) as caught:
            reader.read(Path("x"), data)
        assert caught.value.message.startswith(("is ", "holds ", "has ", "cannot "))


def test_suffixes_find_their_reader():
    assert isinstance(readers()[".txt"], PlainReader)
    assert isinstance(readers()[".xhtml"], WebReader)
    assert {".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf"} <= set(readers())
