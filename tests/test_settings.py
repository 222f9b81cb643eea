"""Settings survive a restart; whatever stands in the file, the program starts."""

from pathlib import Path

import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings, strategies

from photofind.errors import LibraryTooNewError
from photofind.records import KeepRule, KeepRules
from photofind.settings import SETTINGS, SETTINGS_VERSION, Setting, Settings, Value, resource_folder
from tests.conftest import ExpectedLog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def other_value(setting: Setting) -> Value:
    """Return an allowed value that is not the default."""
    if isinstance(setting.default, bool):
        return not setting.default
    if setting.choices:
        return setting.choices[-1]
    if isinstance(setting.default, int | float):
        assert setting.maximum is not None
        return type(setting.default)(setting.maximum)
    return "something else"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_each_setting_is_remembered_and_has_a_legal_default(setting: Setting, path: Path) -> None:
    assert Settings(path)[setting.name] == setting.default
    opened = Settings(path)
    opened.set(setting.name, setting.default)  # refused, were the default not legal
    opened.set(setting.name, other_value(setting))
    again = Settings(path)
    assert again[setting.name] == other_value(setting)
    assert type(again[setting.name]) is type(setting.default)
    assert again.problems == ()


def test_each_shown_setting_has_a_label_and_a_sentence() -> None:
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
    for setting in SETTINGS:
        if setting.is_shown:
            assert setting.label, setting.name
            assert setting.sentence.endswith("."), setting.name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "purple"),
        ("theme", 1),
        ("watch", 1),
        ("watch", "yes"),
        ("decoder_processes", True),
        ("decoder_processes", 1.5),
        ("decoder_processes", -1),
        ("decoder_processes", 65),
        ("decode_timeout_s", float("nan")),
        ("decode_timeout_s", float("inf")),
    ],
)
def test_a_wrong_value_is_refused(name: str, value: Value, path: Path, expected_log: ExpectedLog) -> None:
    opened = Settings(path)
    before = opened[name]
    with pytest.raises(ValueError, match=name):
        opened.set(name, value)
    assert opened[name] == before
    assert not path.exists()

    expected_log(name)
    write(path, tomlkit.dumps({name: value}))
    again = Settings(path)
    assert again[name] == before
    assert len(again.problems) == 1
    assert name in again.problems[0]


def test_an_undeclared_name_is_a_bug_and_a_whole_number_is_a_number(path: Path) -> None:
    opened = Settings(write(path, "decode_timeout_s = 30\n"))
    assert opened.number("decode_timeout_s") == 30.0
    with pytest.raises(KeyError):
        opened["colour"]
    with pytest.raises(KeyError):
        opened.set("colour", "red")


def test_comments_and_names_of_another_version_survive_a_save(path: Path) -> None:
    opened = Settings(write(path, '# mine\ntheme = "dark"  # at night\nfrom_the_future = 3\n'))
    opened.set("cell_px", 200)
    text = path.read_text(encoding="utf-8")
    assert "# mine" in text
    assert "# at night" in text
    assert "from_the_future = 3" in text
    again = Settings(path)
    assert (again.text("theme"), again["cell_px"], again.problems) == ("dark", 200, ())


def test_a_file_that_is_no_toml_is_reported_and_kept(path: Path, expected_log: ExpectedLog) -> None:
    expected_log("cannot be read and is ignored")
    opened = Settings(write(path, "theme = dark light\n"))
    assert opened.text("theme") == "system"
    assert opened.problems
    opened.set("theme", "light")
    assert Settings(path).text("theme") == "light"
    assert path.with_name("settings.toml.damaged").read_text(encoding="utf-8") == "theme = dark light\n"


def test_a_newer_file_is_refused_and_left_alone(path: Path) -> None:
    text = f"version = {SETTINGS_VERSION + 1}\n"
    with pytest.raises(LibraryTooNewError, match="newer PhotoFind"):
        Settings(write(path, text))
    assert path.read_text(encoding="utf-8") == text


