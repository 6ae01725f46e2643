import os
import sys
from pathlib import Path

import pytest

from qa.corpus import discover
from qa.errors import InputError


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        "b.txt",
        "a.MD",
        "c.docx",
        "notes.log",
        ".hidden.txt",
        "sub/d.html",
        "sub/deep/e.pdf",
        ".git/f.txt",
        "B/z.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return tmp_path


def names(found, tree):
    return [path.relative_to(tree).as_posix() for path in found]


def test_known_suffixes_in_sorted_order_without_hidden_ones(tree):
    assert names(discover([tree]), tree) == ["a.MD", "b.txt", "B/z.txt", "sub/d.html", "sub/deep/e.pdf"]


def test_a_named_file_is_taken_whatever_its_name(tree):
    found = discover([tree / "notes.log", tree / ".hidden.txt", tree / ".git"])
    assert names(found, tree) == ["notes.log", ".hidden.txt", ".git/f.txt"]


def test_each_file_once(tree):
    found = names(discover([tree / "sub" / "d.html", tree, tree / "sub"]), tree)
    assert len(found) == len(set(found))
    assert found[0] == "sub/d.html"


def test_a_missing_path_is_told_before_anything_else(tree):
    with pytest.raises(InputError, match=r"there is no file or folder .*gone"):
        next(discover([tree, tree / "gone"]))


no_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")


@no_links
def test_links(tree):
    (tree / "loop").symlink_to(tree, target_is_directory=True)
    (tree / "link.txt").symlink_to(tree / "b.txt")
    (tree / "broken.txt").symlink_to(tree / "nowhere")
    (tree / "self.txt").symlink_to(tree / "self.txt")
    assert names(discover([tree]), tree)[:3] == ["a.MD", "b.txt", "link.txt"]
    assert not any("loop" in name or "broken" in name or "self" in name for name in names(discover([tree]), tree))


@no_links
def test_a_link_that_the_user_names_is_followed(tree):
    (tree / "other").symlink_to(tree / "sub", target_is_directory=True)
    assert names(discover([tree / "other"]), tree) == ["other/d.html", "other/deep/e.pdf"]


def test_an_empty_folder_gives_nothing(tmp_path):
    assert list(discover([tmp_path])) == []


def test_a_folder_that_may_not_be_listed_is_handed_on(tree, monkeypatch):
    listed = os.scandir

    def scandir(path):
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert names(discover([tree]), tree) == ["a.MD", "b.txt", "B/z.txt", "sub"]
