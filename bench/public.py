"""Public question sets, entailment pairs and summaries through the product's own path; one table with 95 % intervals.

    python bench/public.py [--rows N] [--seed S] [--sets squad2,clapnq,boolq,wice,ramdocs,neus] [--write]

The data is looked for in the folder that QA_DATA names, else in ../shared/data beside the checkout; without it nothing
is measured, which is said. Each set is sampled with a fixed seed. --write puts the table into evals/RESULTS.md.

* squad2, clapnq, boolq: open book. The corpus is the passage of every sampled question and of as many others.
* ramdocs: each question with its own documents, some of them wrong; the rival values must all be reported.
* wice: the product's checker and the lexical second one on evidence and claim; partly supported counts as unsupported.
* neus: a summary of three reports; its sentences against their citations.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.corpus.cleaning import clean
from qa.corpus.sentences import split
from qa.evaluate import EngineFactory, EvalOptions, run
from qa.evaluate.corpora import Inline
from qa.evaluate.measures import measure
from qa.evaluate.metrics import entail
from qa.evaluate.result import CaseResult
from qa.wiring.evaluation import engines

DATA = Path(os.environ.get("QA_DATA") or Path(__file__).parents[2] / "shared" / "data")
RESULTS = Path(__file__).parents[1] / "evals" / "RESULTS.md"
PUBLIC, OWN = "public sets", "suites of this repository"
Line = tuple[str, str, float, float, float, int]
"""Set, metric, value, low, high, cases."""


@dataclass(frozen=True)
class Set:
    """One data set: how its rows become cases, and which metrics are reported."""

    file: str
    origin: str
    make: Callable[[Mapping[str, Any]], dict[str, Any]]
    metrics: tuple[str, ...]
    task: str = "ask"
    shared: bool = True
    """Whether all questions are asked of one corpus; else each of its own documents."""


def question(row: Mapping[str, Any]) -> dict[str, Any]:
    """A reading-comprehension row; the evidence is the sentence that holds the first marked answer."""
    made = base(row)
    if not row["answerable"]:
        return made | {"expect": "refused"}
    text = clean(row["passage"])
    found = next((s for s in split(text) if s.start <= row["starts"][0] < s.end), None) if row["starts"] else None
    quote = [text[found.start : found.end]] if found else []
    return made | {"answers": list(dict.fromkeys(row["answers"])), "evidence": evidence(row, quote)}


def long_question(row: Mapping[str, Any]) -> dict[str, Any]:
    """A CLAPnq row: sentences of the passage are marked, and a long answer is given."""
    if not row["answerable"]:
        return base(row) | {"expect": "refused"}
    return base(row) | {"answers": [row["long_answer"]], "evidence": evidence(row, row["evidence"])}


def base(row: Mapping[str, Any]) -> dict[str, Any]:
    inline = Inline(document="passage.txt", text=row["passage"], title=" ".join(row["title"].split()))
    return {"id": row["id"], "question": row["question"], "kind": row["origin"], "passages": [inline.model_dump()]}


def evidence(row: Mapping[str, Any], quotes: Iterable[str]) -> list[dict[str, str]]:
    """Quotes that the passage holds once it is read; cleaning may have changed the others."""
    text = clean(row["passage"])
    kept = [quote for quote in quotes if re.search(r"\s+".join(map(re.escape, quote.split())), text) and quote.strip()]
    return [{"document": "passage.txt", "quote": quote} for quote in kept]


def rivals(row: Mapping[str, Any]) -> dict[str, Any]:
    """A RAMDocs row: correct, misleading and irrelevant documents about one question."""
    values = list(dict.fromkeys([*row["gold_answers"], *row["wrong_answers"]]))
    texts = [clean(one["text"]) for one in row["documents"]]
    passages = [Inline(document=f"{n}.txt", text=text).model_dump() for n, text in enumerate(texts)]
    made = {"id": row["id"], "question": row["question"], "kind": "ramdocs", "passages": passages}
    expect = "conflict" if len(values) > 1 else "answered"
    return made | {"expect": expect, "answers": row["gold_answers"], "values": values}


def event(row: Mapping[str, Any]) -> dict[str, Any]:
    """A NeuS row: three reports of one event; the facts are the sentences of the neutral summary."""
    text = clean(row["summary"])
    facts = [text[s.start : s.end] for s in split(text)]
    passages = [
        Inline(document=f"{n}.txt", text=one["text"].strip(), title=" ".join(one["title"].split())).model_dump()
        for n, one in enumerate(row["docs"])
    ]
    return {"id": row["id"], "question": "", "kind": "summary", "answers": facts, "passages": passages}


ANSWERED = ("abstention.coverage", "abstention.risk", "abstention.aurc", "abstention.ece")
CITED = ("citation.gold_document", "citation.recall_independent", "faithfulness.numbers_cited")
REFUSED = ("abstention.rejection_recall", "abstention.over_refusal")
SETS = {
    "squad2": Set(
        "qa_dev", "squad2", question, ("answer.exact", "answer.f1", *REFUSED, *CITED, "retrieval.recall@8", *ANSWERED)
    ),
    "clapnq": Set("qa_dev", "clapnq", long_question, (*REFUSED, "citation.gold_overlap", *CITED)),
    "boolq": Set("qa_dev", "boolq", question, ("answer.yes_no", "abstention.over_refusal", *ANSWERED)),
    "ramdocs": Set(
        "conflict_dev", "ramdocs", rivals, ("answer.correct", "conflict.recall", "conflict.precision"), shared=False
    ),
    "neus": Set(
        "summary_dev",
        "neus",
        event,
        (
            "summary.source_coverage",
            "summary.citation_f1",
            "summary.unsupported",
            "summary.redundancy",
            "summary.compression",
        ),
        task="summarize",
        shared=False,
    ),
}


def read(name: str, origin: str) -> list[dict[str, Any]]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [row for row in map(json.loads, lines) if row["origin"] == origin]


def asked(name: str, factory: EngineFactory, rows: int, seed: int) -> Iterator[Line]:
    """One data set through the product."""
    one = SETS[name]
    every = read(one.file, one.origin)
    random.Random(seed).shuffle(every)
    cases = [one.make(row) for row in every[: 2 * rows if one.shared else rows]]
    with tempfile.TemporaryDirectory() as folder:
        suite = write(Path(folder), name, one, cases, rows)
        result = run([suite], factory, EvalOptions(seed=seed, progress=progress(name))).runs[0]
    for metric in one.metrics:
        value = measure(metric, result.rows)
        yield name, metric, value.value, value.low, value.high, value.count


def write(folder: Path, name: str, one: Set, cases: Sequence[dict[str, Any]], rows: int) -> Path:
    """A suite on disk; questions of one corpus get a file for each distinct passage."""
    head = f'name = "{name}"\ntask = "{one.task}"\n'
    if one.shared:
        cases = shared(folder / "corpus", cases)[:rows]
        head += 'corpus = "corpus"\n'
    (folder / f"{name}.toml").write_text(head, encoding="utf-8")
    suite = folder / f"{name}.jsonl"
    suite.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    return suite


def shared(corpus: Path, cases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    corpus.mkdir()
    names: dict[str, str] = {}
    made = []
    for case in cases:
        inline = Inline.model_validate(case["passages"][0])
        if inline.text not in names:
            names[inline.text] = f"{len(names):04}.txt"
            (corpus / names[inline.text]).write_text(inline.contents, encoding="utf-8")
        name = names[inline.text]
        moved = [quote | {"document": name} for quote in case.get("evidence", [])]
        gold = {} if case.get("expect") == "refused" else {"documents": [name]}
        rest = {key: value for key, value in case.items() if key != "passages"}
        made.append(rest | {"evidence": moved} | gold)
    return made


def wice(factory: EngineFactory, rows: int, seed: int) -> Iterator[Line]:
    """Both checkers on WiCE: balanced accuracy at their own thresholds, and area under the ROC curve."""
    pairs = read("entail_dev", "wice")
    random.Random(seed).shuffle(pairs)
    pairs = pairs[: 4 * rows]
    truth = np.array([pair["label"] == "supported" for pair in pairs])
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "one.txt").write_text("One sentence, so that there is an index.", encoding="utf-8")
        checker = factory(Path(folder)).checker
    given = [(pair["evidence"], pair["claim"]) for pair in pairs]
    scored = {
        f"checker {checker.name}": (np.array(checker.support(given)), checker.threshold),
        "lexical second checker": (np.array([entail.support(*pair) for pair in given]), entail.THRESHOLD),
    }
    for name, (scores, threshold) in scored.items():
        yield interval(
            "wice", f"balanced accuracy, {name}", truth, lambda t, s, cut=threshold: balanced(t, s >= cut), scores
        )
        yield interval("wice", f"AUC, {name}", truth, auc, scores)


def balanced(truth: Any, said: Any) -> float:
    """Mean of the shares of supported and of unsupported pairs that are called so."""
    return float((said[truth].mean() + (~said)[~truth].mean()) / 2)


def auc(truth: Any, scores: Any) -> float:
    """Probability that a supported pair scores above an unsupported one; ties count half."""
    good, bad = scores[truth][:, None], scores[~truth][None, :]
    return float(((good > bad) + 0.5 * (good == bad)).mean())


def interval(name: str, metric: str, truth: Any, of: Callable[..., float], scores: Any) -> Line:
    draws = np.random.default_rng(0).integers(len(truth), size=(500, len(truth)))
    values = [of(truth[draw], scores[draw]) for draw in draws if 0 < truth[draw].sum() < len(truth)]
    low, high = np.quantile(values, [0.025, 0.975])
    return name, metric, of(truth, scores), float(low), float(high), len(truth)


def progress(name: str) -> Callable[[int, int, CaseResult], None]:
    def tell(done: int, total: int, case: CaseResult) -> None:
        del case
        print(f"\r{name}: {done} of {total}", end="\n" if done == total else "", file=sys.stderr)

    return tell


def table(lines: Iterable[Line]) -> str:
    rows = ["| set | metric | value | 95 % interval | cases |", "|---|---|---:|---|---:|"]
    rows += [f"| {s} | {m} | {v:.3f} | {low:.3f} – {high:.3f} | {n} |" for s, m, v, low, high, n in lines]
    return "\n".join(rows)


def record(section: str, text: str, command: str) -> None:
    """Put a table between its marks in evals/RESULTS.md, which are added at the end when they are missing."""
    start, end = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.is_file() else "# Results\n"
    if start not in old:
        old += f"\n## {section.capitalize()}\n\n{start}\n{end}\n"
    before, _, rest = old.partition(start)
    new = f"{start}\n\n`{command}`\n\n{text}\n\n{end}"
    RESULTS.write_text(before + new + rest.partition(end)[2], encoding="utf-8")


def models(path: Path) -> str:
    """What the report's answers were made with."""
    made = json.loads(path.read_text(encoding="utf-8"))["runs"][0]["fingerprint"]
    named = [f"{part} `{name}`" for part, name in sorted(made["models"].items()) if name]
    return f"Models: {', '.join(named)}; prompts `{made['prompts'][:12]}`, code `{made['code'][:12]}`."


