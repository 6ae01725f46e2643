import sys

import pytest

from qa.errors import ModelError
from qa.models import probe
from qa.models.probe import Processor, ensure_llama_works, explain, processor, reinstall_command, try_model

AMX = Processor("Xeon 9", frozenset({"avx2", "amx_tile", "amx_int8"}))


def script(code):
    return [sys.executable, "-c", code]


def test_a_crash_in_the_child_is_told_and_survived(tmp_path):
    code = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    problem = try_model(tmp_path, script(code))
    assert problem == "crashed in its first inference (SIGSEGV)"
    detail, fix = explain(problem, AMX)
    assert "Xeon 9" in detail
    assert "amx_int8, amx_tile" in detail
    assert fix == reinstall_command()


def test_the_command_carries_the_flags_where_they_exist():
    assert "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16" in reinstall_command("x86_64")
    assert "--no-cache-dir" in reinstall_command("x86_64")
    assert "CMAKE_ARGS" not in reinstall_command("arm64")


def test_an_illegal_instruction_means_another_cpu():
    detail, fix = explain("crashed in its first inference (SIGILL)", Processor("Atom", frozenset()))
    assert detail.endswith("it was built for another CPU")
    assert fix


def test_other_endings(tmp_path, monkeypatch):
    assert try_model(tmp_path, script("print('ok')")) == ""
    assert try_model(tmp_path, script("import sys; sys.exit('no such file')")) == "no such file"
    assert try_model(tmp_path, script("raise SystemExit(7)")) == "ended with code 7"
    assert "cannot be started" in try_model(tmp_path, ["/no/such/program"])
    monkeypatch.setattr(probe, "_SECONDS", 0.2)
    assert "no answer" in try_model(tmp_path, script("import time; time.sleep(30)"))


def test_a_success_is_remembered_and_a_failure_is_not(tmp_path, monkeypatch):
    model = tmp_path / "m.gguf"
    model.write_bytes(b"GGUF")
    asked = []
    answers = iter(["crashed in its first inference (SIGSEGV)", "", "crashed"])
    monkeypatch.setattr(probe, "try_model", lambda path: asked.append(path) or next(answers))
    with pytest.raises(ModelError, match="pip install"):
        ensure_llama_works(tmp_path / "cache", model)
    ensure_llama_works(tmp_path / "cache", model)
    ensure_llama_works(tmp_path / "cache", model)
    assert len(asked) == 2
    model.write_bytes(b"GGUF changed")
    with pytest.raises(ModelError):
        ensure_llama_works(tmp_path / "cache", model)


def test_the_cpu_is_read_from_the_system(tmp_path):
    path = tmp_path / "cpuinfo"
    path.write_text("processor\t: 0\nmodel name\t: Xeon 9\nflags\t\t: avx2 amx_tile\n\nmodel name\t: other\n")
    assert processor(path) == Processor("Xeon 9", frozenset({"avx2", "amx_tile"}))
    assert processor(tmp_path / "missing").name


@pytest.mark.slow
def test_the_real_child(gguf, tmp_path):
    assert try_model(gguf) == ""
    text = tmp_path / "text.gguf"
    text.write_text("not a model")
    assert "is not a GGUF model" in try_model(text)
