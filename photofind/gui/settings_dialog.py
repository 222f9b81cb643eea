"""The settings, built from their declarations, and the state of the index.

Owned by the GUI thread. A change is in force and saved at once, as people know it from phones and most desktops;
OK and Cancel lost, since half of the settings show their effect only when they are tried. What takes effect at the
next start says so. A setting is declared once, in `settings.SETTINGS`; here is only how its type looks.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import icons, theme, wording
from photofind.gui.bridge import Bridge
from photofind.gui.keys_page import KeysPage
from photofind.gui.translation import choice_label, core_sentence, setting_label, setting_sentence
from photofind.library import Library
from photofind.records import VerifyReport
from photofind.settings import SETTINGS, Setting, Settings, Value

AT_NEXT_START = frozenset(
    {"language", "decoder_processes", "decode_timeout_s", "watch", "poll_interval_s", "provider"}
)
"""Settings that are read once, when the program starts."""


class SettingsDialog(QDialog):
    """See the module.

    Args:
        settings: Changed and saved at once.
        library: Asked for its network in use, told to verify.
        bridge: Brings the answers.
    """

    setting_changed = Signal(str)
    """Name of the setting; the window acts on it."""
    networks_wanted = Signal()
    """The page of networks is wanted; the dialog closes."""
    keys_changed = Signal()
    """Commands have other keys; the settings know which."""

    def __init__(self, settings: Settings, library: Library, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._library = library
        self._bridge = bridge
        self._editors: dict[str, QWidget] = {}
        self._is_showing = False
        self.setWindowTitle(self.tr("Settings"))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2)
        column.setSpacing(theme.SPACE)
        tabs = QTabWidget(self)
        tabs.tabBar().setDrawBase(False)
        tabs.setAccessibleName(self.tr("Settings"))
        tabs.tabBar().setAccessibleName(self.tr("Pages of the settings"))
        tabs.addTab(self._build_settings(), self.tr("General"))
        self._keys_page = KeysPage(settings, self)
        self._keys_page.changed.connect(self._on_keys_changed)
        self._keys_page.failed.connect(self._say_unsaved)
        tabs.addTab(self._keys_page, self.tr("Keys"))
        tabs.addTab(self._build_library(), self.tr("Network and index"))
        column.addWidget(tabs, 1)
        self._note = QLabel(self)
        self._note.setWordWrap(True)
        self._note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column.addWidget(self._note)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        restore = QPushButton(self.tr("Restore defaults"), self)
        restore.setToolTip(self.tr("Set everything on the first page back to what it was at the first start"))
        restore.setAutoDefault(False)
        restore.clicked.connect(self.restore_defaults)
        buttons.addButton(restore, QDialogButtonBox.ButtonRole.ResetRole)
        # The other pages have nothing that it would set back.
        tabs.currentChanged.connect(lambda page: restore.setVisible(page == 0))
        buttons.rejected.connect(self.accept)
        column.addWidget(buttons)
        self.resize(QSize(640, 600))

    # The settings

    def _build_settings(self) -> QWidget:
        page = QWidget(self)
        form = QFormLayout(page)
        form.setContentsMargins(theme.SPACE, theme.SPACE * 2, theme.SPACE, theme.SPACE)
        form.setHorizontalSpacing(theme.SPACE * 3)
        form.setVerticalSpacing(theme.SPACE * 3 // 2)
        for setting in SETTINGS:
            if not setting.is_shown:
                continue
            editor = self._editor_of(setting)
            self._editors[setting.name] = editor
            sentence = setting_sentence(setting)
            editor.setToolTip(sentence)
            editor.setAccessibleDescription(sentence)
            editor.setAccessibleName(setting_label(setting))
            if isinstance(editor, QCheckBox):
                editor.setText(setting_label(setting))
                form.addRow("", editor)
            else:
                label = QLabel(setting_label(setting), page)
                label.setToolTip(sentence)
                label.setBuddy(editor)
                label.setMinimumHeight(editor.sizeHint().height())
                form.addRow(label, editor)
        self._show_values()
        return page

    def _editor_of(self, setting: Setting) -> QWidget:
        name = setting.name
        editor: QWidget
        if isinstance(setting.default, bool):
            box = QCheckBox(self)
            box.toggled.connect(lambda value: self._change(name, value))
            editor = box
        elif setting.choices:
            combo = QComboBox(self)
            for choice in setting.choices:
                combo.addItem(choice_label(choice), choice)
            combo.currentIndexChanged.connect(lambda _index: self._change(name, combo.currentData()))
            editor = combo
        elif isinstance(setting.default, int):
            spin = QSpinBox(self)
            spin.setRange(_bound(setting.minimum, 0), _bound(setting.maximum, 2**31 - 1))
            if setting.minimum == 0:
                spin.setSpecialValueText(self.tr("Automatic"))
            spin.setKeyboardTracking(False)
            spin.lineEdit().setTextMargins(theme.SPACE, 0, 0, 0)
            spin.valueChanged.connect(lambda value: self._change(name, value))
            editor = spin
        elif isinstance(setting.default, float):
            number = QDoubleSpinBox(self)
            number.setRange(_bound(setting.minimum, 0), _bound(setting.maximum, 2**31 - 1))
            number.setDecimals(0)
            number.setKeyboardTracking(False)
            number.lineEdit().setTextMargins(theme.SPACE, 0, 0, 0)
            number.valueChanged.connect(lambda value: self._change(name, value))
            editor = number
        else:
            raise TypeError(f"The dialog has no field for the setting {name}")
        # Scrolling past a field must not change it.
        editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return editor

    def editor(self, name: str) -> QWidget:
        """Return the field of a setting."""
        return self._editors[name]

    @property
    def note(self) -> str:
        """The sentence below the settings."""
        return self._note.text()

    def restore_defaults(self) -> None:
        """Set every shown setting to its default."""
        for setting in SETTINGS:
            if setting.is_shown and self._settings[setting.name] != setting.default:
                self._change(setting.name, setting.default)
        self._show_values()

    def _show_values(self) -> None:
        self._is_showing = True
        for name, editor in self._editors.items():
            value = self._settings[name]
            if isinstance(editor, QCheckBox):
                editor.setChecked(bool(value))
            elif isinstance(editor, QComboBox):
                editor.setCurrentIndex(editor.findData(value))
            elif isinstance(editor, QSpinBox):
                editor.setValue(int(value))
            elif isinstance(editor, QDoubleSpinBox):
                editor.setValue(float(value))
        self._is_showing = False

    def _change(self, name: str, value: Value) -> None:
        if self._is_showing or self._settings[name] == value:
            return
        try:
            self._settings.set(name, value)
        except OSError as error:
            self._say_unsaved(str(error))
        else:
            self._note.setText(
                self.tr("This takes effect when PhotoFind starts the next time.") if name in AT_NEXT_START else ""
            )
        self.setting_changed.emit(name)

    @property
    def keys_page(self) -> KeysPage:
        """The page of keys."""
        return self._keys_page

    def _on_keys_changed(self) -> None:
        self.keys_changed.emit()

    def _say_unsaved(self, reason: str) -> None:
        self._note.setText(self.tr("The settings could not be saved: {reason}").format(reason=reason))

    # The network and the index

    def _build_library(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.SPACE, theme.SPACE * 2, theme.SPACE, theme.SPACE)
        column.setSpacing(theme.SPACE)
        text = QLabel(
            self.tr(
                "The network turns each photo into numbers that say what it looks like. It runs on this computer."
            ),
            page,
        )
        text.setWordWrap(True)
        text.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column.addWidget(text)
        active = next((facts for facts in self._library.models() if facts.is_active), None)
        network = QLabel(page)
        network.setWordWrap(True)
        network.setTextFormat(Qt.TextFormat.PlainText)
        if active is None:
            network.setText(self.tr("No network was found; photos can be searched by words only."))
        else:
            network.setText(self.tr("In use: {model}").format(model=wording.network_name(active)))
            network.setToolTip(active.model_id)
        self._networks = QPushButton(self.tr("Networks…"), page)
        self._networks.setToolTip(self.tr("What each network costs and gains here; choose, add and remove them"))
        icons.bind(self._networks, "network")
        self._networks.setAutoDefault(False)
        self._networks.clicked.connect(self._on_networks)
        chosen = QHBoxLayout()
        chosen.setSpacing(theme.SPACE)
        chosen.addWidget(network, 1)
        chosen.addWidget(self._networks)
        column.addLayout(chosen)
        summary = self._library.summary()
        locale = self.locale()
        index = QLabel(
            self.tr("Index: {embedded} of {contents} different photos, at {photos} places.").format(
                embedded=locale.toString(summary.embedded),
                contents=locale.toString(summary.contents),
                photos=locale.toString(summary.photos),
            ),
            page,
        )
        index.setWordWrap(True)
        column.addSpacing(theme.SPACE)
        column.addWidget(index)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        self._verify = QPushButton(self.tr("Check the library"), page)
        self._verify.setToolTip(
            self.tr("Compare the catalog, the index and every file with each other; only reads")
        )
        icons.bind(self._verify, "check")
        self._verify.clicked.connect(lambda: self._start_verify(repair=False))
        self._repair = QPushButton(self.tr("Check and repair"), page)
        self._repair.setToolTip(
            self.tr("Also build again whatever is damaged in the catalog and the index; photos are never changed")
        )
        icons.bind(self._repair, "rescan")
        self._repair.clicked.connect(lambda: self._start_verify(repair=True))
        self._repair.setDisabled(self._library.is_read_only)
        for button in (self._verify, self._repair):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self._busy = QProgressBar(page)
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setFixedHeight(6)
        self._busy.hide()
        column.addWidget(self._busy)
        self._report = QPlainTextEdit(page)
        self._report.setReadOnly(True)
        self._report.setAccessibleName(self.tr("Result of the check"))
        self._report.hide()
        column.addWidget(self._report, 1)
        column.addStretch(1)
        return page

    def _on_networks(self) -> None:
        self.accept()
        self.networks_wanted.emit()

    def _start_verify(self, *, repair: bool) -> None:
        self._verify.setEnabled(False)
        self._repair.setEnabled(False)
        self._busy.show()
        self._report.hide()
        self._bridge.ask(
            self._library.verify(repair=repair),
            self._on_verified,
            failed=self._on_verify_failed,
            topic="verify",
        )

    def _on_verified(self, report: VerifyReport) -> None:
        lines = [self.tr("%n photo(s) checked.", "", report.photos_checked)]
        if report.is_ok and not report.repaired:
            lines.append(self.tr("Everything is in order."))
        if report.problems:
            lines += ["", self.tr("Problems:"), *(f"• {core_sentence(problem)}" for problem in report.problems)]
        if report.repaired:
            lines += ["", self.tr("Repaired:"), *(f"• {core_sentence(problem)}" for problem in report.repaired)]
        self._end_verify("\n".join(lines))

    def _on_verify_failed(self, sentence: str) -> None:
        self._end_verify(core_sentence(sentence))

    def _end_verify(self, text: str) -> None:
        self._busy.hide()
        self._verify.setEnabled(True)
        self._repair.setDisabled(self._library.is_read_only)
        self._report.setPlainText(text)
        self._report.show()

    @property
    def report(self) -> str:
        """What the last check found; "" while it runs and before."""
        return self._report.toPlainText() if not self._report.isHidden() else ""

    @property
    def verify_button(self) -> QPushButton:
        """Starts a check."""
        return self._verify


def _bound(value: float | None, default: int) -> int:
    return default if value is None else int(value)
