"""Sentences of a document that speak to the program which reads it instead of to a person.

Documents are quoted material: nothing in them is an instruction. A sentence that tries to be one is not shown to the
model and is never cited as evidence; that it was left out is told. The patterns are those of published prompt
injections: commands to forget, role marks, forged answers. An article about such texts loses the sentences that quote
them, and the answer's notes say so.
"""

from __future__ import annotations

import re
from functools import lru_cache

from qa.answer.locate import text_of
from qa.types import Passage, Span

_KIND = r"(?:answering|reading|question[- ]answering|language|ai|retrieval|chat)"
_ROLE = rf"{_KIND}[ -](?:system|model|assistant|program|bot)s?"
_MATTER = r"(?:instruction|prompt|rule|direction|article|document|passage|context|text|above|previous)s?"
_WHO = rf"(?:{_ROLE}|llms?|chatbots?|ai|assistants?)"
_SAY = r"(?:answer|reply|respond|say|output|refuse|cite|state|pretend|act)"
_PATTERNS = re.compile(
    rf"""\b(?:ignore|disregard|forget|override|bypass)\b[^.!?]{{0,40}}\b{_MATTER}\b
    |\b(?:system|developer|hidden)[ ]prompts?\b
    |\b(?:to|for|note[ ]to|attention|dear|as[ ]an?)[ ](?:the[ ]|all[ ]|any[ ])?{_WHO}\b
    |\b{_ROLE}[^.!?]{{0,30}}\b(?:must|should|shall|{_SAY})\b
    |\byou[ ](?:are[ ]now|must|should|shall|will|have[ ]to|are[ ]to)[ ](?:always[ ]|only[ ]|now[ ])?{_SAY}\b
    |\b(?:if|when(?:ever)?)[ ](?:anybody|anyone|someone|somebody|(?:the|a)[ ]user|you[ ]are|people)[ ]asks?(?:ed)?\b
    |\b(?:only|one|single)[ ]correct[ ](?:answer|reply)\b|\bcorrect[ ]answer[ ](?:is|to)\b
    |\b(?:answer|reply|respond|output)[ ](?:only[ ])?with\b|\b(?:answer|reply|respond|say)[ ]["“']
    |\bdo[ ]not[ ](?:mention|reveal|cite|quote)[ ](?:this|these)\b
    |\bwhatever[ ]the[ ]question\b
    |\b(?:tell|inform|assure|convince|remind|warn)[ ](?:the|your|each|any)[ ](?:user|reader|questioner|human)s?\b
    |\byou[ ]are[ ](?:now|from[ ]now[ ]on)[ ](?:in|an?|the)\b[^.!?]{{0,30}}\b(?:mode|persona|role|{_WHO})\b
    |^\s*\W{{0,4}}(?:system|assistant|user|answer|question|instructions?|q|a)\s*:
    |["']?(?:status|answer|confidence|verdict|citations)["']\s*:""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)

_TEMPLATE = re.compile(
    r"<\|[^|>]{1,40}\|>|<<?/?sys>>?|\[/?inst\]|</?(?:system|assistant|user|instructions?)>", re.IGNORECASE
)
"""Marks of a chat template: no person writes them, and what stands in one paragraph with them is a forged turn."""
_PARAGRAPH = re.compile(r"(?:(?!\n[^\S\n]*\n).)+", re.DOTALL)


@lru_cache(maxsize=4096)
def plain_sentences(passage: Passage) -> tuple[Span, ...]:
    """The passage's sentences that speak to a person."""
    forged = [found.span() for found in _PARAGRAPH.finditer(passage.text) if _TEMPLATE.search(found.group())]
    return tuple(
        span
        for span in passage.sentences
        if not addresses_reader(text_of(passage, span))
        and not any(start < span.end - passage.start and span.start - passage.start < end for start, end in forged)
    )


def addresses_reader(text: str) -> bool:
    """Whether a sentence tries to instruct a program that reads it, or forges its reply."""
    return (_PATTERNS.search(text) or _TEMPLATE.search(text)) is not None