def test_a_failed_save_leaves_the_old_file_and_nothing_else(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Settings(path)
    opened.set("theme", "dark")

    def no_space(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("photofind.settings.os.fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        opened.set("theme", "light")
    assert opened.text("theme") == "light"  # in force until the end
    assert Settings(path).text("theme") == "dark"
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.toml"]


def test_without_a_path_nothing_is_written(own_home: Path) -> None:
    opened = Settings()
    opened.set("theme", "dark")
    assert opened.text("theme") == "dark"
    assert not list(own_home.rglob("*.toml"))


def test_a_directory_in_its_place_is_reported(path: Path, expected_log: ExpectedLog) -> None:
    expected_log("cannot be read")
    path.mkdir(parents=True)
    assert Settings(path).problems


@given(
    content=strategies.binary(max_size=200) | strategies.text(max_size=200).map(lambda text: text.encode("utf-8"))
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_in_the_file_let_the_program_start(content: bytes, path: Path, expected_log: ExpectedLog) -> None:
    expected_log(".", may_be_missing=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    assert Settings(path)["theme"] in ("system", "light", "dark")


@pytest.mark.parametrize(
    "content", ["x = " + "[" * 5_000, "version = 'one'\n", "theme = 2026-13-45\n", "[theme]\na=1\n"]
)
def test_odd_files_let_the_program_start(content: str, path: Path, expected_log: ExpectedLog) -> None:
    expected_log(".")
    opened = Settings(write(path, content))
    assert opened.text("theme") == "system"
    assert opened.problems


def test_the_resources_are_found() -> None:
    assert resource_folder().is_dir()


def test_keep_rules_are_remembered_with_paths_of_any_bytes(path: Path) -> None:
    opened = Settings(write(path, '# mine\ntheme = "dark"\n'))
    assert opened.keep_rules == KeepRules()
    order = tuple(reversed(KeepRule))
    keep, remove = (b"/photos/\xff\n", "/相册".encode()), (b"/a % b",)
    opened.keep_rules = KeepRules(order, frozenset({KeepRule.OLDEST, KeepRule.FOLDER}), keep, remove)
    opened.set("theme", "light")
    again = Settings(path)
    assert again.keep_rules == opened.keep_rules == KeepRules(order, again.keep_rules.off, keep, remove)
    assert again.keep_rules.off == {KeepRule.OLDEST, KeepRule.FOLDER}
    assert (again.text("theme"), again.problems) == ("light", ())
    assert "# mine" in path.read_text(encoding="utf-8")
    again.keep_rules = KeepRules()
    assert Settings(path).keep_rules == KeepRules()


def test_rules_that_the_file_does_not_know_stand_where_they_usually_do(path: Path) -> None:
    opened = Settings(write(path, '[keep]\norder = ["first-path", "oldest", "largest-file"]\noff = ["oldest"]\n'))
    rules = opened.keep_rules
    assert opened.problems == ()
    assert sorted(rules.order) == sorted(KeepRule)
    chosen = (KeepRule.FIRST_PATH, KeepRule.OLDEST, KeepRule.LARGEST_FILE)
    assert [rule for rule in rules.order if rule in chosen] == list(chosen)
    assert rules.order[:2] == (KeepRule.AVAILABLE, KeepRule.FOLDER)
    assert rules.off == {KeepRule.OLDEST, KeepRule.NEWEST}


@pytest.mark.parametrize(
    "text",
    [
        "keep = 3",
        "[keep]\norder = 3",
        "[keep]\noff = [1]",
        '[keep]\norder = ["newer-rule"]',
        "[keep]\nkeep_in = {}",
    ],
)
def test_odd_keep_rules_are_reported_and_replaced_by_a_save(
    text: str, path: Path, expected_log: ExpectedLog
) -> None:
    expected_log("keep")
    opened = Settings(write(path, text))
    assert opened.keep_rules == KeepRules()
    assert len(opened.problems) == 1
    opened.keep_rules = KeepRules(off=frozenset())
    assert Settings(path).keep_rules == KeepRules(off=frozenset())
