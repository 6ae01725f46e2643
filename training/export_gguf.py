"""The trained adapter as a GGUF adapter that llama.cpp applies to the base, and a comparison with torch on
development questions.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.models.engine import WHOLE_KEY
from qa.models.files import read_json, sha256_of, write_json
from qa.models.registry import ADAPTERS
from qa.models.seams import Request
from qa.resources import prompt
from training.adapter_file import matrices
from training.base_model import adapted, base_folder, dequantized, show, values_of
from training.data import ROOT, passages
from training.layout import ALPHA, RANK, tensor_of, turned
from training.lora import answer_logits
from training.optimize import Optimizer
from training.pack import Group, Tokens, load_tokenizer, pack, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa.models.seams import Generator
    from training.fast import Fast

TARGET = ROOT / "qa" / "weights" / "reader.gguf"
MOST = 48
"""Tokens of a reply."""


def tensors(state: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
    """Adapter values by their GGUF names: `lora_a` of shape (r, in), `lora_b` of shape (out, r)."""
    found: dict[str, NDArray[np.float32]] = {}
    for name, value in state.items():
        tensor, side = tensor_of(name)
        array = value.float().numpy()
        found[f"{tensor}.lora_{side}"] = turned(tensor, array) if side == "b" else array
    return found


def write(state: dict[str, Any], target: Path = TARGET, note: str = "", rest: Path | None = None) -> None:
    """Write an f16 GGUF adapter, whole or not at all; layers that ``state`` lacks, since they did not go on learning,
    are those of the GGUF adapter ``rest``. Raises ``ValueError`` where its scale is another."""
    import gguf

    found = tensors(state)
    if rest is not None:
        found = matrices(rest) | found
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    writer = gguf.GGUFWriter(part, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(ALPHA))
    writer.add_name("qa reader")
    writer.add_description(f"LoRA of rank {RANK} for SmolLM2-135M-Instruct: read, yesno and support. {note}".strip())
    writer.add_license("Apache-2.0")
    writer.add_bool(WHOLE_KEY, True)
    for name, array in sorted(found.items()):
        writer.add_tensor(name, np.ascontiguousarray(array, dtype=np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    part.replace(target)
    facts = target.parent / ADAPTERS
    write_json(facts, read_json(facts) | {target.name: sha256_of(target)})
    facts.chmod(0o644)  # what is shipped is for every user


def questions(count: int, seed: int = 0) -> list[Group]:
    """Groups of the SQuAD2 development titles, ``count`` questions in all."""
    found: list[Group] = []
    everything = passages("qa_dev", "squad2")
    random.Random(seed).shuffle(everything)
    for passage in everything:
        asked = passage.questions[: min(10, count)]
        count -= len(asked)
        if asked:
            context = {"title": passage.title, "passage": passage.text}
            found.append(Group("read", context, tuple((q.text, q.answer) for q in asked)))
    return found


def greedy(generator: Generator, groups: list[Group]) -> list[list[tuple[str, float]]]:
    """Each question's greedy reply by llama.cpp, and its log-probability, end of turn included."""
    task = prompt("read")
    found = []
    for group in groups:
        shared = task.begin(**group.context)
        asked = [
            Request(task.system, task.fill(**group.context, question=q), max_tokens=MOST, prefix=shared)
            for q, _ in group.branches
        ]
        found.append([(reply.text, reply.logprob or 0.0) for reply in generator.complete(asked)])
    return found


def forced(model: Fast, tokens: Tokens) -> list[tuple[bool, float]]:
    """Of each branch's answer by torch: whether it would choose each of its tokens, and its log-probability."""
    import torch

    with torch.no_grad():
        logits, labels, example = answer_logits(model, [pack([tokens])])
    scores = torch.log_softmax(logits, -1).gather(1, labels[:, None])[:, 0]
    first = logits.argmax(-1) == labels
    each = [example == number for number in range(len(tokens.branches))]
    return [(bool(first[one].all()), float(scores[one].sum())) for one in each]


