"""Keys: declared once, changed in the settings, kept in the file, in force at once."""

import string
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from photofind.gui import keymap
from photofind.gui.bridge import Bridge
from photofind.gui.compare_view import CompareView
from photofind.gui.keys import physical_key
from photofind.gui.keys_dialog import KeysDialog, rows_of
from photofind.gui.main_window import MainWindow
from photofind.gui.settings_dialog import SettingsDialog
from photofind.gui.shortcuts import (
    Room,
    default_keys,
    fixed_keys,
    read_keys,
    refusal,
    rooms_of,
    shortcuts,
    taker_of,
)
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.gui.viewer import Viewer
from photofind.settings import Settings
from tests.conftest import ExpectedLog
from tests.gui.conftest import MakeWindow
from tests.gui.fake_library import FakeLibrary


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


@pytest.fixture
def dialog(qtbot: QtBot, library: FakeLibrary, file: Path, look: None) -> Iterator[SettingsDialog]:
    bridge = Bridge(library)
    made = SettingsDialog(Settings(file), library, bridge)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    bridge.close()


def press(qtbot: QtBot, dialog: SettingsDialog, key: Qt.Key, text: str = "") -> None:
    """Press a key in the field; `text` is what the layout writes with it."""
    line = dialog.keys_page.field.findChild(QLineEdit)
    assert line is not None
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text or chr(key))
        QApplication.sendEvent(dialog.keys_page.field, event)


# The table


def test_no_key_has_two_commands_and_each_is_possible() -> None:
    keys = default_keys()
    for name, own in keys.items():
        for key in own:
            assert refusal(key, rooms_of(name)) == ""
            assert taker_of(key, keys, name) == ""


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("Left", "moves among the photos"),
        ("Shift+PgDown", "moves among the photos"),
        ("Tab", "moves among the controls"),
        ("Ctrl+Space", "selects"),
        ("Nonsense", "is no key"),
        ("Ctrl+K, Ctrl+S", "is no key"),
        ("", "is no key"),
        ("Alt+Left", ""),
        ("Ctrl+K", ""),
    ],
)
def test_keys_that_no_command_can_have(key: str, why: str) -> None:
    assert why in refusal(key)
    assert bool(why) == bool(refusal(key))


@pytest.mark.parametrize(
    ("code", "text", "scan_code", "key"),
    [
        (0x42B, "ы", 39, Qt.Key.Key_S),  # Russian
        (0x3C3, "σ", 39, Qt.Key.Key_S),  # Greek
        (int(Qt.Key.Key_S), "s", 39, Qt.Key.Key_S),
        (int(Qt.Key.Key_Adiaeresis), "ä", 48, Qt.Key.Key_Adiaeresis),  # no letter key of a Latin keyboard
        (int(Qt.Key.Key_Plus), "+", 35, Qt.Key.Key_Plus),
    ],
)
@pytest.mark.skipif("sys.platform != 'linux'", reason="codes of X11 and Wayland")
def test_the_place_of_a_key_counts(code: int, text: str, scan_code: int, key: Qt.Key) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, code, Qt.KeyboardModifier.NoModifier, scan_code, 0, 0, text)
    assert physical_key(event) == key


# The settings file


def test_what_is_chosen_is_in_force_and_the_rest_is_usual(file: Path) -> None:
    file.write_text('[keys]\nsimilar = "K"\nopen = "Return; Ctrl+Return"\ncopy_path = ""\n')
    settings = Settings(file)
    keys = read_keys(settings)
    assert keys["similar"] == ("K",)
    assert keys["open"] == ("Return", "Ctrl+Return")
    assert keys["copy_path"] == ()
    assert keys["info"] == ("I",)
    assert settings.problems == ()


@pytest.mark.parametrize(
    ("entry", "command", "sentence"),
    [
        ('similar = "Left"', "similar", "“Left” moves among the photos"),
        ('similar = "Foo"', "similar", "“Foo” is no key"),
        ('similar = "K"\ninfo = "K"', "info", "“K” belongs to “Find similar”"),
        ("similar = 7", "similar", "The keys of similar should be text"),
        ('somersault = "K"', "similar", "“somersault”, which is no command"),
    ],
)
def test_what_cannot_be_used_is_a_sentence_and_the_usual_key(
    file: Path, entry: str, command: str, sentence: str, expected_log: ExpectedLog
) -> None:
    expected_log("WARNING photofind.settings: .*")
    file.write_text(f"[keys]\n{entry}\n")
    settings = Settings(file)
    assert read_keys(settings)[command] == default_keys()[command]
    assert any(sentence in problem for problem in settings.problems)
    read_keys(settings)
    assert len(settings.problems) == 1


