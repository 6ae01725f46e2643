"""The only door to llama_cpp: the library, what it complains of, and re-quantisation."""

from __future__ import annotations

import ctypes
import os
from collections import deque
from functools import lru_cache
from pathlib import Path
from typing import Any

from qa.errors import ModelError
from qa.models.files import threads_or_cores, wait_calmly
from qa.models.signals import interrupts_wait

_INSTALL = "pip install llama-cpp-python==0.3.36; `qa doctor` prints the build flags that this machine needs"
_log: deque[str] = deque(maxlen=20)


@lru_cache
def library() -> Any:
    """The llama_cpp module, started once and silenced. Raises ``ModelError`` when it is missing or cannot be loaded."""
    wait_calmly()
    # A failed assertion in it would start a debugger to print a stack.
    os.environ.setdefault("GGML_NO_BACKTRACE", "1")
    try:
        import llama_cpp
    except Exception as error:  # a missing package, a missing shared library, a wrong architecture
        raise ModelError(f"llama-cpp-python cannot be imported: {str(error).splitlines()[0]}", _INSTALL) from error
    llama_cpp.llama_log_set(_listener(llama_cpp), ctypes.c_void_p(0))
    llama_cpp.llama_backend_init()
    return llama_cpp


def check_magic(path: Path) -> None:
    """Raise ``ModelError`` unless the path is a file that starts as GGUF files do."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except FileNotFoundError as error:
        raise ModelError(f"there is no model file at {path}") from error
    except OSError as error:
        raise ModelError(f"the model file {path} cannot be read: {error.strerror}") from error
    if head[:4] != b"GGUF":
        raise ModelError(f"{path} is not a GGUF model: it does not start with the letters GGUF")


def requantize(source: Path, target: Path, threads: int | None = None) -> None:
    """Write ``source`` with its matrices as F16 to ``target``. Raises ``ModelError``."""
    check_magic(source)
    lib = library()
    parameters = lib.llama_model_quantize_default_params()
    parameters.ftype = lib.LLAMA_FTYPE_MOSTLY_F16
    parameters.allow_requantize = True
    parameters.nthread = threads_or_cores(threads)
    forget_said()
    with interrupts_wait():
        code = lib.llama_model_quantize(os.fsencode(source), os.fsencode(target), ctypes.byref(parameters))
    if code != 0:
        raise ModelError(f"the model {source} cannot be re-quantised to {target}{said()}")


@lru_cache
def _listener(lib: Any) -> Any:
    """A callback that keeps llama.cpp's warnings and errors for messages instead of letting it write to stderr."""

    def hear(level: int, text: bytes, _: object) -> None:
        if level in {2, 3}:
            _log.append(text.decode("utf-8", "replace").strip())

    return lib.llama_log_callback(hear)


def said() -> str:
    """For a message: the first complaint of llama.cpp since the log was cleared; later ones only repeat it."""
    return next((f": {line[:200]}" for line in _log if line), "")


def forget_said() -> None:
    """Clear the log: what llama.cpp says from here on belongs to what comes next."""
    _log.clear()
