import os
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest

from qa.models import shelf as module
from qa.models.generator import LlamaGenerator
from qa.models.prefixes import Prefixes
from qa.models.seams import Request
from qa.models.shelf import Shelf
from tests.models.test_prefix_cache import REQUESTS, exact


def state(size, value=7):
    return np.full(size, value, np.uint8)


def files(shelf):
    return sorted(shelf.folder.iterdir())


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "cache" / "passages", 10_000, "maker")


def test_what_was_put_is_found_by_another_process_of_the_same_maker_only(shelf):
    shelf.put([1, 2, 3], state(100))
    again = Shelf(shelf.folder, 10_000, "maker")
    assert again.get([1, 2, 3]).tobytes() == bytes([7]) * 100
    assert again.get([1, 2]) is None
    assert Shelf(shelf.folder, 10_000, "another build").get([1, 2, 3]) is None


def test_nobody_else_may_read_it(shelf):
    shelf.put([1], state(10))
    assert [path.stat().st_mode & 0o077 for path in (shelf.folder, *files(shelf))] == [0, 0]


@pytest.mark.parametrize("place", [0, 9, 45, -1])
def test_a_changed_byte_is_as_good_as_no_file(shelf, place):
    shelf.put([1], state(100))
    data = bytearray(files(shelf)[0].read_bytes())
    data[place] ^= 1
    files(shelf)[0].write_bytes(data)
    assert shelf.get([1]) is None
    assert files(shelf) == []
    shelf.put([1], state(100))
    assert shelf.get([1]) is not None


@pytest.mark.parametrize("size", [0, 5, 40, 60])
def test_a_cut_file_is_as_good_as_none(shelf, size):
    shelf.put([1], state(100))
    os.truncate(files(shelf)[0], size)
    assert shelf.get([1]) is None


def test_a_file_under_another_name_is_not_believed(shelf):
    shelf.put([1], state(100))
    shelf.put([2], state(100, 9))
    first, second = files(shelf)
    shutil.copy(first, second)
    found = [shelf.get([1]), shelf.get([2])]
    assert sum(each is None for each in found) == 1


def test_what_was_used_longest_ago_goes_first_and_the_room_holds(tmp_path):
    shelf = Shelf(tmp_path, 1000, "maker")
    for number in range(4):
        shelf.put([number], state(200))
        os.utime(max(files(shelf), key=lambda p: p.stat().st_mtime_ns), (number + 1, number + 1))
    assert shelf.get([0]) is not None
    shelf.put([4], state(200))
    assert shelf.get([1]) is None
    assert shelf.get([0]) is not None
    assert shelf.get([4]) is not None
    assert sum(path.stat().st_size for path in files(shelf)) <= 1000
    shelf.put([5], state(1001))
    assert shelf.get([5]) is None


def test_drafts_of_dead_writers_go_and_those_of_living_ones_stay(tmp_path):
    shelf = Shelf(tmp_path, 500, "maker")
    old, new = tmp_path / ".draft-old", tmp_path / ".draft-new"
    for draft in (old, new):
        draft.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    for number in range(3):
        shelf.put([number], state(200))
    assert [old.exists(), new.exists()] == [False, True]


def test_a_full_disk_keeps_nothing_and_says_nothing(shelf, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, module._SPARE))
    shelf.put([1], state(100))
    assert shelf.get([1]) is None
    assert files(shelf) == []


def test_a_disk_that_fills_up_while_writing_leaves_no_half_file(shelf, monkeypatch):
    def fail(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(shelf.folder), "replace", fail)
    shelf.put([1], state(100))
    assert files(shelf) == []


def test_a_folder_that_cannot_be_made_is_an_empty_shelf(tmp_path):
    (tmp_path / "file").write_text("in the way")
    shelf = Shelf(tmp_path / "file" / "passages", 1000, "maker")
    shelf.put([1], state(100))
    assert shelf.get([1]) is None


def test_prefixes_look_on_the_shelf_once(shelf, monkeypatch):
    Prefixes(1000, shelf).put([1], state(100))
    later = Prefixes(1000, shelf)
    assert later.get([1]).nbytes == 100
    monkeypatch.setattr(shelf, "get", lambda tokens: pytest.fail("read again"))
    assert later.get([1]).nbytes == 100
    assert later.bytes == 100


WRITER = """
import sys
from pathlib import Path
import numpy as np
from qa.models.shelf import Shelf
shelf = Shelf(Path(sys.argv[1]), 30_000, "maker")
for turn in range(60):
    key = turn % 7
    found = shelf.get([key])
    assert found is None or (found == key).all() and found.size == 4000 + key
    shelf.put([key], np.full(4000 + key, key, np.uint8))
"""


def test_two_processes_on_one_shelf_never_see_half_a_state(tmp_path):
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    errors = [writer.communicate(timeout=300)[1] for writer in writers]
    assert errors == ["", ""]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 2 * 30_000


@pytest.mark.slow
def test_replies_are_the_same_bytes_without_a_shelf_on_an_empty_one_and_on_a_full_one(gguf, tmp_path):
    replies = []
    for shelf in (None, *[Shelf(tmp_path, 10**9, "maker")] * 2):
        generator = LlamaGenerator(gguf, context=512, threads=1, shelf=shelf)
        counts = []
        evaluate = generator._engine.evaluate
        generator._engine.evaluate = lambda n, e=evaluate, c=counts, **how: c.append(len(n)) or e(n, **how)
        replies.append((exact(generator.complete(REQUESTS[::3])), sum(counts)))
        generator.close()
    assert replies[0] == replies[1]
    assert replies[2][0] == replies[0][0]
    assert replies[2][1] < replies[0][1] / 2


@pytest.mark.slow
def test_a_damaged_shelf_changes_no_reply(gguf, tmp_path):
    found = []
    for _ in range(2):
        generator = LlamaGenerator(gguf, context=512, threads=1, shelf=Shelf(tmp_path, 10**9, "maker"))
        found.append(exact(generator.complete([REQUESTS[0], Request("", "Hello.", 3)])))
        generator.close()
        for path in tmp_path.iterdir():
            path.write_bytes(path.read_bytes()[:-5] + b"wrong")
    assert found[0] == found[1]