def reported(path: Path) -> Iterator[Line]:
    """The metrics of a report that qa eval --json wrote."""
    for run_ in json.loads(path.read_text(encoding="utf-8"))["runs"]:
        for name, value in run_["metrics"].items():
            if value["value"] is not None:
                yield run_["suite"], name, value["value"], value["low"], value["high"], value["cases"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--rows", type=int, default=40, help="questions of each set; WiCE takes four times as many pairs"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sets", default=",".join([*SETS, "wice"]))
    parser.add_argument("--write", action="store_true", help="put the table into evals/RESULTS.md")
    parser.add_argument("--report", type=Path, help="only put this report of qa eval --json into evals/RESULTS.md")
    chosen = parser.parse_args()
    if chosen.report:
        text = f"{models(chosen.report)}\n\n{table(reported(chosen.report))}"
        record(OWN, text, f"qa eval --json {chosen.report}")
        return 0
    if not DATA.is_dir():
        print(f"skipped: there is no folder {DATA} with the public sets (set QA_DATA)", file=sys.stderr)
        return 0
    lines: list[Line] = []
    with engines(None, {}, []) as factories:
        (factory,) = factories.values()
        for name in chosen.sets.split(","):
            found = (
                wice(factory, chosen.rows, chosen.seed)
                if name == "wice"
                else asked(name, factory, chosen.rows, chosen.seed)
            )
            lines += found
    print(table(lines))
    if chosen.write:
        record(
            PUBLIC,
            table(lines),
            f"python bench/public.py --rows {chosen.rows} --seed {chosen.seed} --sets {chosen.sets}",
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