def test_keys_that_are_no_table_are_a_sentence(file: Path, expected_log: ExpectedLog) -> None:
    expected_log("WARNING photofind.settings: .*table")
    file.write_text('keys = "K"\n')
    settings = Settings(file)
    assert read_keys(settings) == default_keys()
    assert "table" in settings.problems[0]
    settings.set_keys({"similar": "K"})
    assert read_keys(Settings(file))["similar"] == ("K",)


def test_a_chosen_key_wins_over_a_usual_one(file: Path) -> None:
    """So a later version that brings a command on this key takes nothing from the person."""
    file.write_text('[keys]\nsimilar = "I"\n')
    keys = read_keys(Settings(file))
    assert keys["similar"] == ("I",)
    assert keys["info"] == ()


def test_the_file_keeps_only_what_differs_and_what_a_person_wrote(file: Path) -> None:
    file.write_text('# mine\ntheme = "dark"\n\n[keys]\nsimilar = "K" # like kin\n')
    settings = Settings(file)
    settings.set_keys({"info": "Ctrl+I"})
    settings.set("cell_px", 99)  # after the table there is: it must not end up inside
    again = Settings(file)
    assert again["cell_px"] == 99
    assert again.keys == {"similar": "K", "info": "Ctrl+I"}
    assert "# mine" in file.read_text()
    assert "# like kin" in file.read_text()
    again.set_keys({"info": None, "similar": None})
    assert "[keys]" not in file.read_text()
    assert Settings(file).text("theme") == "dark"


# The page in the settings


def test_a_key_pressed_is_used_and_saved(qtbot: QtBot, dialog: SettingsDialog, file: Path) -> None:
    page = dialog.keys_page
    page.choose_command("similar")
    press(qtbot, dialog, Qt.Key.Key_G)
    assert page.sentence == ""
    with qtbot.waitSignal(dialog.keys_changed):
        page.use_button.click()
    assert page.keys_shown("similar") == "G"
    assert read_keys(Settings(file))["similar"] == ("G",)


def test_a_key_of_another_command_is_named_and_taken_over(qtbot: QtBot, dialog: SettingsDialog, file: Path) -> None:
    page = dialog.keys_page
    page.choose_command("similar")
    press(qtbot, dialog, Qt.Key.Key_I)
    assert page.sentence == "“I” belongs to “Show or hide the details”."
    assert page.use_button.text() == "Take over"
    page.use_button.click()
    assert page.keys_shown("similar") == "I"
    assert page.keys_shown("info") == ""
    # From a command whose key was chosen, too.
    page.choose_command("copy_path")
    press(qtbot, dialog, Qt.Key.Key_I)
    page.use_button.click()
    keys = read_keys(Settings(file))
    assert keys["copy_path"] == ("I",)
    assert keys["similar"] == ()
    assert Settings(file).problems == ()


def test_a_key_that_moves_is_refused_with_a_sentence(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.keys_page.choose_command("similar")
    press(qtbot, dialog, Qt.Key.Key_Left, "\0")
    assert "moves among the photos" in dialog.keys_page.sentence
    assert not dialog.keys_page.use_button.isEnabled()


def test_usual_keys_come_back(qtbot: QtBot, dialog: SettingsDialog, file: Path) -> None:
    page = dialog.keys_page
    for name, key in (("similar", Qt.Key.Key_G), ("info", Qt.Key.Key_J)):
        page.choose_command(name)
        press(qtbot, dialog, key)
        page.use_button.click()
    page.choose_command("similar")
    page.reset_button.click()
    assert page.keys_shown("similar") == "S"
    assert page.keys_shown("info") == "J"
    assert not page.reset_button.isEnabled()
    page.reset_all()
    assert Settings(file).keys == {}
    assert page.keys_shown("info") == "I"


@pytest.mark.skipif("sys.platform != 'linux'", reason="codes of X11 and Wayland")
def test_a_russian_letter_is_taken_by_its_place(dialog: SettingsDialog) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, 0x41B, Qt.KeyboardModifier.NoModifier, 45, 0, 0, "л")
    QApplication.sendEvent(dialog.keys_page.field, event)
    assert dialog.keys_page.field.keySequence().toString() == "K"


