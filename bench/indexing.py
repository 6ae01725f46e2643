"""What the store adds to embedding: time, as a ratio within one run, and memory at two sizes of corpus.

    QA_DATA=folder python bench/indexing.py

Time: an update of 2,000 passages beside a bare SentenceTransformer.encode of the same passages, by turns, models
loaded before. Memory: two processes that index made-up corpora, one five times the other, with an embedder that takes
none. Without the data (QA_DATA, else ../shared/data) the time is not measured, which is said. Exits 1 when a bar does
not hold.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from process import run, verdict

DATA = Path(os.environ.get("QA_DATA") or Path(__file__).parents[2] / "shared" / "data")
PASSAGES = int(os.environ.get("QA_BENCH_PASSAGES") or 2000)
REPEATS = int(os.environ.get("QA_BENCH_REPEATS") or 3)
TIME_BAR = 1.2
GROWTH_BAR = 1.15
"""Of the larger corpus's peak to the smaller one's. The catalogue's journal and SQLite's cache leave some slack."""
SIZES = (4_000, 20_000)


def paragraphs() -> Iterator[tuple[str, str]]:
    """Distinct (title, paragraph) pairs of the training set, in its order."""
    seen = set()
    with gzip.open(DATA / "qa_train.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            if row["passage"] not in seen:
                seen.add(row["passage"])
                yield row["title"], row["passage"]


def corpus(folder: Path, count_tokens: Callable[[Sequence[str]], list[int]], limit: int) -> list[str]:
    """Files of ten paragraphs each, until they make enough passages; returns what is embedded of them."""
    from qa.corpus import read
    from qa.corpus.passages import embedding_text, windows

    folder.mkdir()
    texts: list[str] = []
    source = paragraphs()
    while len(texts) < PASSAGES:
        rows = [next(source) for _ in range(10)]
        path = folder / f"{len(texts):05}.md"
        path.write_text(f"# {rows[0][0]}\n\n" + "\n\n".join(text for _, text in rows), encoding="utf-8")
        document = read(path, path.name)
        texts += [embedding_text(document.title, passage.text) for passage in windows(document, count_tokens, limit)]
    return texts


def speed(folder: Path) -> bool:
    """Print both times; true when the bar holds."""
    from sentence_transformers import SentenceTransformer

    from qa.models.embedder import bundled_folder, load_embedder
    from qa.store import update

    embedder = load_embedder(cache=Path(os.environ.get("QA_BENCH_CACHE") or folder / "cache"))
    texts = corpus(folder / "docs", embedder.count_tokens, embedder.info.max_tokens)
    bare = SentenceTransformer(str(bundled_folder()), device="cpu")
    bare.encode(texts[:32])
    embedder.encode(texts[:32])
    pairs = []
    for turn in range(REPEATS):
        start = time.perf_counter()
        bare.encode(texts)
        between = time.perf_counter()
        update(folder / f"store-{turn}", [folder / "docs"], embedder)
        pairs.append((between - start, time.perf_counter() - between))
        print(f"{len(texts)} passages: bare encode {pairs[-1][0]:.1f} s, update {pairs[-1][1]:.1f} s", flush=True)
    return verdict("update / bare encode", median(ours / theirs for theirs, ours in pairs), TIME_BAR, "x")


def child(passages: int) -> None:
    """Index a made-up corpus with vectors of the default dimension."""
    from qa.store import update
    from qa.testing import HashEmbedder

    chosen = random.Random(0)
    words = [f"{chosen.choice('bcdfglmnprst')}{chosen.choice('aeiou')}{number}" for number in range(5000)]
    folder = Path("docs")
    folder.mkdir()
    for number in range(passages // 20):
        sentences = (" ".join(chosen.choices(words, k=20)).capitalize() + "." for _ in range(160))
        (folder / f"{number:05}.txt").write_text(" ".join(sentences), encoding="utf-8")
    report = update(Path("index"), [folder], HashEmbedder(dimension=384))
    print(report)


def memory(folder: Path) -> bool:
    """Print the peak of both sizes; true when the bar holds."""
    peaks = []
    for size in SIZES:
        place = folder / str(size)
        place.mkdir()
        done = run([sys.executable, Path(__file__).absolute(), "--child", str(size)], place, {"OMP_NUM_THREADS": "1"})
        if done.code:
            sys.exit(done.output[-3000:])
        peaks.append(done.megabytes)
        stored = json.loads((place / "index" / "manifest.json").read_text())["passages"]
        print(f"{stored} passages: peak {done.megabytes:.0f} MB, {done.seconds:.1f} s")
    return verdict(f"peak memory, {SIZES[1]:,} / {SIZES[0]:,} passages", peaks[1] / peaks[0], GROWTH_BAR, "x")


def main() -> None:
    """Run both."""
    if "--child" in sys.argv:
        child(int(sys.argv[-1]))
        return
    with tempfile.TemporaryDirectory() as name:
        held = [memory(Path(name))]
        if (DATA / "qa_train.jsonl.gz").is_file():
            held.append(speed(Path(name)))
        else:
            print(f"time: skipped, the data is not at {DATA}; name its folder in QA_DATA")
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
