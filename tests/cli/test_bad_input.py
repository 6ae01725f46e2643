"""What goes wrong outside: each a clear line, the documented code, and an index as usable as before."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from qa import cli
from qa.errors import ExitCode, ModelError, ServerError
from qa.testing import Breaks, HashEmbedder
from qa.wiring import Session

QUESTION = "How many Marines were sent?"
ESCAPES = "\x1b[31mred\x1b]0;title\x07\x9b2J\u202e"


def one_complaint(result) -> str:
    assert re.fullmatch(r"qa: .+\n", result.err), result.err
    return result.err


@pytest.mark.parametrize(
    "arguments", [["ask", "x"], ["summarize"], ["search", "x"], ["sources"], ["show", "x"], ["sources", "rm", "x"]]
)
def test_without_an_index_the_command_that_makes_one_is_named(qa, arguments):
    result = qa(*arguments)
    assert (result.code, result.out) == (1, "")
    assert "qa index" in one_complaint(result)


@pytest.mark.parametrize("kind", ["cut", "flip", "gone"])
def test_a_damaged_index_is_told_and_made_anew(indexed, place, kind):
    for file in sorted((place / "index").iterdir()):
        data = file.read_bytes()
        if not data or file.name.endswith(".lock"):
            continue
        if kind == "gone":
            file.unlink()
        else:
            middle = len(data) // 2
            file.write_bytes(data[:middle] + (b"" if kind == "cut" else bytes([data[middle] ^ 1]) + data[middle + 1 :]))
        result = indexed("ask", QUESTION)
        if result.code != 0:  # a flipped byte of the manifest may be white space
            assert result.code == 1
            assert "qa index" in one_complaint(result)
        file.write_bytes(data)
    assert indexed("ask", QUESTION).code == 0
    vectors = next(f for f in (place / "index").iterdir() if f.suffix != ".json" and f.stat().st_size > 4000)
    vectors.write_bytes(b"no")
    assert indexed("ask", QUESTION).code == 1
    assert indexed("index", "docs", "--rebuild").code == 0
    assert indexed("ask", QUESTION).code == 0


def test_an_index_of_another_embedder_is_refused(indexed, monkeypatch):
    monkeypatch.setattr(Session, "embedder", HashEmbedder(dimension=64))
    result = indexed("ask", QUESTION)
    assert result.code == 1
    assert "--rebuild" in one_complaint(result)


def test_a_foreign_folder_is_never_written_into(qa, place):
    (place / "photos").mkdir()
    (place / "photos" / "cat.jpg").write_bytes(b"meow")
    result = qa("index", "docs", "--store", "photos")
    assert result.code == 1
    assert "photos" in one_complaint(result)
    assert [f.name for f in (place / "photos").iterdir()] == ["cat.jpg"]
    assert qa("sources", "--store", "photos").code == 1


@pytest.mark.parametrize("path", ["nowhere", "nowhere/*.md", "docs/none.txt", "\x00", "a" * 5000])
def test_a_path_that_is_not_there(indexed, path):
    result = indexed("index", path)
    assert result.code in (1, 2)
    assert result.out == ""
    one_complaint(result)
    assert indexed("ask", QUESTION).code == 0


def test_an_empty_folder(qa, place):
    (place / "nothing").mkdir()
    result = qa("index", "nothing")
    assert result.code == 1
    one_complaint(result)
    assert not (place / "index").exists()


def test_a_file_without_read_rights(qa, place, monkeypatch):
    real = Path.open

    def refuse(self, *args, **kwargs):
        if self.name == "wire.md":
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    result = qa("index", "docs")
    assert result.code == ExitCode.PARTLY_INDEXED
    assert "docs/wire.md: " in one_complaint(result)
    assert "ermission denied" in result.err


@pytest.mark.parametrize("where", ["qa.store.files.sha256", "qa.store.generation.Generation.add"])
def test_a_full_disk_leaves_the_index_as_it_was(indexed, place, monkeypatch, where):
    (place / "docs" / "more.txt").write_text("Pears were sold.", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(where, full)
        result = indexed("index", "docs")
    assert result.code in (1, 5)
    assert re.search("(?i)no space", result.err)
    assert indexed("ask", QUESTION).code == 0


@pytest.mark.parametrize(
    "error", [ModelError("the model x.gguf is damaged", "fetch it again"), ServerError("http://x:1 does not answer")]
)
def test_a_model_that_fails_is_told(indexed, generator, error):
    generator.enqueue(error)
    result = indexed("ask", QUESTION)
    assert (result.code, result.out) == (1, "")
    assert error.message in one_complaint(result)
    generator.enqueue(Breaks("half", error))
    assert indexed("ask", QUESTION).code == 1


def test_a_fault_of_our_own_is_one_line_and_asks_for_a_report(indexed, generator, monkeypatch):
    generator.enqueue(ZeroDivisionError("a\x1b[31m\nb"))
    result = indexed("ask", QUESTION)
    assert result.code == 1
    assert "ZeroDivisionError" in one_complaint(result)
    assert "QA_DEBUG" in result.err
    assert "\x1b" not in result.err
    monkeypatch.setenv("QA_DEBUG", "1")
    generator.enqueue(ZeroDivisionError("b"))
    with pytest.raises(ZeroDivisionError):
        cli.run(["ask", QUESTION])


def test_too_little_memory_is_told(indexed, generator):
    generator.enqueue(MemoryError())
    result = indexed("ask", QUESTION)
    assert result.code == 1
    assert "memory" in one_complaint(result)


PHASES = {
    "load": "qa.wiring.Session.index",
    "search": "qa.retrieve.search",
    "read": "qa.testing.ScriptedGenerator.complete",
    "check": "qa.testing.FixedChecker.support",
    "render": "qa.render.text.print_answer",
}


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("phase", PHASES)
def test_ctrl_c_while_answering(indexed, monkeypatch, phase):
    with monkeypatch.context() as patched:
        patched.setattr(PHASES[phase], property(interrupt) if phase == "load" else interrupt)
        result = indexed("ask", QUESTION)
    assert (result.code, result.out) == (ExitCode.INTERRUPTED, "")
    assert result.err == "qa: interrupted\n"
    assert indexed("ask", QUESTION).code == 0


@pytest.mark.parametrize(
    "where",
    [
        "qa.store.intake.read", "qa.testing.HashEmbedder.encode", "qa.store.generation.Generation.add",
        "qa.store.manifest.read", "qa.store.files.sha256",
    ],
)  # fmt: skip
def test_ctrl_c_while_indexing_leaves_the_index_as_it_was(indexed, place, monkeypatch, where):
    before = indexed("sources", "--json").out
    (place / "docs" / "more.txt").write_text("Pears were sold.", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(where, interrupt)
        result = indexed("index", "docs")
    assert result.code == ExitCode.INTERRUPTED
    assert result.err == "qa: interrupted\n"
    assert indexed("sources", "--json").out == before
    assert indexed("ask", QUESTION).code == 0
    assert indexed("index", "docs").out.startswith("index: 1 added")


def test_escapes_in_a_question_and_a_document_do_not_reach_the_terminal(indexed, place):
    text = f"A detachment of 100 Marines {ESCAPES} was sent from [bold]Kuwait[/bold]."
    (place / "docs" / "evil.txt").write_text(text, encoding="utf-8")
    (place / "docs" / "evil\x1b[31m.txt").write_text("Nothing to see here.", encoding="utf-8")
    indexed("index", "docs")
    for arguments in (
        ["ask", f"{QUESTION} {ESCAPES}", "--explain"], ["ask", QUESTION, "--md"],
        ["ask", f"{QUESTION}{ESCAPES}", "--json"], ["search", f"Marines {ESCAPES}", "--explain"],
        ["search", "Marines", "--json"], ["sources"], ["sources", "--json"], ["index", "docs", "--store", ESCAPES],
        ["summarize", f"Marines{ESCAPES}"], ["show", "evil.txt"], ["show", "evil.txt:0-60"], ["show", ESCAPES],
        ["ask", ESCAPES, "--bogus"], [ESCAPES], ["index", ESCAPES], ["sources", "rm", ESCAPES],
        ["ask", "x", "--batch", ESCAPES], ["ask", "--batch", ESCAPES], ["ask", "x", "--config", ESCAPES],
    ):  # fmt: skip
        result = indexed(*arguments)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", result.out + result.err), arguments
    assert "[bold]Kuwait[/bold]" in indexed("show", "evil.txt").out


def test_a_reader_that_left_is_no_error(indexed, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("qa.render.text.print_answer", broken)
    result = indexed("ask", QUESTION)
    assert (result.code, result.err) == (0, "")


def test_a_wrong_setting_names_the_file_and_line(qa, place):
    (place / "qa.toml").write_text('top_k = 8\nmodle = "x"\n', encoding="utf-8")
    result = qa("ask", "x", "--config", "qa.toml")
    assert result.code == 1
    assert "qa.toml:2" in one_complaint(result)
    assert "model" in result.err


@pytest.fixture
def process(place, indexed):
    """Runs ``qa`` as a process of its own over the index; models are real, so only commands without any are called."""

    def run(
        *arguments: str, code: str = "from qa.cli import main; main()", **options
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code, *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False, **options
        )

    return run


def test_the_exit_code_is_the_processes(process):
    assert process("sources").returncode == 0
    assert process("bogus").returncode == 2
    missing = process("show", "none.md")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("sources",), ("show", "farm.txt")])
def test_light_commands_import_no_heavy_library(process, arguments):
    code = (
        "import sys; from qa.cli import run; code = run(sys.argv[1:]); "
        "heavy = {'torch', 'sentence_transformers', 'faiss', 'llama_cpp', 'textual', 'transformers', 'onnxruntime'}; "
        "sys.exit(code or ','.join(heavy & set(sys.modules)) or 0)"
    )
    done = process(*arguments, code=code)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_closed_pipe_and_a_full_device_end_quietly(process):
    script = f"{sys.executable} -c 'from qa.cli import main; main()' show farm.txt"
    piped = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {script} | true"], capture_output=True, text=True, check=False
    )
    assert (piped.returncode, piped.stderr) == (0, "")
    if Path("/dev/full").exists():
        full = subprocess.run(["bash", "-c", f"{script} >/dev/full"], capture_output=True, text=True, check=False)
        assert (full.returncode, full.stderr) == (1, "qa: No space left on device\n")


def test_letters_that_the_terminal_lacks_are_replaced(process):
    done = process("sources", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")


def test_colour_only_where_it_is_wanted(process):
    assert "\x1b" not in process("sources").stdout
    forced = {**os.environ, "FORCE_COLOR": "1"}
    assert "\x1b[1m" in process("sources", env=forced).stdout
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", process("sources", env={**forced, "NO_COLOR": "1"}).stdout)


@pytest.mark.parametrize(
    ("model", "told"), [("none.gguf", "none.gguf"), ("docs/farm.txt", "GGUF"), ("text.gguf", "GGUF")]
)
def test_a_model_that_is_missing_or_no_model(place, indexed, monkeypatch, capsys, model, told):
    from functools import cached_property

    def load(self):
        from qa.models.registry import load_generator

        return load_generator(self.config, self._stack)

    real = cached_property(load)
    real.__set_name__(Session, "generator")
    monkeypatch.setattr(Session, "generator", real)
    (place / "text.gguf").write_text("This is a text file, not a model. " * 100, encoding="utf-8")
    capsys.readouterr()
    code = cli.run(["ask", QUESTION, "--model", model])
    captured = capsys.readouterr()
    assert (code, captured.out) == (1, "")
    assert re.fullmatch(r"qa: .+\n", captured.err)
    assert told in captured.err


def test_json_of_a_hostile_document_is_json(indexed, place):
    (place / "docs" / "evil.txt").write_text(f'Marines "{ESCAPES}" \\u0000 were {{sent}}.', encoding="utf-8")
    indexed("index", "docs")
    assert any("{sent}" in hit["text"] for hit in json.loads(indexed("search", "Marines sent", "--json").out))


def test_ctrl_c_before_a_command_runs(qa, monkeypatch):
    monkeypatch.setattr("typer.core.TyperCommand.parse_args", interrupt)
    result = qa("sources", "rm", "x")
    assert (result.code, result.out, result.err) == (130, "", "qa: interrupted\n")
    monkeypatch.setattr("typer.core.TyperGroup.make_context", interrupt)
    assert qa("sources").err == "qa: interrupted\n"
