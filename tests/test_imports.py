"""What a process of the command line imports, asked of a clean interpreter."""

import json
import subprocess
import sys

import pytest

HEAVY = {
    "faiss",
    "httpx",
    "llama_cpp",
    "onnx",
    "onnxruntime",
    "sentence_transformers",
    "textual",
    "tokenizers",
    "torch",
    "trafilatura",
    "transformers",
}
PROGRAM = """
import json, sys
sys.argv = ["qa", *{arguments!r}]
from qa.cli import main
try:
    code = main()
except SystemExit as stop:
    code = stop.code
print(json.dumps([code or 0, sorted({{name.partition(".")[0] for name in sys.modules}})]))
"""


def imported(*arguments: str) -> set[str]:
    """Top-level names in sys.modules after ``qa`` has run with these arguments and succeeded."""
    program = PROGRAM.format(arguments=list(arguments))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    code, names = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    return set(names)


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("ask", "--help"), ("chat", "--help")])
def test_help_and_version_import_no_heavy_library(arguments: tuple[str, ...]) -> None:
    assert not imported(*arguments) & HEAVY


def test_the_nouns_and_the_seams_import_no_front_end() -> None:
    program = "import json, sys, qa.types, qa.errors, qa.testing, qa.config; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    names = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert not names & (HEAVY | {"typer", "rich"})
