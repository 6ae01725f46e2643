from __future__ import annotations

import socket
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pytest

from qa.answer.confidence import FEATURES, Calibration
from qa.errors import ConfigError, EmbedderMismatchError, InputError, NoIndexError, OfflineError
from qa.models.seams import GeneratorInfo
from qa.store import update
from qa.testing import FixedLocator, HashEmbedder, ScriptedGenerator
from qa.types import Filters
from qa.wiring import Session, chat_settings, open_session
from qa.wiring.evaluation import engines


def test_an_engine_is_made_of_the_sessions_parts(config, fakes):
    with Session(config) as session:
        engine = session.engine
        assert engine is session.engine
        assert (engine.generator, engine.embedder, engine.index) == (fakes, session.embedder, session.index)


def test_files_are_closed_at_the_end(config, fakes):
    with Session(config) as session:
        index = session.index
        assert len(index.sources()) == 2
    with pytest.raises(Exception, match=r"closed|damaged"):
        index.sources()


def test_options_carry_settings_and_filters(config, fakes):
    with Session(replace(config, top_k=3, per_source=1, seed=9, risk=0.2)) as session:
        options = session.options(["a"], "2019", None)
    assert (options.top_k, options.per_source, options.seed, options.risk) == (3, 1, 9, 0.2)
    assert options.filters == Filters(("a",), "2019", "")


def test_a_new_generation_is_opened_and_an_old_one_is_kept(config, fakes, tmp_path: Path):
    with Session(config) as session:
        before, engine = session.index, session.engine
        assert session.reopen() is False
        assert session.index is before
        (tmp_path / "docs" / "c.txt").write_text("Pears were sold.", encoding="utf-8")
        update(tmp_path / "index", [tmp_path / "docs"], session.embedder)
        assert session.reopen() is True
        assert len(session.index.sources()) == 3
        assert session.engine is not engine


def test_no_index_and_the_index_of_another_embedder(config, fakes, tmp_path, monkeypatch):
    with Session(replace(config, store=tmp_path / "none")) as session, pytest.raises(NoIndexError):
        _ = session.engine
    monkeypatch.setattr(Session, "embedder", HashEmbedder(dimension=8))
    with Session(config) as session:
        with pytest.raises(EmbedderMismatchError):
            _ = session.engine
        with session.bare_index() as bare:
            assert len(bare.sources()) == 2


def test_search_update_and_remove(config, fakes, tmp_path):
    with Session(config) as session:
        hits = session.search("apples", session.options())
        assert hits[0].passage.document == "docs/b.txt"
        report = session.update([tmp_path / "docs"], rebuild=False, progress=lambda _: None)
        assert (report.added, report.unchanged) == (0, 2)
        assert session.remove(["a.txt"]) == 1
        with pytest.raises(InputError):
            session.remove(["a.txt"])


def own(monkeypatch, name: str) -> None:
    """Give the session its real property back."""
    import qa.wiring

    source = {"calibration": _CALIBRATION}[name]
    source.__set_name__(qa.wiring.Session, name)
    monkeypatch.setattr(Session, name, source)


_CALIBRATION = Session.__dict__["calibration"]
assert isinstance(_CALIBRATION, cached_property)


@pytest.mark.parametrize("trained", [True, False])
def test_the_calibration_fits_the_kind_of_generator(config, fakes, monkeypatch, trained):
    asked: list[str] = []
    monkeypatch.setattr(Calibration, "shipped", classmethod(lambda cls, kind: asked.append(kind)))
    own(monkeypatch, "calibration")
    monkeypatch.setattr(Session, "generator", ScriptedGenerator(info=GeneratorInfo("x", trained_reader=trained)))
    with Session(config) as session:
        _ = session.calibration
    assert asked == ["trained" if trained else "any"]


def test_a_users_own_calibration_is_used_or_its_fault_told(config, fakes, monkeypatch, tmp_path):
    own(monkeypatch, "calibration")
    path = tmp_path / "mine.json"
    mine = Calibration({"bias": 1.0, **dict.fromkeys(FEATURES, 0.0)}, 0.25, (), "mine")
    mine.save(path)
    with Session(replace(config, calibration=path)) as session:
        assert session.engine.calibration == mine
    path.write_text("no", encoding="utf-8")
    with Session(replace(config, calibration=path)) as session, pytest.raises(ConfigError):
        _ = session.engine


def test_a_damaged_calibration_does_not_keep_one_from_calibrating(config, fakes, monkeypatch, tmp_path):
    own(monkeypatch, "calibration")
    settings = tmp_path / "qa.toml"
    settings.write_text('calibration = "mine.json"\n', encoding="utf-8")
    (tmp_path / "mine.json").write_text("no", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with engines(settings, {}, []) as made, pytest.raises(ConfigError):
        made[""](tmp_path / "docs")
    with engines(settings, {}, [], calibrated=False) as made:
        assert made[""](tmp_path / "docs").calibration == Calibration.shipped("any")


def test_offline_lasts_as_long_as_the_session(config, fakes):
    with Session(replace(config, offline=True)), pytest.raises(OfflineError):
        socket.create_connection(("192.0.2.1", 9), timeout=0.01)
    with pytest.raises(OSError):  # noqa: PT011 - refused by the system, not by us
        socket.create_connection(("127.0.0.1", 1), timeout=0.01)


def test_typed_options_and_environment_reach_the_session(monkeypatch, tmp_path):
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("QA_TOP_K", "5")
    monkeypatch.setenv("QA_STORE", "elsewhere")
    with open_session(None, {"store": tmp_path / "here", "top_k": None}) as session:
        assert (session.store_folder(), session.config.top_k) == (tmp_path / "here", 5)
    settings, conversations = chat_settings(None, {"theme": "light"})
    assert settings.theme == "light"
    assert conversations.parent == settings.data_dir
    with pytest.raises(ConfigError), open_session(None, {"top_k": 0}):
        pass


def test_what_is_wrong_with_either_model_is_told_when_both_load_side_by_side(config, fakes, monkeypatch):
    class Broken(HashEmbedder):
        def encode(self, texts):
            raise InputError("the embedder is broken")

    with Session(config) as session:
        broken = Broken(dimension=1024)
        monkeypatch.setattr(Session, "embedder", broken)
        with pytest.raises(InputError, match="the embedder is broken"):
            _ = session.engine
    monkeypatch.setattr(Session, "embedder", HashEmbedder(dimension=1024))
    monkeypatch.setattr(Session, "generator", property(lambda self: (_ for _ in ()).throw(InputError("no model"))))
    with Session(config) as session, pytest.raises(InputError, match="no model"):
        _ = session.engine


def test_what_searches_is_loaded_with_the_engine(config, fakes, monkeypatch):
    class Reranker:
        name = "fake"
        asked = 0

        def score(self, question, passages):
            self.asked += 1
            return [0.5] * len(passages)

    class Locator(FixedLocator):
        asked = 0

        def sight(self, question, passages):
            self.asked += 1
            return super().sight(question, passages)

    reranker, locator = Reranker(), Locator()
    monkeypatch.setattr(Session, "reranker", reranker)
    monkeypatch.setattr(Session, "locator", locator)
    with Session(config) as session:
        assert session.engine.reranker is reranker
        assert session.engine.locator is locator
    assert reranker.asked == locator.asked == 1
