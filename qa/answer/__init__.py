"""A question and passages to a checked answer: search, read, agree, write, check. ``pipeline`` is the only way in."""
