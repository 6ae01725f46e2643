"""Answers from your own documents, every sentence cited to an exact span and checked."""

__version__ = "0.1.0"
