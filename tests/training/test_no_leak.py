"""No text that training makes by code may come from the product's own suites or sample corpus."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from training import news

ROOT = Path(__file__).parents[2]
LENGTH = 13


def ngrams(text: str, length: int = LENGTH) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def suite_texts() -> Iterator[tuple[Path, str]]:
    for folder in ("seeds", "evals"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in {".txt", ".md", ".jsonl", ".json", ".toml", ".html"}:
                yield path, path.read_text(encoding="utf-8", errors="replace")


def made_texts(count: int) -> Iterator[str]:
    rng = random.Random(0)
    for _ in range(count):
        report = news.report(rng)
        yield f"{report.title}\n{report.text}"
        yield from (f"{question} {answer}" for question, answer in report.questions)
        yield from (claim for claim, _ in report.claims)


def test_made_reports_share_no_thirteen_words_with_suites_and_samples():
    made = {gram for text in made_texts(1500) for gram in ngrams(text)}
    assert len(made) > 10_000
    shared = {path.name: sorted(made & ngrams(text))[:3] for path, text in suite_texts() if made & ngrams(text)}
    assert not shared


def test_templates_share_no_six_words_in_a_row_with_the_sample_reports():
    fixed = [re.sub(r"\$[a-z]+_[a-z]+", "\n", line) for line in news.TEMPLATES.read_text(encoding="utf-8").splitlines()]
    made = {gram for line in fixed for part in line.split("\n") for gram in ngrams(part, 6)}
    assert made
    for path in sorted((ROOT / "seeds").rglob("*")):
        if path.is_file():
            assert not made & ngrams(path.read_text(encoding="utf-8", errors="replace"), 6), path.name


def test_what_the_confidence_is_fitted_on_shares_no_nine_words_with_what_judges_it():
    folder = ROOT / "training" / "confidence"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.md"))]
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    made = {gram for text in [*texts, *(json.loads(line)["question"] for line in lines)] for gram in ngrams(text, 9)}
    assert len(made) > 2000
    shared = {path.name: sorted(made & ngrams(text, 9))[:3] for path, text in suite_texts() if made & ngrams(text, 9)}
    assert not shared


def test_ngrams_are_found_where_texts_do_overlap():
    text = "the quick brown fox jumps over the lazy dog and then sleeps for an hour"
    assert ngrams(text) & ngrams("Yesterday " + text.upper())
