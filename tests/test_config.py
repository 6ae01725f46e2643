"""One file, variables and typed options become one frozen value, and a mistake is named with its place."""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import config
from qa.errors import ConfigError


@pytest.fixture(autouse=True)
def no_user_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "default_path", lambda: tmp_path / "nobody" / "config.toml")


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path | None = None, env: dict[str, str] | None = None, **overrides: object) -> str:
    with pytest.raises(ConfigError) as error:
        config.load(path, env or {}, overrides)
    return str(error.value)


def taken_or_refused(env: dict[str, str]) -> bool:
    """Whether the values hold, or the refusal names a variable."""
    try:
        return 1 <= config.load(None, env, {}).top_k <= 100
    except ConfigError as error:
        return "the variable QA_" in str(error)


def test_without_anything_the_defaults_hold() -> None:
    found = config.load(None, {}, {})
    assert found == config.Config()
    assert (found.store, found.model, found.top_k, found.offline, found.risk) == (None, "", 8, False, None)
    assert found.cache_dir.is_absolute()
    assert found.data_dir.is_absolute()


def test_every_field_has_a_check() -> None:
    assert {item.name for item in fields(config.Config)} == set(config._CHECKS)


def test_a_typed_option_goes_before_a_variable_before_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "top_k = 3\nseed = 3\nthreads = 3\n")
    found = config.load(path, {"QA_SEED": "4", "QA_THREADS": "4"}, {"threads": 5, "context": None})
    assert (found.top_k, found.seed, found.threads, found.context) == (3, 4, 5, 2048)


def test_the_variable_names_the_file_and_the_option_goes_before_it(tmp_path: Path) -> None:
    path = written(tmp_path, "seed = 7\n")
    assert config.load(None, {"QA_CONFIG": str(path)}, {}).seed == 7
    other = tmp_path / "other.toml"
    other.write_text("seed = 8\n", encoding="utf-8")
    assert config.load(other, {"QA_CONFIG": str(path)}, {}).seed == 8


def test_the_users_own_file_is_read_when_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "default_path", lambda: written(tmp_path, "offline = true\n"))
    assert config.load(None, {}, {}).offline


def test_a_folder_counts_from_the_file_but_not_from_a_variable(tmp_path: Path) -> None:
    path = written(tmp_path, 'store = "papers"\n')
    assert config.load(path, {}, {}).store == tmp_path / "papers"
    assert config.load(None, {"QA_STORE": "papers"}, {}).store == Path("papers")


def test_a_tilde_is_the_home_folder(tmp_path: Path) -> None:
    path = written(tmp_path, 'store = "~/papers"\nmodel = "~/m.gguf"\n')
    found = config.load(path, {}, {})
    assert found.store == Path.home() / "papers"
    assert found.model == str(Path.home() / "m.gguf")


def test_an_unknown_key_is_refused_with_its_line_and_the_nearest_name(tmp_path: Path) -> None:
    said = refused(written(tmp_path, "seed = 1\n\ntop-k = 3\n"))
    assert "config.toml:3: there is no setting 'top-k'" in said
    assert "'top_k'" in said


def test_an_unknown_key_like_none_lists_them_all(tmp_path: Path) -> None:
    assert "llm_url" in refused(written(tmp_path, "zzzz = 1\n"))


def test_a_table_is_an_unknown_key_with_its_line(tmp_path: Path) -> None:
    assert "config.toml:2: there is no setting 'models'" in refused(
        written(tmp_path, "seed = 1\n[models]\nreader = 'x'\n")
    )


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("top_k = 0", "a whole number from 1 to 100"),
        ("top_k = true", "a whole number from 1 to 100"),
        ("top_k = 2.0", "a whole number from 1 to 100"),
        ("context = 10", "a whole number from 256"),
        ("offline = 1", "true or false"),
        ("offline = 'perhaps'", "true or false"),
        ("risk = 1.5", "a number from 0 to 1"),
        ("risk = nan", "a number from 0 to 1"),
        ("risk = 'low'", "a number from 0 to 1"),
        ("model = 3", "a text in quotes"),
        ("store = ''", "the path of a folder"),
        ("llm_url = 'localhost:8080'", "http://"),
        ("theme = 'pink'", "one of dark, light, contrast"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_its_line(tmp_path: Path, line: str, wanted: str) -> None:
    said = refused(written(tmp_path, f"# mine\n{line}\n"))
    assert f"config.toml:2: {line.split(' ')[0]} is " in said
    assert wanted in said


def test_a_wrong_variable_and_a_wrong_option_are_named() -> None:
    assert "the variable QA_TOP_K is 'many'" in refused(env={"QA_TOP_K": "many"})
    assert "the option --top-k is 0" in refused(top_k=0)


def test_an_empty_variable_is_as_none() -> None:
    assert config.load(None, {"QA_TOP_K": ""}, {}).top_k == 8


@pytest.mark.parametrize(("text", "value"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("no", False)])
def test_a_variable_switches(text: str, value: bool) -> None:
    assert config.load(None, {"QA_OFFLINE": text}, {}).offline is value


def test_broken_toml_names_the_file_and_the_line(tmp_path: Path) -> None:
    said = refused(written(tmp_path, "seed = 1\nseed = = 2\n"))
    assert "config.toml" in said
    assert "line 2" in said


def test_a_missing_or_binary_file_is_one_line(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / "none.toml")
    assert "cannot be read" in refused(tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b"seed = 1 # \xff\n")
    assert "not UTF-8" in refused(tmp_path / "bytes.toml")


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "bom.toml"
    path.write_bytes(b"\xef\xbb\xbfseed = 5\r\n")
    assert config.load(path, {}, {}).seed == 5


def test_the_key_is_shown_nowhere(tmp_path: Path) -> None:
    found = config.load(None, {"QA_LLM_KEY": "hush"}, {})
    assert found.llm_key == "hush"
    assert "hush" not in repr(found)
    assert "hush" not in refused(written(tmp_path, 'llm_key = ["hush"]\n'))


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        config.load(None, {}, {}).seed = 2  # type: ignore[misc]


@given(st.dictionaries(st.sampled_from(config.KEYS), st.text(max_size=20), max_size=4))
def test_any_text_in_variables_is_taken_or_refused_in_one_line(texts: dict[str, str]) -> None:
    env = {config.variable(key): text.replace("\0", "") for key, text in texts.items()}
    assert taken_or_refused(env)


def test_a_home_that_nobody_has_is_a_name_as_any_other():
    from qa.home import at_home

    assert at_home("~nobody-has-this-name/x") == Path("~nobody-has-this-name/x")
    assert at_home("~/x") == Path.home() / "x"
