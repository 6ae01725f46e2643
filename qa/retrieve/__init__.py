"""From a question to the passages that may answer it, each with the reason why it was found."""

from qa.retrieve.filters import select
from qa.retrieve.hybrid import dense_only, lexical_only, search

__all__ = ["dense_only", "lexical_only", "search", "select"]
