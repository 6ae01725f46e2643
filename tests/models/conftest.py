from pathlib import Path

import pytest

from qa.models.generator import LlamaGenerator
from qa.models.quantize import faster_copy
from qa.models.registry import bundled_model


@pytest.fixture(scope="session")
def model_cache(request) -> Path:
    """Converted models, kept between runs: making them takes ten seconds, and their manifests tell if they are bad."""
    return Path(request.config.cache.mkdir("qa-models"))


@pytest.fixture(scope="session")
def gguf(model_cache) -> Path:
    path, note = faster_copy(bundled_model(), model_cache)
    assert not note
    return path


@pytest.fixture(scope="session")
def llama(gguf):
    # One thread: two that wait for each other crawl on a machine that is busy with other tests.
    generator = LlamaGenerator(gguf, context=1024, threads=1)
    yield generator
    generator.close()
