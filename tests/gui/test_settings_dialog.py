"""The settings dialog is built from the declarations and saves at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from photofind.gui.bridge import Bridge
from photofind.gui.settings_dialog import SettingsDialog
from photofind.records import VerifyReport
from photofind.settings import SETTINGS, Settings
from tests.gui.fake_library import FakeLibrary


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.toml")


@pytest.fixture
def dialog(qtbot: QtBot, library: FakeLibrary, settings: Settings) -> Iterator[SettingsDialog]:
    bridge = Bridge(library)
    made = SettingsDialog(settings, library, bridge)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    bridge.close()


def click(qtbot: QtBot, dialog: SettingsDialog, text: str) -> None:
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == text)
    button.click()


def test_every_shown_setting_has_a_field_with_its_sentence(dialog: SettingsDialog, settings: Settings) -> None:
    for setting in SETTINGS:
        if not setting.is_shown:
            continue
        editor = dialog.editor(setting.name)
        assert editor.toolTip() == setting.sentence
        assert editor.accessibleName() == setting.label
        if isinstance(editor, QCheckBox):
            assert editor.isChecked() == setting.default
        elif isinstance(editor, QComboBox):
            assert editor.currentData() == setting.default
            assert tuple(editor.itemData(i) for i in range(editor.count())) == setting.choices
        else:
            assert isinstance(editor, QSpinBox | QDoubleSpinBox)
            assert editor.value() == setting.default
            assert (editor.minimum(), editor.maximum()) == (setting.minimum, setting.maximum)


def test_what_the_window_remembers_by_itself_has_none(dialog: SettingsDialog) -> None:
    with pytest.raises(KeyError):
        dialog.editor("window_geometry")


def test_a_change_is_saved_at_once(
    qtbot: QtBot, dialog: SettingsDialog, settings: Settings, tmp_path: Path
) -> None:
    combo = dialog.editor("theme")
    assert isinstance(combo, QComboBox)
    with qtbot.waitSignal(dialog.setting_changed) as signal:
        qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert signal.args == ["theme"]
    assert settings.text("theme") == "light"
    assert Settings(tmp_path / "settings.toml").text("theme") == "light"
    assert dialog.note == ""


def test_what_waits_for_the_next_start_says_so(qtbot: QtBot, dialog: SettingsDialog) -> None:
    box = dialog.editor("watch")
    assert isinstance(box, QCheckBox)
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert "next time" in dialog.note


def test_a_number_is_taken_when_it_is_complete(qtbot: QtBot, dialog: SettingsDialog, settings: Settings) -> None:
    number = dialog.editor("poll_interval_s")
    assert isinstance(number, QDoubleSpinBox)
    qtbot.waitActive(dialog)
    number.setFocus()
    number.selectAll()
    qtbot.keyClicks(number, "45")
    assert settings.number("poll_interval_s") == 300.0
    qtbot.keyClick(number, Qt.Key.Key_Tab)
    assert settings.number("poll_interval_s") == 45.0


def test_defaults_come_back(qtbot: QtBot, dialog: SettingsDialog, settings: Settings) -> None:
    settings.set("theme", "dark")
    settings.set("decoder_processes", 3)
    settings.set("cell_px", 99)
    click(qtbot, dialog, "Restore defaults")
    assert settings.text("theme") == "system"
    assert settings["decoder_processes"] == 0
    assert settings["cell_px"] == 99  # not on this page
    spin = dialog.editor("decoder_processes")
    assert isinstance(spin, QSpinBox)
    assert spin.value() == 0


def test_a_settings_file_that_cannot_be_written_is_said(
    qtbot: QtBot, dialog: SettingsDialog, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(settings, "_save", fail)
    box = dialog.editor("watch")
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert "the disk is full" in dialog.note


def test_the_network_in_use_is_named_and_the_button_leads_to_all(
    qtbot: QtBot, dialog: SettingsDialog, library: FakeLibrary
) -> None:
    assert any("fake-1" in label.text() for label in dialog.findChildren(QLabel))
    with qtbot.waitSignal(dialog.networks_wanted):
        click(qtbot, dialog, "Networks…")
    assert not dialog.isVisible()


def test_without_a_network_the_settings_say_so(qtbot: QtBot, library: FakeLibrary, settings: Settings) -> None:
    library.model_list = []
    bridge = Bridge(library)
    dialog = SettingsDialog(settings, library, bridge)
    qtbot.addWidget(dialog)
    assert any("No network" in label.text() for label in dialog.findChildren(QLabel))
    bridge.close()


def test_a_check_runs_beside_the_window_and_reports(
    qtbot: QtBot, dialog: SettingsDialog, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = VerifyReport(False, 60, ("Two vectors were missing.",), ("The index was built again.",))
    library.is_held = True
    monkeypatch.setattr(library, "verify", lambda *, repair: library._later(lambda: report))
    dialog.verify_button.click()
    assert not dialog.verify_button.isEnabled()
    assert dialog.report == ""
    library.release()
    qtbot.waitUntil(lambda: dialog.verify_button.isEnabled())
    assert "60 photo" in dialog.report
    assert "Two vectors were missing." in dialog.report
    assert "The index was built again." in dialog.report
    assert "in order" not in dialog.report


def test_a_library_for_reading_only_cannot_be_repaired(
    qtbot: QtBot, library: FakeLibrary, settings: Settings
) -> None:
    library.is_read_only = True
    bridge = Bridge(library)
    dialog = SettingsDialog(settings, library, bridge)
    qtbot.addWidget(dialog)
    repair = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Check and repair")
    assert not repair.isEnabled()
    assert dialog.verify_button.isEnabled()
    bridge.close()
