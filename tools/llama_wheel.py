"""Print the path of a llama-cpp-python wheel that works on this machine, compiling it first where the cache has none.

Compiled plainly for x86-64, version 0.3.36 crashes in its first inference on CPUs with AMX: the compiler drops the
tile configuration. So it is compiled without AMX, and kept outside the checkout, because compiling takes about four
minutes and pip's own cache does not look at compiler flags. Standard library only: it runs first.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

VERSION = "0.3.36"
NO_AMX = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"


def compiler_flags() -> str:
    """Extra flags for C and C++ on this machine; MSVC needs none, it never uses AMX."""
    x86 = platform.machine().lower() in {"x86_64", "amd64"}
    return NO_AMX if x86 and os.name != "nt" else ""


def cpu_features() -> str:
    """What this CPU can do: the build is made for it alone, and another one may lack an instruction."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    found = {line.partition(":")[2] for line in lines if line.lower().startswith(("flags", "features"))}
    return " ".join(sorted({name for line in found for name in line.split()}))


def key() -> str:
    """Name of the cache folder: two machines share it only where one's wheel works on the other."""
    flags = hashlib.sha256(f"{compiler_flags()}\n{cpu_features()}".encode()).hexdigest()[:12]
    return f"{VERSION}-py3-{platform.system()}-{platform.machine()}-{flags}".lower()


def cache() -> Path:
    """The folder for this machine's wheel, outside any checkout."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "qa" / "wheels" / key()


def say(text: str) -> None:
    """A line for the person who waits; standard output is the path alone."""
    sys.stderr.write(text + "\n")


def require_compiler() -> None:
    """Stop with one line when nothing can compile C++. On Windows the build finds Visual Studio by itself."""
    names = [os.environ.get("CXX", "c++").split()[0], "g++", "clang++"]
    if os.name != "nt" and not any(shutil.which(name) for name in names):
        sys.exit(
            "qa needs a C++ compiler to build llama-cpp-python: install g++ (Debian: build-essential)"
            " or, on macOS, run xcode-select --install"
        )


def build(folder: Path) -> Path:
    """Compile the wheel into ``folder``. What the compiler said is shown only when it failed."""
    require_compiler()
    say(f"compiling llama-cpp-python {VERSION} for this CPU: once, about four minutes")
    command = [sys.executable, "-m", "pip", "wheel", "--no-cache-dir", "--no-deps", "--no-binary=llama-cpp-python"]
    if flags := compiler_flags():
        command += [f"--config-settings=cmake.define.CMAKE_{language}_FLAGS={flags}" for language in ("C", "CXX")]
    command += [f"--wheel-dir={folder}", f"llama-cpp-python=={VERSION}"]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
    )
    wheels = sorted(folder.glob("llama_cpp_python-*.whl"))
    if done.returncode or not wheels:
        say(done.stdout[-6000:])
        sys.exit(f"llama-cpp-python {VERSION} could not be compiled: the lines above say why")
    return wheels[0]


def main() -> None:
    """Print the wheel's path. A new one enters the cache in one step: an interrupted build leaves nothing behind."""
    place = cache()
    if "--key" in sys.argv:
        print(place)
        return
    place.mkdir(parents=True, exist_ok=True)
    found = sorted(place.glob("llama_cpp_python-*.whl"))
    if not found:
        with tempfile.TemporaryDirectory(dir=place) as folder:
            wheel = build(Path(folder))
            found = [place / wheel.name]
            wheel.replace(found[0])
    print(found[0])


if __name__ == "__main__":
    main()