def agreement(model: Fast, tokens: Tokens, texts: Sequence[str], tokenizer: Any) -> list[tuple[bool, float]]:
    """Of each branch, whether torch's greedy reply is this text, the branch's answer, and its log-probability.

    Where torch would not choose each of the tokens that the tokeniser makes of the text, it replies on its own: a model
    may reach one text by other tokens ("d-iox-ygen" for "diox-ygen").
    """
    found = forced(model, tokens)
    for number, (as_shown, score) in enumerate(found):
        if not as_shown:
            reply, own = chosen(model, tokens, number)
            same = tokenizer.decode(reply).strip() == texts[number].strip()
            found[number] = same, own if same else score
    return found


def chosen(model: Fast, tokens: Tokens, branch: int) -> tuple[list[int], float]:
    """What torch itself replies to one branch's question, greedily, without the end of turn, and its
    log-probability."""
    import torch

    (question, answer), total = tokens.branches[branch], 0.0
    end = answer[-1]
    reply: list[int] = []
    while len(reply) < MOST:
        asked = Tokens(tokens.opening, tokens.prefix, [(question, [*reply, end])])
        with torch.no_grad():
            logits, _, _ = answer_logits(model, [pack([asked])])
        scores = torch.log_softmax(logits[-1], -1)
        token = int(scores.argmax())
        total += float(scores[token])
        if token == end:
            break
        reply.append(token)
    return reply, total


def compare(
    adapter: Path, state: dict[str, Any] | None, count: int, base: Path | None = None, threads: int = 2
) -> dict[str, float]:
    """Agreement of llama.cpp, as the product runs it or on another ``base``, with torch in fp32 on the de-quantised
    weights and the adapter's ``state``, or the values in its file.

    How many greedy replies are the same text, and the differences of the replies' log-probabilities.
    """
    import torch

    from training.fast import Fast
    from training.product import shipped

    torch.set_num_threads(threads)
    groups = questions(count)
    generator = shipped(adapter, base, threads)
    replies = greedy(generator, groups)
    generator.close()
    # Not the copy in bf16 that training works on: its rounding is coarser than what is to be seen here.
    model, tokenizer = adapted(dequantized(torch.float32)), load_tokenizer(base_folder())
    if state is None:
        show(model, adapter)
    else:
        Optimizer(model, 0.0).show(state)
    model = Fast(model)
    same, differences = [], []
    for group, said in zip(groups, replies, strict=True):
        branches = tuple((q, text) for (q, _), (text, _) in zip(group.branches, said, strict=True))
        tokens = tokenize(Group(group.task, group.context, branches), tokenizer)
        if tokens is None:
            continue
        found = agreement(model, tokens, [text for text, _ in said], tokenizer)
        for (agrees, score), (_, logprob) in zip(found, said, strict=False):
            same.append(agrees)
            differences.append(abs(score - logprob))
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


def with_start(state: dict[str, Any], start: Path) -> dict[str, Any]:
    """The mean of a trained adapter and the GGUF adapter that it began with."""
    values = values_of(start)
    return {name: (value.float() + values[tensor_of(name)]) / 2 for name, value in state.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "training" / "runs" / "reader")
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--start", type=Path, help="write the mean with this GGUF adapter, with which it began")
    parser.add_argument("--rest", type=Path, help="a GGUF adapter with the layers that did not learn in this run")
    parser.add_argument("--compare", action="store_true", help="with torch, as the product runs it")
    parser.add_argument(
        "--shipped", action="store_true", help="compare the target as it lies there; nothing is written"
    )
    parser.add_argument("--base", type=Path, help="compare on this GGUF instead, the adapter beside it")
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--note", default="")
    options = parser.parse_args()
    if options.shipped:
        print(compare(options.target, None, options.questions, options.base))
        return
    state = averaged(options.folder)
    if options.start:
        state = with_start(state, options.start)
    write(state, options.target, options.note, options.rest)
    print(f"{options.target}: {options.target.stat().st_size / 1e6:.1f} MB")
    if options.compare:
        print(compare(options.target, state, options.questions, options.base))


if __name__ == "__main__":
    main()
