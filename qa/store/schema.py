"""The tables of a catalogue."""

SCHEMA = """
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL UNIQUE, title TEXT NOT NULL, publisher TEXT NOT NULL, date TEXT NOT NULL,
    sha256 TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,
    characters INTEGER NOT NULL, passages INTEGER NOT NULL, pages TEXT NOT NULL,
    copies TEXT NOT NULL, signature BLOB NOT NULL, text TEXT NOT NULL);
CREATE INDEX documents_copies ON documents (copies);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents (id),
    start INTEGER NOT NULL, stop INTEGER NOT NULL, page INTEGER, sentences TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX passages_document ON passages (document);
CREATE TABLE sketches (hash INTEGER NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (hash, document)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (title, text, content='', tokenize='porter unicode61 remove_diacritics 2');
"""