def test_a_file_that_cannot_be_written_is_said(
    qtbot: QtBot, dialog: SettingsDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(dialog.keys_page._settings, "_save", fail)
    dialog.keys_page.choose_command("similar")
    press(qtbot, dialog, Qt.Key.Key_G)
    dialog.keys_page.use_button.click()
    assert "the disk is full" in dialog.note
    assert dialog.keys_page.keys_shown("similar") == "G"


# The window


def test_other_keys_are_in_force_at_once(
    make_window: MakeWindow, library: FakeLibrary, qtbot: QtBot, tmp_path: Path
) -> None:
    settings = Settings(tmp_path / "settings.toml")
    window = make_window(library, settings)
    window.actions_by_name["settings"].trigger()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    dialog.keys_page.choose_command("similar")
    press(qtbot, dialog, Qt.Key.Key_G)
    dialog.keys_page.use_button.click()
    dialog.accept()
    qtbot.waitActive(window)
    window.grid.setFocus()
    window.grid.select_photo(5)
    qtbot.keyClick(window.grid, Qt.Key.Key_G)
    assert window.query_bar.chip_count() == 1
    assert window.details.similar_button.toolTip().endswith("(G)")


def test_the_window_starts_with_the_chosen_keys(make_window: MakeWindow, library: FakeLibrary, file: Path) -> None:
    file.write_text('[keys]\ntrash = "Ctrl+Del"\n')
    window = make_window(library, Settings(file))
    assert [key.toString() for key in window.actions_by_name["trash"].shortcuts()] == ["Ctrl+Del"]


def test_settings_wait_for_the_library(make_window: MakeWindow) -> None:
    window = make_window(None)
    assert not window.actions_by_name["settings"].isEnabled()


# The list under F1


@pytest.fixture
def shown(window: MainWindow, qtbot: QtBot) -> KeysDialog:
    window.actions_by_name["keys"].trigger()
    dialog = window.findChild(KeysDialog)
    assert dialog is not None
    return dialog


def test_f1_lists_every_command_with_its_key(shown: KeysDialog) -> None:
    lines = dict(shown.lines())
    for shortcut in shortcuts():
        if not shortcut.name.startswith("rate_"):
            assert lines[shortcut.text.removesuffix("…")]
    assert lines["Rate with stars"]
    for room in Room:
        for line in fixed_keys(room):
            assert line in shown.lines()


def test_f1_finds_commands_and_keys(shown: KeysDialog, qtbot: QtBot) -> None:
    qtbot.keyClicks(shown.search, "somersault")
    assert shown.lines() == []
    shown.search.clear()
    qtbot.keyClicks(shown.search, "f11")
    assert {name for name, _keys in shown.lines()} == {"Full screen"}
    assert len(shown.lines()) == 3  # window, viewer, comparison
    shown.search.clear()
    assert len(shown.lines()) > 40


def test_f1_shows_the_keys_in_force(make_window: MakeWindow, library: FakeLibrary, file: Path) -> None:
    file.write_text('[keys]\nsimilar = "K"\n')
    window = make_window(library, Settings(file))
    window.actions_by_name["keys"].trigger()
    dialog = window.findChild(KeysDialog)
    assert dialog is not None
    assert ("Find similar", "K") in dialog.lines()


def test_f1_fits_a_small_screen(shown: KeysDialog) -> None:
    shown.resize(shown.width(), 320)
    assert shown.minimumSizeHint().height() <= 320
    assert shown.height() == 320


# What viewer and comparison take by themselves


SAID = {"0 to 5": "012345", "1 to 4": "1234", "Arrows": ("Left", "Right", "Up", "Down")}
TRIED = (
    *string.ascii_uppercase, *string.digits, "+", "-", "Esc", "Space", "Return", "Backspace", "Del", "Left",
    "Right", "Up", "Down", "Home", "End", "PgUp", "PgDown", "F1", "F2", "F11", "Menu",
    *(f"Ctrl+{letter}" for letter in "BCDISTUXZ"),
)  # fmt: skip


def listed(room: Room) -> set[str]:
    """Return the portable keys of a room's lines of the list, among those that are tried."""
    lines = (*fixed_keys(room), *rows_of(keymap.current().keys, room))
    return set(TRIED) & {
        key for _what, keys in lines for text in keys.split(", ") for key in SAID.get(text, (text,))
    }


def taken(widget: QWidget, show: Callable[[], None]) -> set[str]:
    """Return the portable keys that a widget does not leave to others, each pressed after showing it anew."""
    found = set()
    for key in TRIED:
        show()
        combination = QKeySequence(key)[0]  # type: ignore[index]
        event = QKeyEvent(QEvent.Type.KeyPress, combination.key(), combination.keyboardModifiers())
        QApplication.sendEvent(widget, event)
        if event.isAccepted():
            found.add(key)
    return found


@pytest.fixture
def over(qtbot: QtBot, library: FakeLibrary) -> Iterator[tuple[Bridge, ThumbnailLoader, QWidget]]:
    """What viewer and comparison need: the bridge, thumbnails, and the widget that they cover."""
    bridge, thumbnails, below = Bridge(library), ThumbnailLoader(library.thumbnail), QWidget()
    qtbot.addWidget(below)
    below.resize(900, 600)
    below.show()
    yield bridge, thumbnails, below
    bridge.close()
    thumbnails.close()


def test_the_list_has_every_key_of_the_viewer(
    over: tuple[Bridge, ThumbnailLoader, QWidget], library: FakeLibrary
) -> None:
    viewer = Viewer(library, *over)
    assert taken(viewer, lambda: viewer.show_photos(library.ids, 3)) == listed(Room.VIEWER)
    viewer.close_over()


def test_the_list_has_every_key_of_the_comparison(
    over: tuple[Bridge, ThumbnailLoader, QWidget], library: FakeLibrary
) -> None:
    view = CompareView(library, *over)
    found = set()
    for photos in (library.photos([2, 8]), library.photos([2, 8, 14, 20])):
        found |= taken(view, lambda photos=photos: view.show_photos(photos, may_choose=True))  # type: ignore[misc]
    assert found == listed(Room.COMPARISON)
    view.close_over()


def key_press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, held)


