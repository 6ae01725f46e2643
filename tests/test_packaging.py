"""The wheel, built and installed in an environment of its own: what it holds, what it exposes, whether it answers."""

import csv
import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = sorted(path.name for path in ROOT.iterdir() if path.is_dir() and path.name.isidentifier())


def run(command: Sequence[str | Path], cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run without the variables that steer ``qa``, and with a standard input that is empty."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("QA_", "PYTHON"))}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean | {"PYTHONUTF8": "1"} | env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=170,
        check=False,
    )


def good(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    good(run([sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder], ROOT))
    (archive,) = folder.glob("*.tar.gz")
    return archive


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the source distribution, as an installer does that finds no wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (source,) = folder.iterdir()
    good(run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], source))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a new environment that holds the wheel and, through a path file, what it depends on.

    Path files are not followed from path to path, so the editable install of this checkout stays out of sight.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    own = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    found = Path(sysconfig.get_path("scripts", "venv", {"base": str(folder)})) / Path(sys.executable).name
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", found, "install"]
    good(run([*pip, "--no-deps", "--no-index", "--ignore-installed", wheel], folder))
    return found


def test_the_wheel_holds_one_package_with_its_data_and_licences(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"qa"}
    here = {path.relative_to(ROOT).as_posix() for name in ("prompts", "seeds") for path in (ROOT / name).iterdir()}
    assert {f"qa/_data/{name}" for name in here} <= set(names)
    assert "qa/py.typed" in names
    assert {Path(name).name for name in names if "/licenses/" in name} == {"LICENSE", "NOTICE"}


def test_the_wheel_holds_every_module_and_weight_of_the_checkout(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    there = [path for path in (ROOT / "qa").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    missing = {path.relative_to(ROOT).as_posix() for path in there} - names
    assert not missing


def test_the_weights_are_small_enough_to_ship(wheel: Path) -> None:
    shipped = [info for info in zipfile.ZipFile(wheel).infolist() if info.filename.startswith("qa/weights/")]
    assert sum(info.file_size for info in shipped) <= 64 * 1024 * 1024


@pytest.mark.slow
def test_only_qa_becomes_importable(python: Path, tmp_path: Path) -> None:
    program = """
import csv, importlib.metadata, importlib.util, json, sys
files = importlib.metadata.files("qa-cited")
top = sorted({file.parts[0] for file in files if not file.parts[0].startswith("..")})
found = {name: getattr(importlib.util.find_spec(name), "origin", None) for name in sys.argv[1:]}
print(json.dumps([top, found]))
"""
    top, found = json.loads(good(run([python, "-c", program, *FOLDERS], tmp_path)))
    assert [name for name in top if not name.endswith(".dist-info")] == ["qa"]
    assert Path(found["qa"]).is_relative_to(python.parent.parent.resolve())
    assert not [name for name in FOLDERS if name != "qa" and found[name] and Path(found[name]).is_relative_to(ROOT)]


@pytest.mark.slow
def test_the_installed_command_answers_outside_the_checkout_without_torch(python: Path, tmp_path: Path) -> None:
    command = python.parent / "qa"
    seeds = good(run([python, "-c", "from qa import resources; print(resources.folder('seeds'))"], tmp_path)).strip()
    assert not Path(seeds).is_relative_to(ROOT)
    good(run([command, "index", seeds, "--store", tmp_path / "store"], tmp_path))
    ask = [command, "ask", "--store", tmp_path / "store", "--json", "how many Marines were sent?"]
    done = run(ask, tmp_path, PYTHONPROFILEIMPORTTIME="1")
    answer = json.loads(good(done))
    assert answer["status"] == "answered"
    assert answer["short"] == "100"
    modules = {row[-1].strip() for row in csv.reader(done.stderr.splitlines(), delimiter="|") if len(row) == 3}
    assert "qa.cli" in modules
    assert not modules & {"torch", "sentence_transformers", "transformers", "textual"}
