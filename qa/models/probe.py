"""Whether llama.cpp works on this machine, tried in a child process: a wrong build ends a process without a word."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from qa.errors import ModelError
from qa.models import child as child_process
from qa.models.files import read_json, stamp, write_json

VERSION = "0.3.36"
_AMX_FLAGS = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"
_SECONDS = 120
_CHILD = "from qa.models.probe import child; child(sys.argv[2])"


@dataclass(frozen=True, slots=True)
class Processor:
    """Name and instruction-set flags of the CPU; flags are empty where the system does not tell."""

    name: str
    flags: frozenset[str]

    @property
    def amx(self) -> tuple[str, ...]:
        """Its matrix extensions, which plain builds of llama.cpp crash on."""
        return tuple(sorted(flag for flag in self.flags if flag.startswith("amx")))


def processor(cpuinfo: Path = Path("/proc/cpuinfo")) -> Processor:
    """The CPU of this machine."""
    facts: dict[str, str] = {}
    with suppress(OSError):
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            facts.setdefault(key.strip(), value.strip())
    name = facts.get("model name") or platform.processor() or platform.machine() or "unknown"
    return Processor(name, frozenset(facts.get("flags", "").split()))


def reinstall_command(machine: str | None = None) -> str:
    """The command that builds llama.cpp so that it works here."""
    install = f"pip install --force-reinstall --no-deps --no-cache-dir llama-cpp-python=={VERSION}"
    if (machine or platform.machine()).lower() not in {"x86_64", "amd64"}:
        return install
    return f"CMAKE_ARGS=\"-DCMAKE_C_FLAGS='{_AMX_FLAGS}' -DCMAKE_CXX_FLAGS='{_AMX_FLAGS}'\" {install}"


def try_model(model: Path, command: list[str] | None = None) -> str:
    """Read a few words with the model in a child process. Returns what went wrong, or an empty string."""
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter, and a path as one argument; no shell
            command or child_process.command(_CHILD, str(model)),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return f"gave no answer in {_SECONDS} seconds"
    except OSError as error:
        return f"a child process cannot be started: {error}"
    if done.returncode == 0 and done.stdout.strip().endswith(b"ok"):
        return ""
    if crash := child_process.crash(done.returncode):
        return f"crashed in its first inference ({crash})"
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else f"ended with code {done.returncode}"


def explain(problem: str, cpu: Processor) -> tuple[str, str]:
    """What a failed probe means on this CPU, and the command that mends it."""
    detail = f"llama.cpp {problem} on {cpu.name}"
    if "crashed" in problem:
        if cpu.amx:
            detail += (
                f": this CPU has {', '.join(cpu.amx)}, and a plain build of llama.cpp sets up these matrix registers "
                "wrongly; a build without them works"
            )
        else:
            detail += ": it was built for another CPU"
        return detail, reinstall_command()
    return detail, "" if "GGUF" in problem or "model" in problem else reinstall_command()


def ensure_llama_works(cache: Path, model: Path) -> None:
    """Probe once for each build, CPU and model file; raise ``ModelError`` with the mending command when it fails.

    A success is remembered under ``cache``, so that later starts cost a few file stamps.
    """
    cpu = processor()
    note = cache / "probe" / f"{build_key(model, cpu)}.json"
    if read_json(note).get("ok") is True:
        return
    problem = try_model(model)
    if problem:
        raise ModelError(*explain(problem, cpu))
    with suppress(OSError):
        write_json(note, {"ok": True})


def llama_version() -> str:
    """Of the installed llama-cpp-python, without importing it; empty when there is none."""
    try:
        return importlib.metadata.version("llama-cpp-python")
    except importlib.metadata.PackageNotFoundError:
        return ""


def child(model: str) -> None:
    """What the child process does: evaluate a batch and one token, as reading a passage does."""
    from qa.models.engine import Engine
    from qa.models.tree import TokenTree

    try:
        engine = Engine(Path(model), threads=1, context=256)
        tree = TokenTree()
        tree.add(0, engine.prompt("Answer.", "one two three four five six seven eight " * 8)[:100], wanted_from=99)
        engine.evaluate(tree.nodes)
    except ModelError as error:
        sys.stderr.write(error.message + "\n")
        raise SystemExit(1) from None
    sys.stdout.write("ok\n")


def build_key(model: Path, cpu: Processor) -> str:
    """Of a model file, the build of llama.cpp and the processor: equal keys compute equal bytes."""
    facts = [llama_version(), cpu.name, " ".join(sorted(cpu.flags)), str(model.resolve())]
    with suppress(OSError, importlib.metadata.PackageNotFoundError):
        facts.append(str(stamp(model)))
        record = importlib.metadata.distribution("llama-cpp-python").locate_file("llama_cpp/lib")
        facts += [f"{path.name}{stamp(path)}" for path in sorted(Path(str(record)).glob("*"))]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:32]
