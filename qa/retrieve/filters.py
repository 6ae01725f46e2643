"""Which documents a search may look at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from qa.errors import InputError, UsageError
from qa.store import Index
from qa.types import Filters, Source

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def select(sources: Iterable[Source], filters: Filters) -> tuple[Source, ...]:
    """The sources that pass, in their order.

    A document dated by a month or a year passes when any of its days lies in the range. Raises ``InputError`` when a
    pattern fits no source at all, ``UsageError`` for a bound that is no ISO date.
    """
    every = tuple(sources)
    for pattern in filters.sources:
        if not any(matches(source, pattern) for source in every):
            raise InputError(f"no source matches {pattern!r}", "qa sources lists them")
    since, until = _bound(filters.since, "-01-01"), _bound(filters.until, "-12-31")
    named = (s for s in every if not filters.sources or any(matches(s, pattern) for pattern in filters.sources))
    return tuple(source for source in named if _in_range(source.date, since, until))


def matches(source: Source, pattern: str) -> bool:
    """Whether a pattern names a source: part of its publisher or title, part of its path, or a glob over the path;
    without case."""
    wanted = pattern.casefold()
    if any(wanted in name.casefold() for name in (source.publisher, source.title, source.path)):
        return True
    path = source.path.casefold()
    return fnmatchcase(path, wanted) or fnmatchcase(path.rsplit("/", 1)[-1], wanted)


def allowed(index: Index, filters: Filters) -> frozenset[int] | None:
    """Ids of the passages that may be found; None when nothing is restricted."""
    if filters == Filters():
        return None
    return index.passage_ids(source.path for source in select(index.sources(), filters))


def _bound(date: str, rest: str) -> str:
    """A date, completed to a day at the near or the far end of its month or year. Days are compared as text, so the
    31st serves every month."""
    if date and not _DATE.fullmatch(date):
        raise UsageError(f"{date!r} is not a date", "write 2020-01-31, 2020-01 or 2020")
    return _complete(date, rest)


def _complete(date: str, rest: str) -> str:
    return date + rest[len(date) - 4 :] if date else ""


def _in_range(date: str, since: str, until: str) -> bool:
    if not since and not until:
        return True
    first, last = _complete(date, "-01-01"), _complete(date, "-12-31")
    return bool(date) and (not since or last >= since) and (not until or first <= until)
