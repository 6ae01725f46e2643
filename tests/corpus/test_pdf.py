import pytest

from qa.corpus.passages import windows
from qa.corpus.pdf import joined
from qa.errors import UnreadableError


def test_text_and_page_offsets(read_bytes, make_pdf):
    pages = [["Embassy report", "", "The gate was burned."], ["Marines came on Tuesday."], ["Nobody was killed."]]
    document = read_bytes("report.pdf", make_pdf(pages))
    assert [document.text[at : at + 6] for at in document.pages] == ["Embass", "Marine", "Nobody"]
    assert document.pages[0] == 0
    assert document.title == "Embassy report"


def test_a_passage_knows_its_page(read_bytes, make_pdf):
    document = read_bytes("report.pdf", make_pdf([["First page says this."], [], ["Third page says that."]]))
    passages = windows(document, lambda texts: [20 * len(text.split()) for text in texts], 256, target=60)
    assert [(passage.text, passage.page) for passage in passages] == [
        ("First page says this.", 1),
        ("Third page says that.", 3),
    ]


def test_a_sentence_over_a_page_break_stays_whole():
    text, starts = joined(["The Marines were", "sent to Baghdad.", "", "They came."])
    assert text == "The Marines were\nsent to Baghdad.\n\nThey came."
    assert starts == (0, 17, 33, 35)


def test_title_and_date_from_the_metadata(read_bytes, make_pdf):
    info = "<< /Title (Siege of the embassy) /CreationDate (D:20200102103000Z) >>"
    document = read_bytes("x.pdf", make_pdf([["Some text here."]], info=info))
    assert (document.title, document.date) == ("Siege of the embassy", "2020-01-02")


@pytest.mark.parametrize("title", ["Microsoft Word - draft.doc", "untitled", "report_v3.docx"])
def test_a_title_made_by_a_program_is_no_title(read_bytes, make_pdf, title):
    document = read_bytes("siege.pdf", make_pdf([["The text of it."]], info=f"<< /Title ({title}) >>"))
    assert document.title == "siege"


def test_a_damaged_page_is_left_out_and_the_others_keep_their_numbers(read_bytes, make_pdf, caplog):
    data = make_pdf([["First page."], ["Second page."], ["Third page."]], broken=[1])
    document = read_bytes("x.pdf", data)
    assert document.text == "First page.\n\nThird page."
    assert document.pages == (0, 11, 13)
    assert "x.pdf: page 2 is damaged and left out" in caplog.text


def test_a_scan_is_refused_with_its_number_of_pages(read_bytes, make_pdf):
    with pytest.raises(UnreadableError, match=r"^scan\.pdf has no text on 2 pages: looks scanned \(run it through OCR"):
        read_bytes("scan.pdf", make_pdf([[], []]))


def test_an_encrypted_file_says_so(read_bytes, make_pdf):
    secret = "<" + "41" * 32 + ">"
    encryption = f" /Encrypt << /Filter /Standard /V 1 /R 2 /O {secret} /U {secret} /P -4 >> /ID [<00> <00>]"
    with pytest.raises(UnreadableError, match=r"^secret\.pdf is encrypted"):
        read_bytes("secret.pdf", make_pdf([["Secret."]], trailer=encryption))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xd8\xff\xe0" + b"picture" * 50, "is not a PDF but a JPEG image"),
        (b"\x00" * 5000, "is not a PDF: it does not begin like one"),
        (b"%PDF-1.7\nnothing else", "is a damaged PDF: its structure cannot be read"),
        (b"", "is empty"),
    ],
)
def test_what_is_no_pdf(read_bytes, data, reason):
    with pytest.raises(UnreadableError) as caught:
        read_bytes("x.pdf", data)
    assert caught.value.message == f"x.pdf {reason}"


def test_truncated_anywhere_never_fails_otherwise(read_bytes, make_pdf):
    data = make_pdf([["First page."], ["Second page."]])
    for end in range(0, len(data), 97):
        try:
            document = read_bytes("x.pdf", data[:end])
        except UnreadableError as error:
            assert error.message.startswith("x.pdf ")  # noqa: PT017 - either outcome is right
        else:
            assert "page" in document.text
