from __future__ import annotations

import io
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.store.vectors import VectorIndex, VectorWriter

SEEDS = st.integers(0, 2**32 - 1)


def units(seed: int, rows: int, dimension: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def write(path: Path, ids: list[int], rows: np.ndarray, pieces: int = 1) -> bytes:
    writer = VectorWriter(path, rows.shape[1])
    for part in np.array_split(np.arange(len(ids)), pieces):
        writer.append([ids[i] for i in part], rows[part])
    assert writer.close() == len(ids)
    return path.read_bytes()


@pytest.mark.parametrize("rows", [0, 1, 5, 1000])
def test_the_file_is_what_faiss_itself_writes(tmp_path, rows):
    vectors = units(rows, rows, 7)
    ids = [3 * number + 1 for number in range(rows)]
    index = faiss.IndexIDMap(faiss.IndexFlatIP(7))
    if rows:
        index.add_with_ids(vectors, np.array(ids, dtype=np.int64))
    theirs = faiss.serialize_index(index).tobytes()
    assert write(tmp_path / "ours", ids, vectors, pieces=3) == theirs


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(1, 60), st.integers(1, 12), st.integers(1, 80), st.sets(st.integers(0, 70)) | st.none())
def test_search_agrees_with_brute_force(tmp_path_factory, seed, rows, dimension, k, allowed):
    vectors = units(seed, rows, dimension)
    ids = np.random.default_rng(seed).permutation(70)[:rows].tolist()
    data = write(tmp_path_factory.mktemp("vectors") / "file", ids, vectors)
    query = units(seed + 1, 1, dimension)[0]
    found = VectorIndex(io.BytesIO(data)).search(query, k, None if allowed is None else frozenset(allowed))
    scores = {number: float(row @ query) for number, row in zip(ids, vectors, strict=True)}
    open_to = {number: score for number, score in scores.items() if allowed is None or number in allowed}
    expected = sorted(open_to.values(), reverse=True)[:k]
    assert [score for _, score in found] == pytest.approx(expected, abs=1e-5)
    assert len({number for number, _ in found}) == len(found)
    for number, score in found:
        assert score == pytest.approx(open_to[number], abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(0, 50), st.sets(st.integers(0, 60)))
def test_a_copy_keeps_every_row_but_those_of_the_dropped_ids(tmp_path_factory, seed, rows, dropped):
    folder = tmp_path_factory.mktemp("copy")
    vectors = units(seed, rows, 5)
    write(folder / "old", list(range(rows)), vectors)
    writer = VectorWriter(folder / "new", 5)
    writer.append([100], units(seed + 1, 1, 5))
    writer.copy(folder / "old", frozenset(dropped))
    kept = [number for number in range(rows) if number not in dropped]
    assert writer.close() == len(kept) + 1
    expected = write(folder / "expected", [100, *kept], np.vstack([units(seed + 1, 1, 5), vectors[kept]]))
    assert (folder / "new").read_bytes() == expected


def test_a_copy_of_another_dimension_or_kind_is_refused(tmp_path):
    write(tmp_path / "old", [1], units(0, 1, 5))
    for content in (None, b"", b"IxMp", b"x" * 200):
        if content is not None:
            (tmp_path / "old").write_bytes(content)
        writer = VectorWriter(tmp_path / "new", 6)
        with pytest.raises(ValueError, match="not a vector file"):
            writer.copy(tmp_path / "old", frozenset())
        writer.abandon()


def test_rows_that_do_not_fit_are_refused(tmp_path):
    writer = VectorWriter(tmp_path / "file", 5)
    with pytest.raises(ValueError, match="do not fit"):
        writer.append([1, 2], units(0, 1, 5))
    writer.abandon()


def test_equal_scores_come_in_the_order_of_their_ids(tmp_path):
    rows = np.repeat(units(0, 1, 4), 6, axis=0)
    data = write(tmp_path / "file", [9, 2, 7, 1, 8, 3], rows)
    assert [number for number, _ in VectorIndex(io.BytesIO(data)).search(rows[0], 6, None)] == [1, 2, 3, 7, 8, 9]


def test_a_file_that_is_no_index_is_refused_by_faiss():
    with pytest.raises(RuntimeError):
        VectorIndex(io.BytesIO(b"not an index at all, but long enough to be read as one"))
