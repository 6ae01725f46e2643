"""The set-up by make: what is done, in which order, and that it is not done twice."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STAMPS = ("venv", "llama", "run", "dev")

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a fresh checkout as make looks at."""
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "Q"}}
    command = ["make", *arguments]
    return subprocess.run(command, cwd=folder, env=clean | env, capture_output=True, text=True, check=False, timeout=60)


def set_up(folder: Path) -> None:
    """Leave what a finished set-up leaves: the stamps, later than what they depend on."""
    (folder / ".venv").mkdir()
    later = (folder / "constraints.txt").stat().st_mtime + 10
    for place, name in enumerate(STAMPS):
        stamp = folder / ".venv" / f".stamp-{name}"
        stamp.touch()
        os.utime(stamp, (later + place, later + place))


def test_llama_is_installed_before_whatever_might_compile_it_otherwise(checkout: Path) -> None:
    steps = make(checkout, "--dry-run", "setup-dev").stdout
    order = [
        steps.index(text) for text in ("-m venv", "llama_wheel.py", "--editable .", "extra.py bundled", "extra.py dev")
    ]
    assert order == sorted(order)


def test_a_second_run_does_no_set_up(checkout: Path) -> None:
    assert make(checkout, "--question", "setup-dev").returncode == 1
    set_up(checkout)
    assert make(checkout, "--question", "setup-dev").returncode == 0


@pytest.mark.parametrize("name", ["constraints.txt", "pyproject.toml"])
def test_changed_requirements_are_installed_again(checkout: Path, name: str) -> None:
    set_up(checkout)
    newest = (checkout / ".venv" / ".stamp-dev").stat().st_mtime + 10
    os.utime(checkout / name, (newest, newest))
    assert make(checkout, "--question", "setup").returncode == 1
    assert "-m venv" not in make(checkout, "--dry-run", "setup").stdout


def test_without_python_one_line_says_what_to_do(checkout: Path) -> None:
    done = make(checkout, "setup", "PYTHON=")
    assert done.returncode
    assert done.stderr.startswith("qa needs Python 3.11 or later: install it")


def test_without_a_question_ask_says_how(checkout: Path) -> None:
    set_up(checkout)
    (checkout / "index").mkdir()
    (checkout / "index" / "manifest.json").touch()
    assert 'make ask Q="how many Marines were sent?"' in make(checkout, "ask").stderr


def wheel(cache: Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "llama_wheel.py")]
    clean = {name: value for name, value in os.environ.items() if name != "CXX"} | {"XDG_CACHE_HOME": str(cache)}
    return subprocess.run(command, env=clean | env, capture_output=True, text=True, check=False, timeout=60)


def test_a_wheel_in_the_cache_is_not_compiled_again(tmp_path: Path) -> None:
    asked = [sys.executable, str(ROOT / "tools" / "llama_wheel.py"), "--key"]
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    place = Path(subprocess.run(asked, env=env, capture_output=True, text=True, check=True, timeout=60).stdout.strip())
    assert place.is_relative_to(tmp_path)
    place.mkdir(parents=True)
    kept = place / "llama_cpp_python-0.3.36-py3-none-any.whl"
    kept.touch()
    assert wheel(tmp_path, PATH="").stdout.strip() == str(kept)


@pytest.mark.skipif(os.name == "nt", reason="Visual Studio is found by the build itself")
def test_without_a_compiler_one_line_says_what_to_install(tmp_path: Path) -> None:
    done = wheel(tmp_path, PATH=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("qa needs a C++ compiler")


def test_the_version_that_is_compiled_is_the_version_that_is_required() -> None:
    wanted = {
        name: (ROOT / name).read_text(encoding="utf-8") for name in ("pyproject.toml", "constraints.txt", "README.md")
    }
    from_tool = (
        (ROOT / "tools" / "llama_wheel.py").read_text(encoding="utf-8").partition('VERSION = "')[2].partition('"')[0]
    )
    assert from_tool
    assert not [name for name, text in wanted.items() if f"llama-cpp-python=={from_tool}" not in text]


def test_the_lock_pins_every_requirement() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0] for line in lines if "==" in line}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(item for extra in project["optional-dependencies"].values() for item in extra),
    ]
    names = {re.split(r"[\[<>=!~; ]", item)[0].lower().replace("_", "-") for item in wanted}
    assert not names - pinned
