"""What the documentation says can be typed can be typed."""

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from qa import config
from qa.cli.app import app
from qa.errors import ExitCode

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "index/FORMAT.md", "evals/README.md")]
README = PAGES[0].read_text(encoding="utf-8")
BY_HAND = re.sub(r"<!-- \[\[\[cog.*?\[\[\[end\]\]\] -->", "", README, flags=re.DOTALL)
sys.path.insert(0, str(ROOT / "tools"))
import help_text  # noqa: E402  # the tools folder is no package

COMMANDS = dict(help_text.walk(get_command(app)))


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def calls(text: str, program: str) -> Iterator[str]:
    """Calls of a program in blocks of shell and in code spans."""
    for line in "\n".join(blocks(text, "sh")).replace("\\\n", " ").splitlines():
        if line.startswith(f"{program} "):
            yield line
    yield from re.findall(rf"`({program} [^`\n]+)`", text)


def typed() -> list[str]:
    pages = [BY_HAND, *(page.read_text(encoding="utf-8") for page in PAGES[1:] if page.is_file())]
    return sorted({call for page in pages for call in calls(page, "qa")})


def options(command: Any) -> set[str]:
    return {"--help"} | {name for item in command.params for name in (*item.opts, *item.secondary_opts)}


@pytest.mark.parametrize("line", typed())
def test_each_call_names_a_command_and_options_that_exist(line: str) -> None:
    words = shlex.split(line.replace("…", ""), comments=True)
    name = "qa"
    known = options(COMMANDS[name])
    for word in words[1:]:
        if f"{name} {word}" in COMMANDS:
            name = f"{name} {word}"
            known |= options(COMMANDS[name])
        elif word.startswith("-") and word != "-":
            assert word.partition("=")[0] in known, f"{name} has no option {word}"
        else:
            assert name != "qa", f"qa has no command {word}"


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "qa"])
def test_each_command_says_what_it_does_and_each_option_has_a_help(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    silent = [item.name for item in command.params if not getattr(item, "hidden", False) and not item.help]
    assert not silent
    assert f"### `{name}`" in README


def test_each_make_target_in_the_documentation_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {call.split()[1] for page in PAGES if page.is_file() for call in calls(page.read_text("utf-8"), "make")}
    assert {"ask", "test"} <= named
    assert named <= targets


def test_the_example_of_settings_is_valid_and_complete(tmp_path: Path) -> None:
    (example,) = blocks(README, "toml")
    path = tmp_path / "config.toml"
    path.write_text(example, encoding="utf-8")
    assert config.load(path, {}, {}).risk == 0.05
    assert tuple(re.findall(r"^(\w+) = ", example, re.MULTILINE)) == config.KEYS


def test_every_exit_code_is_documented() -> None:
    codes = {value for name, value in vars(ExitCode).items() if name.isupper()}
    assert codes == {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}


@pytest.mark.parametrize("page", [page for page in PAGES if page.is_file()], ids=lambda page: page.name)
def test_each_link_to_a_file_has_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]
