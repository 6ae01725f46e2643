"""The trained adapter as a GGUF adapter that llama.cpp applies to the base, and a comparison with torch on
development questions.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from training.data import ROOT, passages
from training.pack import Group, load_tokenizer, render, tokenize
from training.train_reader import ALPHA, RANK, Optimizer, base_folder, load_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEADS, KEY_HEADS = 9, 3
TARGET = ROOT / "qa" / "weights" / "reader.gguf"
_NAMES = {
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "o_proj": "attn_output",
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "down_proj": "ffn_down",
}
_PARAMETER = re.compile(r"layers\.(\d+)\.\w+\.(\w+_proj)\.lora_([AB])\.")


def permuted(rows: NDArray[np.float32], heads: int) -> NDArray[np.float32]:
    """Rows of a query or key matrix (shape (out, r)) in the order of GGUF's llama layout, which interleaves the
    rotary halves.
    """
    out, rank = rows.shape
    return rows.reshape(heads, 2, out // heads // 2, rank).swapaxes(1, 2).reshape(out, rank)


def tensors(state: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
    """Adapter values by their GGUF names: `lora_a` of shape (r, in), `lora_b` of shape (out, r)."""
    found: dict[str, NDArray[np.float32]] = {}
    for name, value in state.items():
        match = _PARAMETER.search(name)
        assert match, name
        layer, module, side = match.groups()
        array = value.float().numpy()
        if side == "B" and module in {"q_proj", "k_proj"}:
            array = permuted(array, HEADS if module == "q_proj" else KEY_HEADS)
        found[f"blk.{layer}.{_NAMES[module]}.weight.lora_{side.lower()}"] = array
    return found


def write(state: dict[str, Any], target: Path = TARGET, note: str = "") -> None:
    """Write an f16 GGUF adapter, whole or not at all."""
    import gguf

    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    writer = gguf.GGUFWriter(part, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(ALPHA))
    writer.add_name("qa reader")
    writer.add_description(f"LoRA of rank {RANK} for SmolLM2-135M-Instruct: read, yesno and support. {note}".strip())
    writer.add_license("Apache-2.0")
    for name, array in sorted(tensors(state).items()):
        writer.add_tensor(name, np.ascontiguousarray(array, dtype=np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    part.replace(target)


def questions(count: int, seed: int = 0) -> list[Group]:
    """Single-question groups of the SQuAD2 development titles."""
    import random

    everything = [
        Group("read", {"title": p.title, "passage": p.text}, ((q.text, q.answer),))
        for p in passages("qa_dev", "squad2")
        for q in p.questions
    ]
    return random.Random(seed).sample(everything, count)


def greedy_torch(model: Any, prompt: list[int], stop: int, limit: int = 32) -> list[int]:
    """Greedy token ids, the end of turn left out."""
    import torch

    with torch.no_grad():
        out = model.generate(
            input_ids=torch.tensor([prompt]),
            max_new_tokens=limit,
            do_sample=False,
            eos_token_id=stop,
            pad_token_id=stop,
        )[0].tolist()
    reply = out[len(prompt) :]
    return reply[: reply.index(stop)] if stop in reply else reply


def compare(base: Path, adapter: Path, state: dict[str, Any], count: int, threads: int = 1) -> dict[str, float]:
    """Agreement of llama.cpp on ``base`` (a GGUF) with torch in fp32.

    Same greedy answers, and the mean and largest difference of the first answer token's log-probability
    among torch's ten likeliest.
    """
    import torch

    from qa.models.llama import Engine
    from qa.models.tree import Node

    torch.set_num_threads(threads)
    model, tokenizer = load_model().float(), load_tokenizer(base_folder())
    optimizer = Optimizer(model, 0.0)
    optimizer.show(state)
    stop = tokenizer.convert_tokens_to_ids("<|im_end|>")
    engine = Engine(base, threads=threads, adapter=adapter)
    same, differences = 0, []
    for group in questions(count):
        tokens = tokenize(group, tokenizer)
        if tokens is None:
            count -= 1
            continue
        prompt = tokens.prefix + tokens.branches[0][0]
        assert engine.tokens("".join((render(group)[0], render(group)[1][0])), special=True) == prompt
        reply, first = greedy_llama(engine, prompt, stop, Node)
        same += reply == greedy_torch(model, prompt, stop)
        with torch.no_grad():
            wanted = torch.log_softmax(model(input_ids=torch.tensor([prompt])).logits[0, -1].float(), -1)
        top = wanted.topk(10).indices
        got = torch.log_softmax(torch.from_numpy(first), -1)
        differences.append(float((wanted[top] - got[top]).abs().mean()))
    engine.close()
    return {
        "questions": count,
        "same_answers": round(same / count, 4),
        "mean_difference": round(float(np.mean(differences)), 4),
        "largest_difference": round(float(np.max(differences)), 4),
    }


def greedy_llama(engine: Any, prompt: list[int], stop: int, node: Any, limit: int = 32) -> tuple[list[int], Any]:
    """Greedy token ids of llama.cpp and the logits of the first."""
    from qa.models.llama import CHUNK

    engine.clear()
    logits: Any = None
    for start in range(0, len(prompt), CHUNK):
        part = prompt[start : start + CHUNK]
        nodes = [node(t, start + n, [0], wanted=start + n == len(prompt) - 1) for n, t in enumerate(part)]
        logits = engine.evaluate(nodes)[-1]
    first, reply = logits, []
    while len(reply) < limit and (token := int(np.argmax(logits))) != stop:
        reply.append(token)
        logits = engine.evaluate([node(token, len(prompt) + len(reply) - 1, [0], wanted=True)])[-1]
    return reply, first


def averaged(folder: Path) -> dict[str, Any]:
    """The averaged adapter out of a run's checkpoint."""
    import torch

    state: dict[str, Any] = torch.load(folder / "state.pt", weights_only=True)
    return dict(state["average"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "training" / "runs" / "reader")
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--compare", type=Path, nargs="*", default=[], help="base GGUF files to compare with torch")
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--note", default="")
    options = parser.parse_args()
    state = averaged(options.folder)
    write(state, options.target, options.note)
    print(f"{options.target}: {options.target.stat().st_size / 1e6:.1f} MB")
    for base in options.compare:
        print(base.name, compare(base, options.target, state, options.questions))


if __name__ == "__main__":
    main()
