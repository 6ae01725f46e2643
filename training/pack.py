"""Prompts to tokens: a shared prefix is read once, its questions follow it under a block mask with restarted
positions.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.resources import prompt

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

IGNORED = -100
MAX_PREFIX = 420
MAX_GROUP = 560


@dataclass(frozen=True, slots=True)
class Group:
    """One prefix (task, title and passage, or premise) and the (question or claim, answer) branches that follow it."""

    task: str
    context: dict[str, str]
    branches: tuple[tuple[str, str], ...]

    @property
    def slot(self) -> str:
        return "claim" if self.task == "support" else "question"


def render(group: Group) -> tuple[str, str, list[str]]:
    """In the base model's chat template: what comes before the user's text, the text that all branches share, and each
    branch's own prompt text after it.
    """
    task = prompt(group.task)
    values = {key: " ".join(value.split()) if key == "title" else value.strip() for key, value in group.context.items()}
    opening = f"<|im_start|>system\n{task.system}<|im_end|>\n<|im_start|>user\n"
    shared = task.begin(**values)
    asked = [task.fill(**values, **{group.slot: text.strip()}) for text, _ in group.branches]
    tails = [f"{user.removeprefix(shared)}<|im_end|>\n<|im_start|>assistant\n" for user in asked]
    return opening, shared, tails


@dataclass(frozen=True, slots=True)
class Tokens:
    """A tokenised group: prefix ids, of which the first ``opening`` come before the user's text, and per branch its
    prompt ids and answer ids (end of turn included).
    """

    opening: int
    prefix: list[int]
    branches: list[tuple[list[int], list[int]]]

    def __len__(self) -> int:
        return len(self.prefix) + sum(len(q) + len(a) for q, a in self.branches)


def load_tokenizer(base: Path) -> Any:
    """The base model's own tokenizer, from the folder that ``base_model.base_folder`` wrote."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(base)


def tokenize(group: Group, tokenizer: Any) -> Tokens | None:
    """None when the prefix is too long to train on; branches beyond the group's limit are left out."""

    def encode(text: str) -> list[int]:
        return list(tokenizer(text, add_special_tokens=False)["input_ids"])

    head, shared, tails = render(group)
    opening = encode(head)
    prefix = opening + encode(shared)
    if len(prefix) > MAX_PREFIX:
        return None
    result = Tokens(len(opening), prefix, [])
    for tail, (_, answer) in zip(tails, group.branches, strict=True):
        branch = encode(tail), encode(answer + "<|im_end|>")
        if result.branches and len(result) + sum(map(len, branch)) > MAX_GROUP:
            break
        result.branches.append(branch)
    return result


@dataclass(slots=True)
class Pack:
    """Groups laid one after another. ``ids``, ``positions``, ``labels`` have shape (n,), ``mask`` (n, n); ``example``
    numbers the ``answers``.
    """

    ids: torch.Tensor
    positions: torch.Tensor
    mask: torch.Tensor
    labels: torch.Tensor
    example: torch.Tensor
    answers: int


def pack(groups: Sequence[Tokens]) -> Pack:
    """Lay groups one after another. A token sees its own group's prefix and its own branch, up to itself; what the
    group's branches share of the user's text, the passage, sees all of itself.
    """
    import torch

    ids: list[int] = []
    positions: list[int] = []
    owner: list[tuple[int, int]] = []
    whole: list[bool] = []
    labels: list[int] = []
    example: list[int] = []
    count = 0
    for number, group in enumerate(groups):
        start = len(group.prefix)
        for branch, (question, answer) in enumerate([(group.prefix, []), *group.branches]):
            length = len(question) + len(answer)
            first = start if branch else 0
            ids += question + answer
            positions += range(first, first + length)
            owner += [(number, branch)] * length
            whole += [not branch and place >= group.opening for place in range(length)]
            labels += [IGNORED] * len(question) + answer
            example += [count - 1 if not branch else count] * length
            count += bool(branch)
    group_of = torch.tensor([g for g, _ in owner])
    branch_of = torch.tensor([b for _, b in owner])
    same_group = group_of[:, None] == group_of[None, :]
    visible = (branch_of[None, :] == 0) | (branch_of[:, None] == branch_of[None, :])
    before = visible & torch.ones(len(ids), len(ids), dtype=torch.bool).tril()
    inside = torch.tensor(whole)
    mask = same_group & (before | inside[:, None] & inside[None, :])
    return Pack(torch.tensor(ids), torch.tensor(positions), mask, torch.tensor(labels), torch.tensor(example), count)
