"""Re-creates all shipped weights: `python -m training.run`. Sixteen hours on two cores; the reader goes on where it
was interrupted. What was written for it is learnt on a GPU where there is one, as for the weights that ship.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from training import (
    ask,
    blend,
    encoders,
    export_gguf,
    lora,
    on_gpu,
    rerank_export,
    span_export,
    train_asker,
    train_reader,
    train_reranker,
    train_spans,
)
from training.data import ROOT

RUNS = ROOT / "training" / "runs"
SPAN_SHARE = 0.7
"""Of the span reader's last weights beside those before."""
ACCOUNTS_SHARE = 0.5
"""Of the reader's weights after the reports of events beside those before both runs."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader-minutes", type=float, default=385)
    parser.add_argument("--asked-minutes", type=float, default=44, help="of the reader with the asker's questions")
    parser.add_argument("--written-minutes", type=float, default=120, help="of the reader with what was written for it")
    parser.add_argument("--debate-minutes", type=float, default=87, help="of the reader with its last two rounds")
    parser.add_argument("--query-minutes", type=float, default=62, help="of the reader with the queries once more")
    parser.add_argument("--span-debate-minutes", type=float, default=32, help="of the span reader with the queries")
    parser.add_argument("--account-minutes", type=float, default=78, help="of the reader with claims, then with events")
    parser.add_argument("--span-account-minutes", type=float, default=12, help="of the span reader with events")
    parser.add_argument("--reranker-minutes", type=float, default=20)
    parser.add_argument("--reranker-written-minutes", type=float, default=39, help="of the reranker that ships")
    parser.add_argument("--span-minutes", type=float, default=66)
    parser.add_argument("--ranks", type=int, default=2, help="processes; with one thread each")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--weights", type=Path, default=ROOT / "qa" / "weights")
    options = parser.parse_args()
    if options.reranker_minutes > 0:
        plan_reranker = train_reranker.Plan(options.reranker_minutes, RUNS / "reranker", seed=options.seed)
        train_reranker.train(plan_reranker)
        rerank_export.export(plan_reranker.folder, options.weights)
    if options.span_minutes > 0:
        spans(options.span_minutes, options.ranks, options.weights)
    # Last: what the span reader wrongly points at is what the checker learns to tell.
    if options.reader_minutes > 0:
        minutes, folder = options.reader_minutes, RUNS / "reader"
        plan = lora.Plan(train_reader.COURSE, minutes, folder, seed=options.seed, ranks=options.ranks)
        lora.run(plan)
        state = export_gguf.averaged(plan.folder)
        export_gguf.write(state, options.weights / "reader.gguf", f"{plan.minutes:g} minutes, seed {plan.seed}.")
    if options.asked_minutes > 0:
        asked(options.asked_minutes, options.seed, options.ranks, options.weights / "reader.gguf")
    if options.written_minutes > 0 and torch.cuda.is_available():
        on_gpu.run(options.weights, RUNS / "gpu")
    elif options.written_minutes > 0:
        written(options.written_minutes, options.seed, options.ranks, options.weights / "reader.gguf")
    go_on(options)


def go_on(options: argparse.Namespace) -> None:
    """The later rounds of what was written, on two cores, in the order in which they were learnt."""
    if options.debate_minutes > 0:
        debated(options.debate_minutes, options.seed, options.ranks, options.weights / "reader.gguf")
    if options.query_minutes > 0:
        once_more("queries", options.query_minutes, 0.5, options.seed, options.ranks, options.weights / "reader.gguf")
    if options.span_debate_minutes > 0:
        spans_on("queries", options.span_debate_minutes, options.seed, options.ranks, options.weights)
    if options.reranker_written_minutes > 0:
        reranked(options.reranker_written_minutes, options.seed, options.weights)
    if options.account_minutes > 0:
        retold(options.account_minutes, options.seed, options.ranks, options.weights / "reader.gguf")
    if options.span_account_minutes > 0:
        spans_on("accounts", options.span_account_minutes, options.seed, options.ranks, options.weights)


def asked(minutes: float, seed: int, ranks: int, reader: Path) -> None:
    """The asker is trained from the reader and makes questions; then the reader goes on with those beside the others.
    Shipped is the mean of both ends.
    """
    lora.run(train_asker.plan(13, seed, ranks, reader))
    ask.run(ask.Plan(18, ranks=ranks), reader)
    plan = lora.Plan(train_reader.course(reader), minutes, RUNS / "reader-asked", 5e-4, seed, ranks=ranks)
    lora.run(plan)
    state = export_gguf.with_start(export_gguf.averaged(plan.folder), reader)
    export_gguf.write(state, reader, f"The mean of both ends of {minutes:g} minutes, seed {seed}.")


def written(minutes: float, seed: int, ranks: int, reader: Path) -> None:
    """The reader goes on with what was written for it."""
    course = train_reader.course(reader, shares="last")
    plan = lora.Plan(course, minutes, RUNS / "reader-written", 5e-4, seed, ranks=ranks)
    lora.run(plan)
    export_gguf.write(export_gguf.averaged(plan.folder), reader, f"{minutes:g} minutes, seed {seed}.")


def in_turn(
    names: tuple[str, str], minutes: tuple[float, float], seeds: tuple[int, int], ranks: int, reader: Path
) -> tuple[Path, Path]:
    """The reader goes on with the mixture of the first name and, from the averaged weights it ends with, with that of
    the second; the folders of both runs."""
    first, second = (RUNS / f"reader-{name}" for name in names)
    lora.run(lora.Plan(train_reader.course(reader, shares=names[0]), minutes[0], first, 5e-4, seeds[0], ranks=ranks))
    between = first / "end.gguf"
    export_gguf.write(export_gguf.averaged(first), between, "Between two runs.")
    lora.run(lora.Plan(train_reader.course(between, shares=names[1]), minutes[1], second, 5e-4, seeds[1], ranks=ranks))
    return first, second


def debated(minutes: float, seed: int, ranks: int, reader: Path) -> None:
    """The reader goes on with the third round, then with the fourth as well; shipped is the mean of both ends and the
    start."""
    parts = (minutes * 45 / 87, minutes * 42 / 87)
    queries, debate = in_turn(("queries", "debate"), parts, (seed, seed + 1), ranks, reader)
    note = f"{minutes:g} minutes more, in two runs, and their start."
    blend.main([f"{debate}=0.25", f"{queries}=0.2", f"{reader}=0.55", "--target", str(reader), "--note", note])


def retold(minutes: float, seed: int, ranks: int, reader: Path) -> None:
    """The reader goes on with claims, then with the reports of events; shipped is the mean of its end and its start."""
    parts = (minutes * 44 / 78, minutes * 34 / 78)
    _, accounts = in_turn(("judge", "accounts"), parts, (seed, seed + 1), ranks, reader)
    note = f"{minutes:g} minutes more, in two runs, and their start."
    beside_start(accounts, ACCOUNTS_SHARE, reader, note)


def once_more(name: str, minutes: float, share: float, seed: int, ranks: int, reader: Path) -> None:
    """The reader goes on with a mixture that it knows; shipped is the mean of its end and its start."""
    folder = RUNS / f"reader-{name}-again"
    lora.run(lora.Plan(train_reader.course(reader, shares=name), minutes, folder, 5e-4, seed, ranks=ranks))
    beside_start(folder, share, reader, f"{minutes:g} minutes more on {name}, and their start.")


def beside_start(folder: Path, share: float, reader: Path, note: str) -> None:
    """That share of a run's averaged weights beside those it began with, in the place of the latter."""
    blend.main([f"{folder}={share:g}", f"{reader}={1 - share:g}", "--target", str(reader), "--note", note])


