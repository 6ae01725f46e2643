"""What a run was made of. Two runs compare when suite and corpus are the same; prompts, models and code are what is
compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import qa
from qa.evaluate.cases import Suite
from qa.resources import prompts_sha256


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Hashes and names; equal fingerprints give equal answers on the same machine."""

    suite: str
    corpus: str
    prompts: str
    models: Mapping[str, str]
    code: str
    seed: int

    @property
    def key(self) -> str:
        """One hash of all of it."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def corpus_sha256(suite: Suite) -> str:
    """Of every corpus that the suite's cases are asked of."""
    corpora = {suite.corpus(case) for case in suite.cases}
    return hashlib.sha256("".join(sorted(corpus.sha256() for corpus in corpora)).encode()).hexdigest()


def of(suite: Suite, models: Mapping[str, str], seed: int) -> Fingerprint:
    """The fingerprint of a suite, asked of these models."""
    return Fingerprint(suite.sha256, corpus_sha256(suite), prompts_sha256(), dict(models), code_sha256(), seed)


@lru_cache
def code_sha256() -> str:
    """Of the package's version and source files, so that an edited checkout is not taken for a release."""
    digest = hashlib.sha256(qa.__version__.encode())
    root = Path(qa.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
