"""What is asked about each passage, and which passages are worth asking about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from qa.answer.confidence import log_odds
from qa.answer.instructions import plain_sentences
from qa.answer.locate import text_of
from qa.answer.pointing import View, views
from qa.answer.question import Question
from qa.corpus.cleaning import clean
from qa.models.seams import Request
from qa.models.sighting import UNSEEN
from qa.resources import REFUSAL, prompt
from qa.types import Hit, Passage

if TYPE_CHECKING:
    from qa.models.seams import Generator, Locator

MAX_ANSWER_TOKENS = 32
"""Of a read answer: the longest of a hundred SQuAD answers has about 25."""
LIFT = 0.5
"""Of the reranker's log-odds that a passage answers, beside the span reader's log-probability of the likeliest
place."""
PROMISE = -6.0
"""Of both together, what a passage must have to be read at first, unless the reranker gives it ``HELD`` or more. Of
6,496 passages found for 812 questions 58 in a hundred are not read at first, with 20 of the 656 right readings
(``training/first_look.py``); what is decided, each set left out in turn, is the same as at -10, where 34 in a hundred
are not."""
LEAST_PROMISE = -12.0
"""What it must have to be read after all, where the others hold no answer: 24 in a hundred of the same are not, with
none of the right readings. So of 499 questions that some passage was read rightly for, the two bounds and the next
leave two without one."""
HELD = 0.5
"""The reranker's probability, from which a passage is read whatever the span reader sees in it."""
FAR_BESIDE = 0.025
"""The reranker's probability, below which no other reader looks at a passage: 11 in a hundred of the same, with 1 of
the right readings."""
TEMPLATE_TOKENS = 32
"""Kept free for the chat template around a prompt and for the refusal that is scored beside it."""


class Readers(Protocol):
    """As much of an engine as reading needs."""

    @property
    def generator(self) -> Generator:
        """The first reader."""
        ...

    @property
    def locator(self) -> Locator | None:
        """The second; None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A passage on its way: what the generator is asked about it, and what the span reader saw in it."""

    hit: Hit
    request: Request
    view: View | None


def asked_of(readers: Readers, question: Question, hits: Sequence[Hit]) -> list[Asked]:
    """One a hit, in order. The span reader looks first, beside a trained generator only at what the reranker does not
    hold for far beside: where it points, such a generator says how likely that is. Raises what the span reader
    raises."""
    requests = [request_of(question, hit) for hit in hits]
    if readers.locator is None or question.kind == "yesno":
        return [Asked(hit, request, None) for hit, request in zip(hits, requests, strict=True)]
    trained = readers.generator.info.trained_reader
    looked = [i for i, hit in enumerate(hits) if not (trained and _far_beside(hit))]
    found = views(readers.locator, _flat(question.text), [_shown(hits[i]) for i in looked])
    seen = dict(zip(looked, found, strict=True))
    if trained:
        for i, view in seen.items():
            offered = dict.fromkeys((*requests[i].candidates, *_short(readers.generator, view.places)))
            requests[i] = replace(requests[i], candidates=tuple(offered))
    return [Asked(hit, request, seen.get(i)) for i, (hit, request) in enumerate(zip(hits, requests, strict=True))]


def _far_beside(hit: Hit) -> bool:
    """Whether the reranker holds that the passage has nothing to do with the question; never where it did not look."""
    rerank = hit.ranks.get("rerank")
    return rerank is not None and rerank.score < FAR_BESIDE


def _short(generator: Generator, places: Sequence[str]) -> list[str]:
    """Those that the generator could reply with: to the span reader a run of letters of any length is one token, and as
    a candidate it would not fit the context."""
    return [place for place in places if generator.count_tokens(place) <= MAX_ANSWER_TOKENS]


def request_of(question: Question, hit: Hit) -> Request:
    """The passage and the question as the reader was trained to see them, and how likely a refusal is."""
    task = prompt("yesno" if question.kind == "yesno" else "read")
    shown = dict(zip(("title", "passage"), _shown(hit), strict=True))
    user, prefix = task.fill(**shown, question=_flat(question.text)), task.begin(**shown)
    return Request(task.system, user, MAX_ANSWER_TOKENS, stop=("\n",), candidates=(REFUSAL,), prefix=prefix)


def _shown(hit: Hit) -> tuple[str, str]:
    """Title and text as both readers see them."""
    return _flat(hit.source.title), _flat(_quoted(hit.passage))


def _quoted(passage: Passage) -> str:
    """The passage's text, less the sentences that speak to the program that reads it."""
    kept = plain_sentences(passage)
    if len(kept) == len(passage.sentences):
        return passage.text
    return " ".join(text_of(passage, span) for span in kept)


def _flat(text: str) -> str:
    """One line without control characters, so that no text can end its place in the prompt."""
    return " ".join(clean(text).split())


def fits(generator: Generator, request: Request) -> bool:
    """Whether the request and its reply have room in the model's context."""
    needed = generator.count_tokens(request.system) + generator.count_tokens(request.user)
    return needed + request.max_tokens + TEMPLATE_TOKENS <= generator.info.context


def passes(asked: Asked, least: float = PROMISE) -> bool:
    """Whether those that looked at the passage already hold that it has no answer: the reranker next to certainly, or
    the span reader and the reranker promise less than ``least``. What the reranker did not look at is read, and what
    it holds for likelier than not."""
    promised = promise(asked)
    if promised is None:
        return _far_beside(asked.hit)
    return asked.hit.ranks["rerank"].score < HELD and promised < least


def promise(asked: Asked) -> float | None:
    """What the span reader's likeliest place and the reranker together promise of the passage, a log-probability beside
    log-odds; None where one of them did not look."""
    rerank = asked.hit.ranks.get("rerank")
    if rerank is None or asked.view is None:
        return None
    pointed = max(map(asked.view.likelihood, asked.view.places), default=UNSEEN)
    return pointed + LIFT * log_odds(rerank.score)
