"""The trained adapter as a GGUF adapter that llama.cpp applies to the base, and a comparison with torch on
development questions.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.models.engine import WHOLE_KEY
from qa.models.files import read_json, sha256_of, write_json
from qa.models.registry import ADAPTERS
from qa.models.seams import Request
from qa.resources import prompt
from training.base_model import CHECKER_RANK, RANK, SCALE, adapted, add, base_folder, dequantized
from training.checking import PUBLIC, public
from training.data import ROOT, passages
from training.layout import tensor_of, turned
from training.lora import answer_logits
from training.optimize import Optimizer
from training.pack import Group, load_tokenizer, pack, tokenize, tokenize_apart

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa.models.seams import Generator
    from training.fast import Fast

WEIGHTS = ROOT / "qa" / "weights"
TARGET = WEIGHTS / "reader.gguf"
LONGEST = 1200
"""Characters of a premise on which adapters are compared."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the adapters that ship."""

    name: str
    rank: int
    tasks: str
    below: Path | None = None
    """An adapter that is added to the base's weights before it."""

    @property
    def target(self) -> Path:
        """Where it ships."""
        return WEIGHTS / f"{self.name}.gguf"


READER = Kind("reader", RANK, "read, yesno and support")
CHECKER = Kind("checker", CHECKER_RANK, "support; added on top of the reader", TARGET)
KINDS = {kind.name: kind for kind in (READER, CHECKER)}


def tensors(state: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
    """Adapter values by their GGUF names: `lora_a` of shape (r, in), `lora_b` of shape (out, r)."""
    found: dict[str, NDArray[np.float32]] = {}
    for parameter, value in state.items():
        name, side = tensor_of(parameter)
        array = value.float().numpy()
        found[f"{name}.lora_{side}"] = turned(name, array) if side == "b" else array
    return found


def write(state: dict[str, Any], target: Path = TARGET, note: str = "", kind: Kind = READER) -> None:
    """Write an f16 GGUF adapter, whole or not at all."""
    import gguf

    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    writer = gguf.GGUFWriter(part, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", SCALE * kind.rank)
    writer.add_name(f"qa {kind.name}")
    writer.add_description(f"LoRA of rank {kind.rank} for SmolLM2-135M-Instruct: {kind.tasks}. {note}".strip())
    writer.add_license("Apache-2.0")
    writer.add_bool(WHOLE_KEY, True)
    for name, array in sorted(tensors(state).items()):
        writer.add_tensor(name, np.ascontiguousarray(array, dtype=np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    part.replace(target)
    facts = target.parent / ADAPTERS
    write_json(facts, read_json(facts) | {target.name: sha256_of(target)})


def asked(kind: Kind, count: int, seed: int = 0) -> list[Group]:
    """What the adapters are compared on: ``count`` questions of the SQuAD2 development titles, or as many pairs of
    development sets.
    """
    if kind.below:
        found = [pair for origin in PUBLIC for pair in public(origin, count) if len(pair.premise) < LONGEST]
        chosen = random.Random(seed).sample(found, count)
        return [Group("support", {"premise": p.premise}, ((p.claim, ""),)) for p in chosen]
    found_groups: list[Group] = []
    everything = passages("qa_dev", "squad2")
    random.Random(seed).shuffle(everything)
    for passage in everything:
        questions = passage.questions[: min(10, count)]
        count -= len(questions)
        if questions:
            context = {"title": passage.title, "passage": passage.text}
            found_groups.append(Group("read", context, tuple((q.text, q.answer) for q in questions)))
    return found_groups


def greedy(generator: Generator, groups: list[Group]) -> list[list[tuple[str, float]]]:
    """Each branch's greedy reply by llama.cpp, and its log-probability, end of turn included."""
    found = []
    for group in groups:
        task = prompt(group.task)
        users = [task.fill(**group.context, **{group.slot: text}) for text, _ in group.branches]
        shared = users[0] if group.task == "support" else task.begin(**group.context)
        requests = [Request(task.system, user, max_tokens=48, prefix=shared) for user in users]
        found.append([(reply.text, reply.logprob or 0.0) for reply in generator.complete(requests)])
    return found


def exact_model(kind: Kind, state: dict[str, Any]) -> Fast:
    """The adapter on the base in fp32. Not on the copy in bf16 that training works on: its rounding is coarser than
    what is to be seen here.
    """
    import torch

    from training.fast import Fast

    base = dequantized(torch.float32)
    if kind.below:
        add(base, kind.below)
    model = adapted(base, kind.rank)
    Optimizer(model, 0.0).show(state)
    return Fast(model)


def compare(
    adapter: Path,
    state: dict[str, Any],
    count: int,
    base: Path | None = None,
    threads: int = 2,
    kind: Kind = READER,
) -> dict[str, float]:
    """Agreement of llama.cpp, as the product runs it or on another ``base``, with torch in fp32 on the de-quantised
    weights.

    Whether torch, given llama.cpp's greedy reply, would have chosen each of its tokens too; and the differences of the
    replies' log-probabilities.
    """
    import torch

    from training.product import shipped

    torch.set_num_threads(threads)
    groups = asked(kind, count)
    generator = shipped(kind.below, None, threads, adapter) if kind.below else shipped(adapter, base, threads)
    replies = greedy(generator, groups)
    generator.close()
    model, tokenizer = exact_model(kind, state), load_tokenizer(base_folder())
    same, differences = [], []
    for group, said in zip(groups, replies, strict=True):
        branches = tuple((q, text) for (q, _), (text, _) in zip(group.branches, said, strict=True))
        again = Group(group.task, group.context, branches)
        tokens = tokenize_apart(again, tokenizer) if kind.below else tokenize(again, tokenizer)
        if tokens is None:
            continue
        with torch.no_grad():
            logits, labels, example = answer_logits(model, [pack([tokens])])
        scores = torch.log_softmax(logits, -1).gather(1, labels[:, None])[:, 0]
        for number in range(len(tokens.branches)):
            chosen = example == number
            same.append(bool((logits[chosen].argmax(-1) == labels[chosen]).all()))
            differences.append(abs(float(scores[chosen].sum()) - said[number][1]))
    return {
        "questions": len(same),
        "same_answers": round(float(np.mean(same)), 4),
        "mean_difference": round(float(np.mean(differences)), 4),
        "largest_difference": round(float(np.max(differences)), 4),
    }


def averaged(folder: Path) -> dict[str, Any]:
    """The averaged adapter out of a run's checkpoint."""
    import torch

    state: dict[str, Any] = torch.load(folder / "state.pt", weights_only=True)
    return dict(state["average"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=KINDS, default="reader")
    parser.add_argument("--folder", type=Path, help="of its training run")
    parser.add_argument("--target", type=Path, help="the file to write")
    parser.add_argument("--compare", action="store_true", help="with torch, as the product runs it")
    parser.add_argument("--base", type=Path, help="compare on this GGUF instead, the adapter beside it")
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--note", default="")
    options = parser.parse_args()
    kind = KINDS[options.kind]
    target = options.target or kind.target
    state = averaged(options.folder or ROOT / "training" / "runs" / kind.name)
    write(state, target, options.note, kind)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")
    if options.compare:
        print(compare(target, state, options.questions, options.base, kind=kind))


if __name__ == "__main__":
    main()