def test_a_chosen_key_is_that_of_every_room(
    make_window: MakeWindow, library: FakeLibrary, qtbot: QtBot, file: Path, expected_log: ExpectedLog
) -> None:
    expected_log("WARNING photofind.settings: .*fixed meaning")
    file.write_text('[keys]\nsimilar = "F"\nfit = "1"\n')
    settings = Settings(file)
    window = make_window(library, settings)
    assert "has a fixed meaning" in settings.problems[0]  # 1 to 4 keep a photo of the comparison
    window.grid.setFocus()
    window.grid.select_photo(5)
    window.actions_by_name["preview"].trigger()
    viewer = window.findChild(Viewer)
    assert viewer is not None
    button = next(one for one in viewer.findChildren(QToolButton) if one.text() == "Find similar")
    assert button.toolTip().endswith("(F)")
    qtbot.keyClick(viewer, Qt.Key.Key_S)
    assert viewer.isVisible()
    qtbot.keyClick(viewer, Qt.Key.Key_F)
    assert not viewer.isVisible()
    assert window.query_bar.chip_count() == 1


def test_f1_lists_the_keys_over_the_viewer(window: MainWindow, qtbot: QtBot) -> None:
    window.grid.setFocus()
    window.grid.select_photo(5)
    window.actions_by_name["preview"].trigger()
    viewer = window.findChild(Viewer)
    assert viewer is not None
    qtbot.keyClick(viewer, Qt.Key.Key_F1)
    dialog = window.findChild(KeysDialog)
    assert dialog is not None
    assert dialog.isVisible()
    assert viewer.isVisible()
    dialog.close()
    viewer.close_over()


def test_a_key_may_mean_two_things_in_two_rooms(file: Path) -> None:
    file.write_text('[keys]\nblink = "T"\nfilmstrip = "D"\nunmark = "C"\n')
    settings = Settings(file)
    keys = read_keys(settings)
    assert settings.problems == ()
    assert keys["blink"] == ("T",)
    assert keys["filmstrip"] == ("D",)
    assert keys["difference"] == ("D",)
    assert keys["unmark"] == ("C",)
    assert keys["compare"] == ()  # works among duplicates, too, where C was chosen for something else


def test_signs_written_with_shift_and_the_keypad_are_commands() -> None:
    keys = keymap.Keymap()
    shift, keypad = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.KeypadModifier
    assert keys.command(key_press(Qt.Key.Key_Plus, shift), Room.VIEWER) == "nearer"
    assert keys.command(key_press(Qt.Key.Key_3, shift), Room.VIEWER) == "rate_3"
    assert keys.command(key_press(Qt.Key.Key_3, keypad), Room.VIEWER) == "rate_3"
    assert keys.command(key_press(Qt.Key.Key_Enter, keypad), Room.DUPLICATES) == "open"
    assert keys.command(key_press(Qt.Key.Key_S, shift), Room.VIEWER) == ""
    assert keys.command(key_press(Qt.Key.Key_B), Room.VIEWER) == "region"
    assert keys.command(key_press(Qt.Key.Key_B), Room.COMPARISON) == "blink"
