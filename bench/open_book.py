"""Writes a suite of public questions over all their passages: the corpus is every distinct passage, so the product
must find before it reads.

    python bench/open_book.py FOLDER [--rows N]      then      qa eval FOLDER/squad2.jsonl
                                                               qa calibrate FOLDER/squad2.jsonl --out confidence.json

The data is looked for in the folder that QA_DATA names, else in ../shared/data; without it the script says so and ends.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import sys
from pathlib import Path
from typing import Any

from qa.corpus.cleaning import clean
from qa.corpus.sentences import split


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=0, help="at most this many questions, drawn with a fixed seed")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    data = Path(os.environ.get("QA_DATA", "../shared/data")) / "qa_dev.jsonl.gz"
    if not data.is_file():
        print(f"skipped: {data} is not there (set QA_DATA)", file=sys.stderr)
        return 0
    with gzip.open(data, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["origin"] == "squad2"]
    write(asked.folder, rows, asked.rows, asked.seed)
    return 0


def write(folder: Path, rows: list[dict[str, Any]], limit: int, seed: int) -> None:
    """Corpus, cases and head."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    names: dict[str, str] = {}
    for row in rows:
        if row["passage"] not in names:
            names[row["passage"]] = f"{len(names):04}.md"
            head = f"---\ntitle: {row['title']}\n---\n\n"
            (corpus / names[row["passage"]]).write_text(head + row["passage"] + "\n", encoding="utf-8")
    if limit:
        rows = random.Random(seed).sample(rows, min(limit, len(rows)))
    cases = [case(row, names[row["passage"]]) for row in rows]
    (folder / "squad2.jsonl").write_text(
        "".join(json.dumps(c, ensure_ascii=False) + "\n" for c in cases), encoding="utf-8"
    )
    (folder / "squad2.toml").write_text('name = "squad2-open"\ncorpus = "corpus"\n', encoding="utf-8")
    print(f"{len(cases)} questions over {len(names)} passages in {folder}")


def case(row: dict[str, Any], name: str) -> dict[str, Any]:
    """A row as a case; its evidence is the sentence that holds the first marked answer."""
    made: dict[str, Any] = {"id": row["id"], "question": row["question"], "kind": "squad2", "documents": [name]}
    if not row["answerable"]:
        return made | {"expect": "refused"}
    start = row["starts"][0]
    sentence = next((s for s in split(row["passage"]) if s.start <= start < s.end), None)
    quote = row["passage"][sentence.start : sentence.end] if sentence else row["answers"][0]
    # Some passages hold invisible characters, which the reader of documents takes out.
    evidence = [{"document": name, "quote": quote}] if quote in clean(row["passage"]) else []
    return made | {"answers": list(dict.fromkeys(row["answers"])), "evidence": evidence}


if __name__ == "__main__":
    sys.exit(main())
