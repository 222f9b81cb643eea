"""Every setting, declared once: name, type, default, range and one sentence. The dialog is built from this.

Stored as TOML in the platform's configuration folder, with a version. A value of the wrong type or out of range
falls back to its default and is reported, never raised: a typing slip must not keep the program from starting.
What the person wrote stays: comments and unknown names survive a save, a file that is no TOML is kept beside it.
An alternative that lost: QSettings, because the core and the command line must not import Qt. tomlkit, which keeps
the comments, is imported when something is saved: reading goes without, and a window stands the sooner.
"""

import functools
import logging
import os
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_to_bytes

import platformdirs

from photofind.errors import LibraryTooNewError
from photofind.records import KeepRule, KeepRules

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

logger = logging.getLogger(__name__)

SETTINGS_VERSION = 1

Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Setting:
    """One declaration.

    Attributes:
        default: Also fixes the type: a value of another type is refused.
        label: Its name in the dialog, English source text for translation.
        sentence: One sentence, the tooltip.
        choices: The only allowed values of a string setting; empty for free text.
        minimum, maximum: Range of a number, both allowed.
        is_shown: False for what the window remembers by itself.
    """

    name: str
    default: Value
    label: str = ""
    sentence: str = ""
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    is_shown: bool = True


SETTINGS: tuple[Setting, ...] = (
    Setting("language", "system", "Language", "The language of the window.", ("system", "en", "zh_CN")),
    Setting("theme", "system", "Appearance", "Light, dark, or as the system has it.", ("system", "light", "dark")),
    Setting(
        "decoder_processes",
        0,
        "Processes for reading photos",
        "How many processes decode photos at once; 0 lets the program choose from the number of cores.",
        minimum=0,
        maximum=64,
    ),
    Setting(
        "advances",
        False,
        "Go on after a mark",
        "Stars, picks and rejects given with a key are followed by the next photo.",
    ),
    Setting(
        "pause_on_battery",
        True,
        "Pause indexing on battery",
        "Indexing waits while the computer runs on its battery.",
    ),
    Setting(
        "decode_timeout_s",
        20.0,
        "Time limit for one photo (s)",
        "A photo that takes longer than this to read is listed under Problems.",
        minimum=1,
        maximum=600,
    ),
    Setting("watch", True, "Watch folders", "New and changed photos are taken in as soon as they appear."),
    Setting(
        "poll_interval_s",
        300.0,
        "Look again every (s)",
        "How often folders that cannot announce changes, such as network shares, are looked through.",
        minimum=10,
        maximum=86_400,
    ),
    Setting(
        "provider",
        "auto",
        "Compute on",
        "Where the network runs; automatic takes the fastest that works here.",
        ("auto", "cpu", "cuda", "directml", "coreml", "openvino"),
    ),
    Setting("model", "", is_shown=False),
    Setting("cell_px", 176, is_shown=False, minimum=64, maximum=512),
    Setting(
        "sort_order", "newest", is_shown=False, choices=("newest", "oldest", "added", "name", "size", "folder")
    ),
    Setting("grid_layout", "squares", is_shown=False, choices=("squares", "rows")),
    Setting("grid_sections", True, is_shown=False),
    Setting("copied_to", "", is_shown=False),
    Setting("viewer_filmstrip", True, is_shown=False),
    Setting("window_geometry", "", is_shown=False),
    Setting("window_state", "", is_shown=False),
    Setting("shows_sidebar", True, is_shown=False),
    Setting("shows_details", True, is_shown=False),
    Setting("place", "all", is_shown=False),
    Setting("current_photo", 0, is_shown=False, minimum=0, maximum=2**53),
    Setting("top_photo", 0, is_shown=False, minimum=0, maximum=2**53),
    Setting("top_px", 0, is_shown=False, minimum=-100_000, maximum=100_000),
    Setting("open_folders", "", is_shown=False),
)

_BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}


def config_folder() -> Path:
    """Return the platform's folder for the settings file."""
    return Path(platformdirs.user_config_dir("photofind", appauthor=False))


def default_library() -> Path:
    """Return the platform's folder for the library."""
    return Path(platformdirs.user_data_dir("photofind", appauthor=False)) / "library"


@functools.cache
def resource_folder() -> Path:
    """Return the folder of icons, translations, styles and bundled models.

    It lies inside the package when installed as a wheel or frozen, beside it in a checkout.
    """
    inside = Path(__file__).parent / "resources"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "resources"


