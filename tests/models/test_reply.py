from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from qa.models.reply import ReplyText


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    return [data[a:b] for a, b in pairwise(places)]


def naive(text: str, stop: tuple[str, ...]) -> str:
    return text[: min((text.find(mark) for mark in stop if mark and mark in text), default=len(text))]


@given(
    st.text(alphabet="ab\né東", max_size=30),
    st.lists(st.text(alphabet="ab\n", max_size=3), max_size=3).map(tuple),
    st.lists(st.integers(0, 60), max_size=12),
)
@example("aab", ("ab",), [1, 2])
def test_any_cutting_gives_the_text_before_the_first_stop_string(text, stop, cuts):
    reply, given_out = ReplyText(stop), ""
    for piece in pieces(text.encode(), cuts):
        reply.add(piece)
        given_out += reply.fresh()
        assert naive(text, stop).startswith(given_out)
        if reply.ended:
            break
    reply.finish()
    given_out += reply.fresh(final=True)
    shortest = naive(text, stop)
    assert reply.text == given_out
    # A stop string that is complete earlier ends the reply even if another, longer one would have begun before it.
    assert reply.text == shortest or reply.text.startswith(shortest)


def test_half_a_character_waits_for_its_other_half():
    reply = ReplyText()
    reply.add("é".encode()[:1])
    assert reply.fresh() == ""
    reply.add("é".encode()[1:])
    assert reply.fresh() == "é"


def test_a_reply_that_ends_within_a_character_shows_a_mark():
    reply = ReplyText()
    reply.add(b"a\xc3")
    reply.finish()
    assert reply.text == "a\ufffd"
