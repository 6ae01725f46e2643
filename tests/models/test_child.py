from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import qa
from qa.models import child


def test_a_child_imports_qa_from_here_and_nothing_from_the_current_folder(tmp_path):
    for name in ("json", "qa", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken over')", encoding="utf-8")
    code = "import json, qa; print(qa.__file__, sys.argv[2])"
    done = subprocess.run(child.command(code, "x y"), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
    place, argument = done.stdout.strip().split(" ", 1)
    assert (Path(place), argument) == (Path(qa.__file__), "x y")


@pytest.mark.parametrize(
    ("code", "name"), [(-11, "SIGSEGV"), (-200, "signal 200"), (3221225501, "illegal instruction"), (1, ""), (0, "")]
)
def test_crashes_have_names(code, name):
    assert child.crash(code) == name