def log_folder() -> Path:
    """Return the platform's folder for the log."""
    return Path(platformdirs.user_log_dir("photofind", appauthor=False))


class Settings:
    """The values in force. Reading is safe from any thread; writing belongs to the thread that opened it.

    Args:
        path: The TOML file; it need not exist. None keeps everything in memory.

    Raises:
        LibraryTooNewError: A newer PhotoFind wrote the file.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._values: dict[str, Value] = {}
        self._keys: dict[str, str] = {}
        self._keep_rules = KeepRules()
        self._text = ""
        """The file, as it was read."""
        self._document: TOMLDocument | None = None
        self._is_damaged = False
        self.problems: tuple[str, ...] = ()
        """Sentences on values that were ignored."""
        if path is not None:
            self._load(path)

    def __getitem__(self, name: str) -> Value:
        """Return the value of a declared setting; KeyError for an undeclared one."""
        return self._values.get(name, _BY_NAME[name].default)

    def text(self, name: str) -> str:
        """Return a string setting."""
        return str(self[name])

    def number(self, name: str) -> float:
        """Return a number setting."""
        return float(self[name])

    def flag(self, name: str) -> bool:
        """Return a yes-or-no setting."""
        return bool(self[name])

    def set(self, name: str, value: Value) -> None:
        """Change one setting and save.

        Raises:
            KeyError: The setting is not declared.
            ValueError: The value has the wrong type or lies outside its range.
            OSError: It cannot be saved; it is in force until the program ends all the same.
        """
        problem = _problem(_BY_NAME[name], value)
        if problem:
            raise ValueError(problem)
        self._values[name] = value
        self._save()

    @property
    def keys(self) -> Mapping[str, str]:
        """Keys of commands that a person chose, by the command's name; what is not here has its default.

        Which commands and keys there are is the window's affair: a value is whatever text the file has.
        """
        return dict(self._keys)

    def set_keys(self, changes: Mapping[str, str | None]) -> None:
        """Change the keys of some commands, None for the default, and save.

        Raises:
            OSError: It cannot be saved; it is in force until the program ends all the same.
        """
        for name, keys in changes.items():
            if keys is None:
                self._keys.pop(name, None)
            else:
                self._keys[name] = keys
        document = self._written()
        table = document.get("keys")
        if not isinstance(table, dict):
            document["keys"] = {}
            table = document["keys"]  # what it was made into
        for name, keys in changes.items():
            if keys is not None:
                table[name] = keys
            elif name in table:
                del table[name]
        if not table:
            del document["keys"]
        self._save()

    @property
    def keep_rules(self) -> KeepRules:
        """How the photo of a group of duplicates that is proposed to stay is chosen.

        Setting it saves it: OSError when that fails; it is in force until the program ends all the same.
        """
        return self._keep_rules

    @keep_rules.setter
    def keep_rules(self, rules: KeepRules) -> None:
        self._keep_rules = rules
        document = self._written()
        table = document.get("keep")
        if not isinstance(table, dict):
            document["keep"] = {}
            table = document["keep"]  # what it was made into
        lists: dict[str, list[str]] = {
            "order": [rule.value for rule in rules.order],
            "off": [rule.value for rule in rules.order if rule in rules.off],
            "keep_in": [_path_text(path) for path in rules.keep_in],
            "remove_in": [_path_text(path) for path in rules.remove_in],
        }
        table.update(lists)
        self._save()

    def report(self, sentence: str) -> None:
        """Add to `problems`, once: the window found something in the file that it cannot use."""
        if sentence not in self.problems:
            self.problems = (*self.problems, sentence)
            logger.warning("%s", sentence)

    def _load(self, path: Path) -> None:
        problems: list[str] = []
        try:
            self._text = path.read_text(encoding="utf-8")
            raw: dict[str, Any] = tomllib.loads(self._text)
        except FileNotFoundError:
            return
        except (OSError, ValueError, RecursionError) as error:
            self._is_damaged, self._text, raw = True, "", {}
            problems.append(f"The settings file cannot be read and is ignored: {error}")
        version = raw.pop("version", SETTINGS_VERSION)
        if not isinstance(version, int) or isinstance(version, bool):
            problems.append("The settings file has no proper version.")
        elif version > SETTINGS_VERSION:
            raise LibraryTooNewError(f"The settings file {path} was written by a newer PhotoFind; please update.")
        keys = raw.pop("keys", {})
        if not isinstance(keys, dict):
            problems.append("Setting keys should be a table of commands and their keys.")
        else:
            self._keys = {name: text for name, text in keys.items() if isinstance(text, str)}
            wrong = sorted(set(keys) - set(self._keys))
            problems += [f"The keys of {name} should be text in quotation marks." for name in wrong]
        self._keep_rules, wrong_rules = _read_keep_rules(raw.pop("keep", {}))
        problems += wrong_rules
        for name, value in raw.items():
            setting = _BY_NAME.get(name)
            if setting is None:
                continue  # a setting of another version; not worth a report at every start
            if isinstance(setting.default, float) and isinstance(value, int) and not isinstance(value, bool):
                value = float(value)
            problem = _problem(setting, value)
            if problem:
                problems.append(problem)
            else:
                self._values[name] = value
        self.problems = tuple(problems)
        for sentence in problems:
            logger.warning("%s", sentence)

    def _written(self) -> "TOMLDocument":
        """Return what the file says, with the person's comments."""
        if self._document is None:
            import tomlkit
            from tomlkit.exceptions import TOMLKitError

            try:
                self._document = tomlkit.parse(self._text)
            except TOMLKitError as error:
                logger.info("The settings file is kept beside the new one: %s", error)
                self._document, self._is_damaged = tomlkit.document(), True
        return self._document

    def _save(self) -> None:
        if self._path is None:
            return
        document = self._written()
        document["version"] = SETTINGS_VERSION
        document.update(self._values)
        content = document.as_string().encode()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=".settings-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if self._is_damaged:
                os.replace(self._path, self._path.with_name(self._path.name + ".damaged"))
                self._is_damaged = False
            os.replace(temporary, self._path)
        except OSError:
            os.unlink(temporary)
            raise