def spans(minutes: float, ranks: int, weights: Path) -> None:
    """The span reader, from the reranker's weights: in two runs, the second a little slower and in another order."""
    folder = RUNS / "spans-first"
    train_spans.run(encoders.Plan(minutes * 36 / 66, folder, RUNS / "reranker", ranks=ranks))
    train_spans.run(encoders.Plan(minutes * 30 / 66, RUNS / "spans", folder, rate=2e-4, seed=1, ranks=ranks))
    span_export.export(RUNS / "spans", weights)


def spans_on(shares: str, minutes: float, seed: int, ranks: int, weights: Path) -> None:
    """The span reader goes on with the mixture of that name; shipped is the mean of its end and its start."""
    start, folder = weights / "spans.onnx", RUNS / f"spans-{shares}"
    train_spans.run(encoders.Plan(minutes, folder, start, seed=seed, ranks=ranks), shares)
    train_spans.mean(start, folder, SPAN_SHARE, RUNS / f"spans-{shares}-mean")
    span_export.export(RUNS / f"spans-{shares}-mean", weights)


def reranked(minutes: float, seed: int, weights: Path) -> None:
    """The reranker that ships: from the span reader's layers, with what was written, in two runs."""
    first, second = RUNS / "reranker-written", RUNS / "reranker-again"
    start = weights / "spans.onnx"
    train_reranker.train(train_reranker.Plan(minutes * 24 / 39, first, seed=seed, start=start, written=True))
    train_reranker.train(train_reranker.Plan(minutes * 15 / 39, second, seed=seed + 1, start=first, written=True))
    rerank_export.export(second, weights)


if __name__ == "__main__":
    main()
