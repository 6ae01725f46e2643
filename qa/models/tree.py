"""Prompts that share a beginning, as a tree of tokens: what is common is evaluated once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Node:
    """One token to evaluate, for every sequence whose prompt passes through it."""

    token: int
    position: int
    sequences: list[int] = field(default_factory=list)
    wanted: bool = False
    """Whether the distribution after this token is read."""


class TokenTree:
    """Sequences of tokens, merged where they begin alike. In ``nodes`` each one comes after its parent.

    The first token stands at position ``start``: what comes before it is evaluated already.
    """

    def __init__(self, start: int = 0) -> None:
        self.start = start
        self.nodes: list[Node] = []
        self._children: dict[tuple[int, int], int] = {}

    def add(self, sequence: int, tokens: Sequence[int], wanted_from: int) -> list[int]:
        """Add a sequence, its tokens from index ``wanted_from`` on wanted. Returns their indices in ``nodes``."""
        path: list[int] = []
        parent = -1
        for place, token in enumerate(tokens):
            index = self._children.setdefault((parent, token), len(self.nodes))
            if index == len(self.nodes):
                self.nodes.append(Node(token, self.start + place))
            node = self.nodes[index]
            node.sequences.append(sequence)
            node.wanted = node.wanted or place >= wanted_from
            path.append(index)
            parent = index
        return path

    def child(self, index: int, token: int) -> int | None:
        """Index of the node that follows another one with this token, if a sequence passes there."""
        return self._children.get((index, token))


def shared_prefix(first: Sequence[int], second: Sequence[int]) -> int:
    """How many tokens two sequences have in common from the start."""
    for index, (a, b) in enumerate(zip(first, second, strict=False)):
        if a != b:
            return index
    return min(len(first), len(second))
