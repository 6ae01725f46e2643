"""Lets the trained asker make questions that passages do not answer, in two processes, and keeps those worth learning:
`python -m training.ask`. `training.mixture` puts them beside the passages' own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.resources import REFUSAL
from training import asking, ranks
from training.base_model import adapted, base_folder, load_model
from training.data import Passage, Question, passages
from training.export_gguf import TARGET, averaged
from training.lora import answer_logits
from training.pack import MAX_PREFIX, Group, Tokens, load_tokenizer, pack, tokenize
from training.train_asker import encoded, prompt_of

if TYPE_CHECKING:
    import torch

PER_PASSAGE, PER_QUESTION = 8, 3
"""Sources of a passage, and questions made of each: the likeliest, and others by chance."""
BATCH, SORTED = 32, 640
"""Prompts at once, and among how many the alike in length come together."""
LONGEST = 32
"""Tokens of a question."""
TEMPERATURE, CHOICES = 0.8, 20
ASKED = 8
"""Questions scored at once."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``minutes`` of making; scoring comes after it."""

    minutes: float
    folder: Path = asking.FOLDER
    seed: int = 5
    ranks: int = 1


@dataclass(frozen=True, slots=True)
class Job:
    """A question out of which others are made."""

    passage: Passage
    question: Question
    prompt: Tokens
    """Its only branch is the rest of the prompt."""

    @property
    def length(self) -> int:
        return len(self.prompt)


def jobs(plan: Plan, rank: int, tokenizer: Any) -> list[Job]:
    """A rank's share of the questions of both SQuAD sets, in an order that every run has."""
    rng = random.Random(plan.seed)
    everything = passages("qa_train", "squad2", "squad1")
    rng.shuffle(everything)
    found = []
    for passage in everything:
        prefix = prompt_of(passage.title.replace("_", " "), passage.text, tokenizer)
        for question in asking.sources(passage, PER_PASSAGE, rng) if len(prefix.prefix) <= MAX_PREFIX else ():
            branch: tuple[list[int], list[int]] = (encoded(asking.tail(question.text), tokenizer), [])
            found.append(Job(passage, question, Tokens(prefix.opening, prefix.prefix, [branch])))
    found = found[rank :: plan.ranks]
    chunks = (sorted(found[i : i + SORTED], key=lambda job: job.length) for i in range(0, len(found), SORTED))
    return [job for chunk in chunks for job in chunk]


def asker(folder: Path) -> Any:
    """The trained model, its adapter merged."""
    import torch
    from transformers import AutoModelForCausalLM

    from training.optimize import Optimizer

    model = adapted(AutoModelForCausalLM.from_pretrained(base_folder(), dtype=torch.float32))
    Optimizer(model, 0.0).show(averaged(folder))
    return model.merge_and_unload().bfloat16().eval()


