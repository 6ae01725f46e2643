"""The user's settings: one strict TOML file, environment variables and typed options, read once into a frozen value.

What is typed on the command line goes before a variable ``QA_…``, that before the file, the file before the default.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

import platformdirs

from qa.errors import ConfigError
from qa.home import at_home

THEMES = ("dark", "light", "contrast")
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a user can set, checked. Empty strings and None mean: the default that ships."""

    store: Path | None = None
    """Folder of the index; None: the nearest ``index/`` that holds one, walking up, else the data folder's."""
    model: str = ""
    """Path of a GGUF file, ``hf://repo/file.gguf``, or, with ``llm_url``, the server's name of a model."""
    adapter: str = ""
    """Path of a LoRA adapter as GGUF; ``none`` for no adapter."""
    llm_url: str = ""
    """Base URL of an OpenAI-compatible server, usually ending in ``/v1``."""
    llm_key: str = field(default="", repr=False)
    """Sent to that server as a bearer token."""
    embedder: str = ""
    """Model id or path for sentence-transformers."""
    threads: int = 0
    """0: as many as the process has cores."""
    context: int = 2048
    """Tokens of prompt and reply together, 256 or more."""
    top_k: int = 8
    """Passages found for a question, 1 to 100; the model reads those of them that promise an answer."""
    per_source: int = 3
    """At most so many of them from one source, 1 to 100."""
    seed: int = 0
    offline: bool = False
    """Open no network connection, whatever else is set."""
    risk: float | None = None
    """Share of wrong answers accepted, 0 to 1; None: the operating point that ships."""
    calibration: Path | None = None
    """File that ``qa calibrate`` wrote; None: the one that ships."""
    theme: str = "dark"
    """Of the chat: ``dark``, ``light`` or ``contrast``."""
    cache_dir: Path = field(default_factory=lambda: Path(platformdirs.user_cache_dir("qa", appauthor=False)))
    """Holds what can be made again: converted models, and passages as the model read them."""
    passage_cache: int = 512
    """Megabytes there for passages that were read, so that a later question evaluates them no more; 0: none."""
    data_dir: Path = field(default_factory=lambda: Path(platformdirs.user_data_dir("qa", appauthor=False)))
    """Holds what cannot: chat sessions, the index that belongs to no folder."""


KEYS = tuple(item.name for item in fields(Config))


class _BadValueError(Exception):
    """A value is not what its key takes; the text says what it takes."""


def _whole(low: int, high: int) -> Callable[[object], object]:
    def check(value: object) -> object:
        if isinstance(value, str) and re.fullmatch(r"\s*-?[0-9]{1,18}\s*", value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise _BadValueError(f"a whole number from {low} to {high}")
        return value

    return check


def _flag(value: object) -> object:
    if isinstance(value, str) and value.strip().lower() in _TRUE | _FALSE:
        return value.strip().lower() in _TRUE
    if not isinstance(value, bool):
        raise _BadValueError("true or false")
    return value


def _share(value: object) -> object:
    try:
        number = float(value) if isinstance(value, str) else value
    except ValueError:
        number = None
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= 1:
        raise _BadValueError("a number from 0 to 1")
    return float(number)


def _text(value: object) -> object:
    if isinstance(value, Path):
        value = str(value)
    if not isinstance(value, str) or "\0" in value:
        raise _BadValueError("a text in quotes")
    return str(at_home(value)) if value.startswith("~") else value


def _folder(value: object) -> object:
    if not isinstance(value, str | Path) or not str(value) or "\0" in str(value):
        raise _BadValueError("the path of a folder, in quotes")
    return at_home(value)


def _url(value: object) -> object:
    if not isinstance(value, str) or (value and not re.match(r"https?://[^\s/]+", value)):
        raise _BadValueError("an address that starts with http:// or https://")
    return value.rstrip("/")


def _theme(value: object) -> object:
    if value not in THEMES:
        raise _BadValueError("one of " + ", ".join(THEMES))
    return value


_CHECKS: Mapping[str, Callable[[object], object]] = {
    "store": _folder,
    "model": _text,
    "adapter": _text,
    "llm_url": _url,
    "llm_key": _text,
    "embedder": _text,
    "threads": _whole(0, 1024),
    "context": _whole(256, 1_048_576),
    "top_k": _whole(1, 100),
    "per_source": _whole(1, 100),
    "seed": _whole(0, 2**31 - 1),
    "offline": _flag,
    "risk": _share,
    "calibration": _folder,
    "theme": _theme,
    "cache_dir": _folder,
    "passage_cache": _whole(0, 1_000_000),
    "data_dir": _folder,
}


def default_path() -> Path:
    """Where the file is looked for when none is named; it need not exist."""
    return Path(platformdirs.user_config_dir("qa", appauthor=False)) / "config.toml"


def load(explicit: Path | None, env: Mapping[str, str], overrides: Mapping[str, object]) -> Config:
    """Settings from the file (``explicit``, else ``QA_CONFIG``, else the user's own if any), ``env`` and typed options.

    ``overrides`` holds options by the names of ``Config``'s fields; None means not typed. A folder in the file counts
    from the file's own. Raises ``ConfigError`` that names the file and line, the variable, or the option.
    """
    values: dict[str, object] = {}
    for path in _files(explicit, env):
        values.update(_from_file(path))
    for key in KEYS:
        if text := env.get(variable(key)):
            values[key] = _checked(key, text, f"the variable {variable(key)}")
    for key, value in overrides.items():
        if value is not None:
            values[key] = _checked(key, value, f"the option --{key.replace('_', '-')}")
    return Config(**values)  # type: ignore[arg-type]  # every value went through its field's check


def variable(key: str) -> str:
    """The environment variable that sets ``key``."""
    return f"QA_{key.upper()}"


def _files(explicit: Path | None, env: Mapping[str, str]) -> list[Path]:
    named = explicit or (at_home(env["QA_CONFIG"]) if env.get("QA_CONFIG") else None)
    if named is not None:
        return [named]
    return [path for path in [default_path()] if path.is_file()]


def _from_file(path: Path) -> dict[str, object]:
    text = _read(path)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"the configuration {path} is not TOML: {error}", "correct that line") from error
    values: dict[str, object] = {}
    for key, value in table.items():
        place = f"{path}:{_line(text, key)}"
        if key not in _CHECKS:
            raise ConfigError(f"{place}: there is no setting {key!r}", _nearest(key))
        found = _checked(key, value, f"{place}: {key}")
        values[key] = path.parent / found if isinstance(found, Path) else found
    return values


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"the configuration {path} is not UTF-8 text (byte {error.start})", "save it as UTF-8"
        ) from error
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise ConfigError(f"the configuration {path} cannot be read: {reason}", "name another with --config") from error


def _checked(key: str, value: object, place: str) -> object:
    try:
        return _CHECKS[key](value)
    except _BadValueError as wanted:
        shown = "…" if key == "llm_key" else repr(value)[:60]
        raise ConfigError(f"{place} is {shown}, it takes {wanted}", "correct it there") from None


def _line(text: str, key: str) -> int:
    """The line that sets ``key``; 1 when it is written in a way that is not found again, for example with escapes."""
    found = re.search(rf"""^[ \t]*\[*[ \t]*["']?{re.escape(key)}["']?[ \t]*[\].=]""", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _nearest(key: str) -> str:
    near = difflib.get_close_matches(key.lower().replace("-", "_"), KEYS, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else "there are: " + ", ".join(KEYS)
