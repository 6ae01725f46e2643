"""Files to documents, documents to sentences and passages."""

from qa.corpus.discovery import discover
from qa.corpus.reading import read

__all__ = ["discover", "read"]