def prompts(batch: list[Tokens]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Ids and positions (n, longest), the additive mask (n, 1, longest, longest) under which a passage sees all of
    itself, and which tokens are none; filled up on the left.
    """
    import torch

    packs = [pack([one]) for one in batch]
    size = max(len(one.ids) for one in packs)
    ids, places = torch.zeros(2, len(packs), size, dtype=torch.long)
    seen = torch.eye(size, dtype=torch.bool).repeat(len(packs), 1, 1, 1)
    live = torch.zeros(len(packs), size, dtype=torch.bool)
    for number, one in enumerate(packs):
        start = size - len(one.ids)
        ids[number, start:], places[number, start:], live[number, start:] = one.ids, one.positions, True
        seen[number, 0, start:, start:] = one.mask
    return ids, places, shade(seen), live


def shade(seen: torch.Tensor) -> torch.Tensor:
    """Zero where something is seen, else as little as bf16 knows."""
    import torch

    lowest = torch.finfo(torch.bfloat16).min
    return torch.zeros(seen.shape, dtype=torch.bfloat16).masked_fill_(~seen, lowest)


def made(model: Any, batch: list[Tokens], end: int) -> list[list[list[int]]]:
    """``PER_QUESTION`` questions for each prompt, as ids: the first is the likeliest at each step."""
    import torch

    ids, places, mask, live = prompts(batch)
    out = model.model(input_ids=ids, attention_mask=mask, position_ids=places, use_cache=True)
    cache = out.past_key_values
    cache.batch_repeat_interleave(PER_QUESTION)
    last = model.lm_head(out.last_hidden_state[:, -1]).float().repeat_interleave(PER_QUESTION, 0)
    live = live.repeat_interleave(PER_QUESTION, 0)
    place = places[:, -1:].repeat_interleave(PER_QUESTION, 0)
    chosen: list[torch.Tensor] = []
    ended = torch.zeros(len(last), dtype=torch.bool)
    while len(chosen) < LONGEST and not bool(ended.all()):
        top = torch.softmax(last / TEMPERATURE, -1).topk(CHOICES)
        pick = top.indices.gather(1, torch.multinomial(top.values, 1))[:, 0]
        pick[::PER_QUESTION] = last[::PER_QUESTION].argmax(-1)
        ended |= pick == end
        chosen.append(torch.where(ended, end, pick))
        live = torch.cat([live, torch.ones(len(live), 1, dtype=torch.bool)], 1)
        place = place + 1
        out = model.model(
            input_ids=pick[:, None],
            attention_mask=shade(live[:, None, None, :]),
            position_ids=place,
            past_key_values=cache,
            use_cache=True,
        )
        last = model.lm_head(out.last_hidden_state[:, -1]).float()
    rows = [[i for i in row if i != end] for row in torch.stack(chosen, 1).tolist()]
    return [rows[i : i + PER_QUESTION] for i in range(0, len(rows), PER_QUESTION)]


def ask(plan: Plan, rank: int = 0) -> None:
    """One rank's questions, into a file of its own."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(plan.seed * 100 + rank)
    tokenizer, model = load_tokenizer(base_folder()), asker(plan.folder)
    end = encoded("<|im_end|>", tokenizer)[0]
    waiting, start = jobs(plan, rank, tokenizer), time.monotonic()
    with (plan.folder / f"made-{rank}.jsonl").open("w", encoding="utf-8") as stream, torch.inference_mode():
        for first in range(0, len(waiting), BATCH):
            if time.monotonic() - start > plan.minutes * 60:
                break
            part = waiting[first : first + BATCH]
            for job, found in zip(part, made(model, [job.prompt for job in part], end), strict=True):
                texts = [tokenizer.decode(ids).strip() for ids in found]
                stream.write(json.dumps([job.passage.text, job.question.text, texts]) + "\n")


def edits(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """By passage the questions that are edits, and of what kind."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("made-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text, source, texts = json.loads(line)
            for one in texts:
                if kind := asking.kind_of_edit(source, one, text):
                    found.setdefault(text, {}).setdefault(one, kind)
    return {text: list(kinds.items()) for text, kinds in found.items()}


def kept(found: dict[str, list[tuple[str, str]]], reader: Path) -> dict[str, list[str]]:
    """Less those that the reader, as it is now, is nearly sure to answer though they may be the same question in other
    words.
    """
    import torch

    from training.fast import Fast

    model, tokenizer = Fast(load_model(start=reader)), load_tokenizer(base_folder())
    titles = {p.text: p.title.replace("_", " ") for p in passages("qa_train", "squad2", "squad1")}
    result: dict[str, list[str]] = {}
    for text, questions in found.items():
        for first in range(0, len(questions), ASKED):
            part = questions[first : first + ASKED]
            branches = tuple((question, REFUSAL) for question, _ in part)
            tokens = tokenize(Group("read", {"title": titles[text], "passage": text}, branches), tokenizer)
            if tokens is None:
                continue
            with torch.no_grad():
                logits, labels, example = answer_logits(model, [pack([tokens])])
            scores = torch.log_softmax(logits, -1).gather(1, labels[:, None])[:, 0]
            for number, (question, kind) in enumerate(part[: len(tokens.branches)]):
                if float(scores[example == number].sum().exp()) >= asking.SUSPECT.get(kind, 0.0):
                    result.setdefault(text, []).append(question)
    return result


def run(plan: Plan, reader: Path = TARGET) -> None:
    """All ranks' questions, and what is left of them, in ``asking.QUESTIONS``."""
    ranks.run(ask, plan)
    result = kept(edits(plan.folder), reader)
    asking.QUESTIONS.write_text(json.dumps(result), encoding="utf-8")
    print(f"{asking.QUESTIONS}: {sum(map(len, result.values()))} questions on {len(result)} passages")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=18)
    parser.add_argument("--ranks", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    run(Plan(options.minutes, ranks=options.ranks))


if __name__ == "__main__":
    main()
