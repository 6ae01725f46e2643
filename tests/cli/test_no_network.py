"""The default models answer without a single network connection: every socket call of a whole process is counted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qa.config import load

WATCHED = """
import json, sys
seen = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto"):
        seen.append(event)
sys.addaudithook(watch)
from qa.cli import run
code = run(sys.argv[1:])
heavy = sorted({"torch", "sentence_transformers", "textual"} & set(sys.modules))
print(json.dumps({"code": code, "sockets": seen, "heavy": heavy}), file=sys.stderr)
"""


def watched(*arguments: str, store: Path) -> tuple[dict[str, object], str]:
    """Run in a home of its own, with the models as they were converted before."""
    command = [sys.executable, "-c", WATCHED, *arguments, "--store", str(store)]
    ours = {"HF_HUB_OFFLINE": "", "HOME": str(store.parent / "home"), "QA_CACHE_DIR": str(load(None, {}, {}).cache_dir)}
    env = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_"))}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env | ours)
    return json.loads(done.stderr.strip().splitlines()[-1]), done.stdout


@pytest.mark.slow
def test_indexing_and_asking_open_no_socket_and_import_no_torch(tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text(
        "# Bridge\n\nThe new bridge over the Tarn has 14 arches, the mayor said.\n", encoding="utf-8"
    )
    store = tmp_path / "index"
    (tmp_path / "home").mkdir()
    indexed, _ = watched("index", str(tmp_path / "note.md"), store=store)
    assert indexed["code"] == 0
    assert indexed["sockets"] == []
    asked, answer = watched("ask", "How many arches has the new bridge?", "--json", store=store)
    assert asked["sockets"] == []
    assert asked["heavy"] == []
    assert asked["code"] == 0
    assert json.loads(answer)["short"] == "14"
    assert not list((tmp_path / "home").rglob("*"))  # a library that reports home leaves an identifier there