_KEEP_LISTS = ("order", "off", "keep_in", "remove_in")
_ENCODED = "file:"


def _path_text(path: bytes) -> str:
    """Return a path as TOML can hold it: names that are no text are escaped."""
    text = os.fsdecode(path)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _ENCODED + quote(path)
    return text


def _path_of(text: str) -> bytes:
    return unquote_to_bytes(text.removeprefix(_ENCODED)) if text.startswith(_ENCODED) else os.fsencode(text)


def _read_keep_rules(table: object) -> tuple[KeepRules, list[str]]:
    """Return the rules that a table of the file says, and what is wrong with it.

    A rule that the table does not know, because it is newer than the file, stands where it usually does.
    """
    if not isinstance(table, dict):
        return KeepRules(), ["Setting keep should be a table of rules."]
    problems: list[str] = []
    lists: dict[str, list[str]] = {}
    for name in _KEEP_LISTS:
        value = table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            problems.append(f"Setting keep.{name} should be a list of texts.")
        elif name in table:
            lists[name] = value
    known = {rule.value: rule for rule in KeepRule}
    unknown = {text for name in ("order", "off") for text in lists.get(name, ())} - set(known)
    problems += [f"There is no keep rule {text}." for text in sorted(unknown)]
    usual = KeepRules()
    order = [known[text] for text in dict.fromkeys(lists.get("order", ())) if text in known]
    said = set(order)
    for place, rule in enumerate(usual.order):
        if rule not in order:
            before = [order.index(other) for other in usual.order[:place] if other in order]
            order.insert(max(before, default=-1) + 1, rule)
    off = {known[text] for text in lists.get("off", ()) if text in known} | (usual.off - said)
    rules = KeepRules(
        tuple(order),
        frozenset(off),
        tuple(dict.fromkeys(map(_path_of, lists.get("keep_in", ())))),
        tuple(dict.fromkeys(map(_path_of, lists.get("remove_in", ())))),
    )
    return rules, problems


def _problem(setting: Setting, value: object) -> str:
    """Return what is wrong with `value`, or an empty string."""
    if type(value) is not type(setting.default):
        return f"Setting {setting.name} should be {type(setting.default).__name__}, not {type(value).__name__}."
    if setting.choices and value not in setting.choices:
        return f"Setting {setting.name} should be one of {', '.join(setting.choices)}, not {value!r}."
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = setting.minimum, setting.maximum
        # `not (low <= value)` and not `value < low`: NaN must be refused as well.
        if (low is not None and not value >= low) or (high is not None and not value <= high):
            return f"Setting {setting.name} should lie between {low:g} and {high:g}, not {value!r}."
    return ""
