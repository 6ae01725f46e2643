import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.corpus.decoding import decode, kind
from qa.errors import UnreadableError

GERMAN = "Die Größe der Brücke überrascht, sagte der Prüfer am Dienstag."
RUSSIAN = "Президент сказал, что морские пехотинцы прибыли в Багдад во вторник. Это было важно для всех."


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (GERMAN.encode(), GERMAN),
        (codecs.BOM_UTF8 + GERMAN.encode(), GERMAN),
        (codecs.BOM_UTF16_LE + GERMAN.encode("utf-16-le"), GERMAN),
        (codecs.BOM_UTF16_BE + GERMAN.encode("utf-16-be"), GERMAN),
        (codecs.BOM_UTF32_LE + GERMAN.encode("utf-32-le"), GERMAN),
        (codecs.BOM_UTF32_BE + GERMAN.encode("utf-32-be"), GERMAN),
        (GERMAN.encode("utf-16-le"), GERMAN),
        (GERMAN.encode("utf-16-be"), GERMAN),
        (GERMAN.encode("utf-32-be"), GERMAN),
        (GERMAN.encode("latin-1"), GERMAN),
        ("“Größe” – 5 €…".encode("cp1252"), "“Größe” – 5 €…"),
        ("café".encode("latin-1"), "café"),
        (RUSSIAN.encode("cp1251"), RUSSIAN),
        ("図書館で会いました。彼は来なかった。".encode("shift_jis"), "図書館で会いました。彼は来なかった。"),
        ("Zażółć gęślą jaźń. To było wczoraj w Łodzi.".encode("cp1250"), "Zażółć gęślą jaźń. To było wczoraj w Łodzi."),
        (b"BM is not always a bitmap, MZ not a program", "BM is not always a bitmap, MZ not a program"),
        (b"MZ is text here", "MZ is text here"),
    ],
)
def test_encodings(data, expected):
    assert decode(data) == expected


def test_a_declared_encoding_is_used_when_it_fits():
    assert decode("Łódź".encode("iso-8859-2"), "iso-8859-2") == "Łódź"
    assert decode("Łódź".encode(), "no-such-encoding") == "Łódź"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \r\n\t", "is empty"),
        (bytes(4096), "holds only zero bytes"),
        (b"\xff\xd8\xff\xe0picture", "is not text but a JPEG image"),
        (b"PK\x03\x04rest", "is not text but a ZIP archive or an Office document"),
        (b"%PDF-1.7", "is not text but a PDF"),
        (b"abc\x00\x01\x02def\x00xyz" * 9, "is not text: it holds zero bytes"),
    ],
)
def test_what_is_no_text(data, reason):
    with pytest.raises(UnreadableError) as caught:
        decode(data)
    assert caught.value.message == reason


@given(st.text(min_size=1).filter(lambda text: text.strip("\0 \t\r\n") and "\0" not in text))
def test_utf8_is_always_read_as_utf8(text):
    data = text.encode()
    if not kind(data) and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        assert decode(data) == text


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_reason(data):
    try:
        assert isinstance(decode(data), str)
    except UnreadableError as error:
        assert error.message.startswith(("is ", "holds "))  # noqa: PT017 - either outcome is right
