"""A writer that is killed anywhere leaves the old index or the new one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qa.store import Index, Report, update
from qa.store.files import generation_of

POINTS = 60

# The child forks once a point: importing the product takes far longer than the update itself. It kills itself after
# a number of executed lines of the store, so that no point is left out because nobody thought of it.
CHILD = """
import os, random, shutil, signal, sys
from pathlib import Path
from qa.store import update
from qa.testing import HashEmbedder

base, points = Path(sys.argv[1]), int(sys.argv[2])

def run(place, deadline):
    count = 0
    def trace(frame, event, argument):
        nonlocal count
        if "qa" + os.sep + "store" not in frame.f_code.co_filename:
            return None
        count += 1
        if count == deadline:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace
    sys.settrace(trace)
    update(place / "index", [place / "docs"], HashEmbedder())
    sys.settrace(None)
    return count

shutil.copytree(base, base.parent / "whole")
total = run(base.parent / "whole", -1)
chosen = random.Random(1)
last = range(max(1, total - 40), total + 1)  # the commit and what follows it
for number, deadline in enumerate(sorted({*chosen.sample(range(1, total), points), *last})):
    place = base.parent / f"killed-{number:03}"
    shutil.copytree(base, place)
    if os.fork() == 0:
        run(place, deadline)
        os._exit(0)
    os.wait()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the test forks")
def test_a_writer_killed_anywhere_leaves_the_old_index_or_the_new_one(tmp_path, embedder):
    base = tmp_path / "base"
    (base / "docs").mkdir(parents=True)
    for number in range(6):
        (base / "docs" / f"{number}.txt").write_text(f"Report {number} speaks of the harbour.", encoding="utf-8")
    update(base / "index", [base / "docs"], embedder)
    before = fingerprint(base)
    (base / "docs" / "0.txt").unlink()
    (base / "docs" / "1.txt").write_text("Report 1 was withdrawn.", encoding="utf-8")
    (base / "docs" / "new.txt").write_text("Report new is the latest.", encoding="utf-8")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run([sys.executable, "-c", CHILD, str(base), str(POINTS)], check=True, env=environment)
    after = fingerprint(tmp_path / "whole")
    killed = sorted(tmp_path.glob("killed-*"))
    assert len(killed) >= POINTS
    seen = {}
    for place in killed:
        seen[place] = fingerprint(place)
    assert set(seen.values()) == {before, after}, "some were killed before the commit, some after it"
    for place in killed[::5]:
        mended = update(place / "index", [place / "docs"], embedder)
        assert mended in (Report(added=1, changed=1, unchanged=4, removed=1), Report(unchanged=6))
        assert fingerprint(place) == after


def fingerprint(place: Path) -> str:
    with Index.open(place / "index") as index:
        assert index.lexical("report", 10)
        assert len(index.sources()) == 6
        return index.fingerprint


def test_what_a_killed_first_write_left_is_taken_over(store, docs, embedder):
    store.mkdir()
    for name in (
        "lock",
        "catalogue-000001.sqlite",
        "catalogue-000001.sqlite-journal",
        "vectors-000001.faiss",
        "manifest.json.tmp",
    ):
        (store / name).write_bytes(b"half")
    assert update(store, [docs], embedder) == Report(added=3)
    names = {path.name for path in store.iterdir()}
    assert len([name for name in names if name.startswith(("catalogue", "vectors"))]) == 2


def test_a_name_that_is_a_link_is_replaced_and_not_followed(store, docs, embedder, tmp_path):
    precious = tmp_path / "precious.txt"
    precious.write_text("mine", encoding="utf-8")
    store.mkdir()
    try:
        (store / "vectors-000001.faiss").symlink_to(precious)
        (store / "manifest.json.tmp").symlink_to(precious)
    except OSError:
        pytest.skip("no right to make links")
    update(store, [docs], embedder)
    assert precious.read_text(encoding="utf-8") == "mine"


def test_old_generations_go_when_a_new_one_is_committed(store, docs, embedder):
    for text in ("one", "two", "three"):
        (docs / "war.md").write_text(text, encoding="utf-8")
        update(store, [docs], embedder)
    names = sorted(path.name for path in store.iterdir())
    assert names == ["catalogue-000003.sqlite", "lock", "manifest.json", "vectors-000003.faiss"]


def test_a_generation_that_cannot_be_removed_now_is_removed_later(store, docs, embedder, monkeypatch):
    update(store, [docs], embedder)
    (docs / "war.md").write_text("Changed.", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", _held_open(Path.unlink))
        update(store, [docs], embedder)
    assert (store / "catalogue-000001.sqlite").exists()
    shutil.copy(docs / "war.md", docs / "copy.md")
    update(store, [docs], embedder)
    assert not (store / "catalogue-000001.sqlite").exists()


def _held_open(real):
    def unlink(self, missing_ok=False):
        if generation_of(self.name) == 1:
            raise PermissionError(13, "The process cannot access the file because it is being used by another process")
        real(self, missing_ok=missing_ok)

    return unlink
