"""The networks at hand: what each costs and gains on this computer, which one answers, and how to add another.

Owned by the main window, on its thread. A page of the sidebar rather than a dialog: reading all photos by another
network takes long, and whoever started that wants to look at it now and then while the window works on. In the
settings a button leads here, because that is where people look first.

Cards are kept and filled anew instead of made anew, so that the keyboard's place survives the numbers that change
while photos are read. One wide table lost: its eleven columns do not fit beside the sidebar.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from photofind.errors import PhotofindError
from photofind.events import Stage
from photofind.gui import icons, theme, wording
from photofind.gui.bridge import Bridge
from photofind.gui.flow_layout import FlowLayout
from photofind.gui.keys import asks_for_escape
from photofind.gui.state_page import StatePage
from photofind.gui.translation import choice_label, core_sentence, read_only_sentence
from photofind.library import Library
from photofind.records import ModelCost, ModelFacts

REFRESH_MS = 700
_WIDEST_PX = 1040
"""Lines longer than that are hard to follow."""

ChooseFile = Callable[[QWidget, str, str], str]
"""Asks for one file: parent, title, patterns; returns its path or ""."""


def choose_file(parent: QWidget, title: str, patterns: str) -> str:
    """Ask for one file with the system's dialog."""
    return QFileDialog.getOpenFileName(parent, title, "", patterns)[0]


class ModelsPage(QWidget):
    """See the module.

    Args:
        library: Asked for its networks, told to use, add, remove and measure them.
        bridge: Brings the answers and the progress.
        choose: Asks for a file; another one in tests.
    """

    model_changed = Signal()
    """Another network answers now."""

    def __init__(
        self, library: Library, bridge: Bridge, parent: QWidget | None = None, *, choose: ChooseFile = choose_file
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._bridge = bridge
        self._cards: dict[str, ModelCard] = {}
        self._costs: dict[str, tuple[ModelCost, ...]] = {}
        self._asked = ""
        """The network that was asked to answer; the library says so itself only when it has loaded it."""
        self._active = ""
        self.setObjectName("models")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Networks"))
        self._timer = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self._adding = AddPanel(choose, self)
        self._adding.added.connect(self._on_add)
        self._adding.closed.connect(self.refresh)
        self._adding.hide()
        self._build()
        bridge.progress_changed.connect(self._on_progress)

    def _build(self) -> None:
        inside = QWidget(self)
        inside.setObjectName("models-inside")
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2)
        column.setSpacing(theme.SPACE * 3 // 2)
        column.addLayout(self._make_heading(inside))
        self._exchange = _Exchange(inside)
        self._exchange.back_wanted.connect(self._on_back_wanted)
        column.addWidget(self._exchange)
        self._measuring = _Busy(inside)
        self._measuring.set_button(self.tr("Cancel"), self.tr("Stop waiting for the measurement"))
        self._measuring.clicked.connect(self._cancel_measuring)
        column.addWidget(self._measuring)
        self._said = _Sentence(inside)
        column.addWidget(self._said)
        column.addWidget(self._adding)
        self._card_column = QVBoxLayout()
        self._card_column.setSpacing(theme.SPACE * 3 // 2)
        column.addLayout(self._card_column)
        column.addStretch(1)
        inside.setMaximumWidth(_WIDEST_PX)
        for part in (self._exchange, self._measuring):
            part.hide()
        scroll = QScrollArea(self)
        scroll.setAccessibleName(self.tr("Networks"))
        scroll.setObjectName("models-scroll")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self._scroll = scroll
        self._state = StatePage(self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(scroll)
        self._pages.addWidget(self._state)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._pages)

    def _make_heading(self, parent: QWidget) -> QVBoxLayout:
        title = QLabel(self.tr("Networks"), parent)
        font = QFont(title.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        title.setFont(font)
        sentence = _muted(
            self.tr(
                "A network turns each photo into numbers that say what it shows; photos are found by them. It runs "
                "on this computer alone."
            ),
            parent,
        )
        self._measure = QPushButton(self.tr("Measure on this computer"), parent)
        self._measure.setToolTip(
            self.tr("Run every network for a moment and show how fast each is here; search goes on meanwhile")
        )
        icons.bind(self._measure, "measure")
        self._measure.clicked.connect(self.measure)
        self._add = QPushButton(self.tr("Add a network…"), parent)
        self._add.setToolTip(self.tr("Take in a network from an ONNX file on this computer"))
        icons.bind(self._add, "add")
        self._add.clicked.connect(self._open_adding)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE)
        row.addWidget(title, 1)
        row.addWidget(self._measure)
        row.addWidget(self._add)
        heading = QVBoxLayout()
        heading.setSpacing(theme.SPACE // 2)
        heading.addLayout(row)
        heading.addWidget(sentence)
        return heading

    # What is shown

    def refresh(self) -> None:
        """Read the networks anew; what has the keyboard keeps it."""
        self._timer.stop()
        try:
            models = self._library.models()
        except PhotofindError as error:
            self._show_models([])
            self._state.say("problem", self.tr("The networks cannot be listed"), core_sentence(str(error)),
                            self.tr("Try again"), self.refresh)  # fmt: skip
            self._pages.setCurrentWidget(self._state)
            return
        self._show_models(models)
        has_list = bool(models) or not self._adding.isHidden()
        self._pages.setCurrentWidget(self._scroll if has_list else self._state)
        if not models:
            self._state.say("network", self.tr("There is no network"),
                            self.tr("Photos are found by their names, captions and tags only."),
                            self.tr("Add a network…"), self._open_adding)  # fmt: skip

    @property
    def state(self) -> str:
        """The title of what stands in place of the networks; "" while there are some."""
        return self._state.title() if self._pages.currentWidget() is self._state else ""

    @property
    def sentence(self) -> str:
        """What the page says of the last thing done."""
        return self._said.text() if not self._said.isHidden() else ""

    @property
    def cards(self) -> list["ModelCard"]:
        """The networks shown, from the top."""
        return list(self._cards.values())

    @property
    def add_panel(self) -> "AddPanel":
        """The form for another network."""
        return self._adding

    @property
    def exchange(self) -> "_Exchange":
        """What says how far the next network is."""
        return self._exchange

    @property
    def measuring(self) -> "_Busy":
        """What is shown while networks are measured."""
        return self._measuring

    def _show_models(self, models: Sequence[ModelFacts]) -> None:
        ids = [facts.model_id for facts in models]
        for model_id in [known for known in self._cards if known not in ids]:
            card = self._cards.pop(model_id)
            self._card_column.removeWidget(card)
            card.hide()
            card.deleteLater()
        if list(self._cards) != ids:
            for place, model_id in enumerate(ids):
                if model_id not in self._cards:
                    self._cards[model_id] = self._make_card(model_id)
                self._card_column.insertWidget(place, self._cards[model_id])
            self._cards = {model_id: self._cards[model_id] for model_id in ids}
        coming = next((facts for facts in models if facts.is_coming), None) or next(
            (facts for facts in models if facts.model_id == self._asked), None
        )
        if coming is not None and coming.is_active:
            coming = None
        is_read_only = self._library.is_read_only
        for facts in models:
            self._cards[facts.model_id].show_facts(
                facts,
                self._costs.get(facts.model_id, ()),
                is_coming=facts is coming,
                is_read_only=is_read_only,
            )
        for button in (self._add, self._adding.add):
            button.setDisabled(is_read_only)
            if is_read_only:
                button.setToolTip(read_only_sentence())
        self._measure.setEnabled(bool(models) and self._measuring.isHidden())
        active = next((facts for facts in models if facts.is_active), None)
        self._exchange.setVisible(coming is not None)
        if coming is not None:
            is_paused = self._library.progress().stage is Stage.PAUSED
            self._exchange.show_state(active, coming, is_paused=is_paused)
        # A change that an earlier session began ends without an answer to this one.
        before, self._active = self._active, active.model_id if active is not None else ""
        if before and before != self._active:
            self.model_changed.emit()

    def _make_card(self, model_id: str) -> "ModelCard":
        card = ModelCard(self)
        card.use.clicked.connect(lambda: self.use(model_id))
        card.remove.clicked.connect(lambda: self._ask_to_remove(model_id))
        return card

    def _on_progress(self, _progress: object) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def showEvent(self, event: QEvent) -> None:
        """Read the networks whenever the page comes into sight."""
        super().showEvent(event)  # type: ignore[arg-type]
        self.refresh()

    def _say(self, sentence: str, *, is_complaint: bool = False) -> None:
        self._said.say(sentence, is_complaint=is_complaint)

    # Using and removing

    def use(self, model_id: str) -> None:
        """Let another network read all photos and answer afterwards."""
        self._say("")
        self._asked = model_id
        try:
            used = self._library.use_model(model_id)
        except PhotofindError as error:
            self._on_use_failed(str(error))
            return
        self._bridge.ask(used, lambda _none: self._on_used(model_id), failed=self._on_use_failed, topic="use-model")
        self.refresh()

    def _called(self, model_id: str) -> str:
        return wording.network_named([card.facts for card in self.cards if card.facts], model_id)

    def _on_back_wanted(self) -> None:
        active = next((card.facts.model_id for card in self.cards if card.facts and card.facts.is_active), "")
        if active:
            self.use(active)

    def _on_used(self, model_id: str) -> None:
        self._asked = ""
        self._say(self.tr("{model} answers from now on.").format(model=self._called(model_id)))
        self.refresh()

    def _on_use_failed(self, sentence: str) -> None:
        self._asked = ""
        self._say(core_sentence(sentence), is_complaint=True)
        self.refresh()

    def _ask_to_remove(self, model_id: str) -> None:
        box = QMessageBox(
            QMessageBox.Icon.NoIcon,
            self.tr("Remove network"),
            self.tr("Remove the network “{model}”?").format(model=self._called(model_id)),
            QMessageBox.StandardButton.Cancel,
            self,
        )
        box.setInformativeText(
            self.tr(
                "PhotoFind's copy of it is deleted. Your photos stay as they are, and so does the file that it was "
                "added from."
            )
        )
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        remove.clicked.connect(lambda: self._remove(model_id))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _remove(self, model_id: str) -> None:
        self._say("")
        try:
            removed = self._library.remove_model(model_id)
        except PhotofindError as error:
            self._on_failed(str(error))
            return
        self._bridge.ask(removed, lambda _none: self._on_removed(model_id), failed=self._on_failed)

    def _on_removed(self, model_id: str) -> None:
        self._costs.pop(model_id, None)
        self._say(self.tr("{model} is removed.").format(model=self._called(model_id)))
        self.refresh()

    def _on_failed(self, sentence: str) -> None:
        self._say(core_sentence(sentence), is_complaint=True)
        self.refresh()

    # Measuring

    def measure(self) -> None:
        """Measure all networks in the background."""
        self._say("")
        try:
            costs = self._library.bench_models()
        except PhotofindError as error:
            self._on_failed(str(error))
            return
        self._measure.setEnabled(False)
        self._measuring.show_busy(self.tr("Measuring how fast each network is here; a few seconds for each."))
        self._bridge.ask(costs, self._on_measured, failed=self._on_measure_failed, topic="bench-models")

    def _cancel_measuring(self) -> None:
        self._bridge.drop("bench-models")
        self._end_measuring()

    def _end_measuring(self) -> None:
        had_focus = self._measuring.isAncestorOf(self.focusWidget() or self)
        self._measuring.hide()
        self._measure.setEnabled(True)
        if had_focus:
            self._measure.setFocus()

    def _on_measured(self, costs: Sequence[ModelCost]) -> None:
        by_id: dict[str, list[ModelCost]] = {}
        for cost in costs:
            by_id.setdefault(cost.model_id, []).append(cost)
        # The fastest way first: that is the one that will be used.
        for model_id, found in by_id.items():
            self._costs[model_id] = tuple(sorted(found, key=lambda cost: -cost.photos_per_second))
        self._end_measuring()
        self.refresh()

    def _on_measure_failed(self, sentence: str) -> None:
        self._end_measuring()
        self._on_failed(sentence)

    # Adding

    def _open_adding(self) -> None:
        self._say("")
        self._pages.setCurrentWidget(self._scroll)
        self._adding.start()
        self._scroll.ensureWidgetVisible(self._adding)

    def _on_add(self) -> None:
        wanted = self._adding.wanted()
        if wanted is None:
            return
        file, name, text, tokenizer = wanted
        try:
            adding = self._library.add_model(file, model_id=name, text=text, tokenizer=tokenizer)
        except PhotofindError as error:
            self._adding.complain(core_sentence(str(error)))
            return
        self._adding.set_busy(True)
        self._bridge.ask(adding, self._on_added, failed=self._on_add_failed, topic="add-model")

    def _on_added(self, model_id: str) -> None:
        self._adding.set_busy(False)
        self._adding.hide()
        self._say(
            self.tr("{model} is added. Measure it, and choose Use when it shall read your photos.").format(
                model=model_id
            )
        )
        self.refresh()
        card = self._cards.get(model_id)
        if card is not None:
            card.use.setFocus()
            self._scroll.ensureWidgetVisible(card)

    def _on_add_failed(self, sentence: str) -> None:
        self._adding.set_busy(False)
        self._adding.complain(core_sentence(sentence))


class ModelCard(QFrame):
    """One network: what it is, what it costs here, what it gains."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.facts: ModelFacts | None = None
        self.setObjectName("card")
        self._name = QLabel(self)
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = QFont(self._name.font())
        font.setBold(True)
        self._name.setFont(font)
        self._pill = QLabel(self)
        self._pill.setObjectName("pill")
        self._what = _muted("", self)
        self._words = _muted("", self)
        self._where = _muted("", self)
        self.use = QPushButton(self.tr("Use"), self)
        self.remove = QPushButton(self.tr("Remove"), self)
        self._cost_figures = _Figures(self.tr("Costs"), 4, self)
        self._gain_figures = _Figures(self.tr("Finds"), 4, self)
        self._unmeasured = _muted(self.tr("Nobody measured how well it finds."), self)
        top = QHBoxLayout()
        top.setSpacing(theme.SPACE)
        # Names are long where the window is narrow: what the network does goes to the next line then.
        named = QWidget(self)
        line = FlowLayout(named)
        line.setSpacing(theme.SPACE)
        line.addWidget(self._name)
        line.addWidget(self._pill)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        named.setSizePolicy(policy)
        names = QVBoxLayout()
        names.setContentsMargins(0, 6, 0, 0)  # the line of text stands level with that of the buttons
        names.addWidget(named)
        names.addStretch(1)
        top.addLayout(names, 1)
        top.addWidget(self.use)
        top.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE * 2, theme.SPACE * 3 // 2, theme.SPACE * 2, theme.SPACE * 3 // 2)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._what)
        column.addWidget(self._words)
        column.addSpacing(theme.SPACE // 2)
        column.addWidget(self._cost_figures)
        column.addWidget(self._gain_figures)
        column.addWidget(self._unmeasured)
        column.addSpacing(theme.SPACE // 2)
        column.addWidget(self._where)

    def show_facts(
        self, facts: ModelFacts, costs: Sequence[ModelCost], *, is_coming: bool, is_read_only: bool
    ) -> None:
        """Show a network.

        Args:
            facts: What is known of it.
            costs: What was measured here, the fastest first; empty before.
            is_coming: It reads all photos now, to answer afterwards.
            is_read_only: Nothing can be changed.
        """
        self.facts = facts
        self.setAccessibleName(wording.network_title(facts))
        self._name.setText(wording.network_title(facts))
        self._name.setToolTip(facts.model_id)
        self._pill.setText(self.tr("answers now") if facts.is_active else self.tr("reads your photos"))
        self._pill.setVisible(facts.is_active or is_coming)
        if self.property("active") != facts.is_active:
            self.setProperty("active", facts.is_active)
            self.style().unpolish(self)
            self.style().polish(self)
        origin = self.tr("comes with PhotoFind") if facts.is_bundled else self.tr("added by you")
        licence = facts.licence.replace(" AND ", " + ")
        licence = self.tr("licence {name}").format(name=licence) if licence else ""
        self._what.setText(" · ".join(part for part in (wording.network_kind(facts), origin, licence) if part))
        self._what.setToolTip(facts.architecture)
        if facts.has_words:
            self._words.setText(self.tr("Finds photos by likeness, and by words for what they show."))
        else:
            self._words.setText(self.tr("Finds photos by likeness only: it understands no words."))
        self._show_costs(facts, costs)
        measures = wording.accuracy_measures(facts.measured)
        is_measured = any(measure.text for measure in measures)
        self._gain_figures.setVisible(is_measured)
        self._unmeasured.setVisible(not is_measured)
        self._gain_figures.set_measures(measures)
        self._where.setText("\n".join(self._where_lines(facts, costs)))
        self._where.setVisible(bool(self._where.text()))
        self._show_buttons(facts, is_coming=is_coming, is_read_only=is_read_only)

    def _show_costs(self, facts: ModelFacts, costs: Sequence[ModelCost]) -> None:
        cost = costs[0] if costs else None
        press = self.tr("“Measure on this computer” shows it.")
        all_ways = "\n".join(
            self.tr("{variant} on {provider}: {ms}, {rate} photos a second").format(
                variant=_variant_text(each.variant),
                provider=_provider_text(each.provider),
                ms=wording.milliseconds_text(each.cpu_ms),
                rate=wording.rate_text(each.photos_per_second),
            )
            for each in costs
        )
        self._cost_figures.set_measures(
            [
                wording.Measure(
                    self.tr("Time a photo"),
                    wording.milliseconds_text(cost.cpu_ms) if cost else "",
                    self.tr("Processor time for one photo on this computer.") + "\n" + (all_ways or press),
                ),
                wording.Measure(
                    self.tr("Photos a second"),
                    wording.rate_text(cost.photos_per_second) if cost else "",
                    self.tr("How many it reads on this computer; opening their files comes on top.")
                    + "\n"
                    + (all_ways or press),
                ),
                wording.Measure(
                    self.tr("On disk"),
                    wording.size_text(facts.size_bytes),
                    self.tr("Size of its files on the disk."),
                ),
                wording.Measure(
                    self.tr("Input"),
                    self.tr("{n} px").format(n=QLocale().toString(facts.input_px)),
                    self.tr("It looks at photos made as small as {n} × {n} pixels, and gives {d} numbers.").format(
                        n=facts.input_px, d=facts.dimension
                    ),
                ),
            ]
        )

    def _where_lines(self, facts: ModelFacts, costs: Sequence[ModelCost]) -> list[str]:
        lines = []
        provider = facts.provider or (costs[0].provider if costs else "")
        if provider:
            lines.append(self.tr("Runs on: {provider}").format(provider=_provider_text(provider)))
        if facts.provider_note:
            lines.append(core_sentence(facts.provider_note))
        if facts.total and facts.embedded:
            locale = QLocale()
            if facts.embedded >= facts.total:
                read = self.tr("Has read all photos.")
            else:
                read = self.tr("Has read {n} of {total} different photos.").format(
                    n=locale.toString(facts.embedded), total=locale.toString(facts.total)
                )
            lines.append(read)
        return lines

    def _show_buttons(self, facts: ModelFacts, *, is_coming: bool, is_read_only: bool) -> None:
        self.use.setVisible(not facts.is_active and not is_coming)
        self.use.setDisabled(is_read_only)
        self.use.setAccessibleName(self.tr("Use {model}").format(model=wording.network_name(facts)))
        self.use.setToolTip(
            read_only_sentence()
            if is_read_only
            else self.tr("Read all photos by this network in the background; the one before answers meanwhile")
        )
        self.remove.setVisible(not facts.is_bundled)
        self.remove.setDisabled(is_read_only or facts.is_active or is_coming)
        self.remove.setAccessibleName(self.tr("Remove {model}").format(model=wording.network_name(facts)))
        if is_read_only:
            tip = read_only_sentence()
        elif facts.is_active or is_coming:
            tip = self.tr("It is in use; use another network first")
        else:
            tip = self.tr("Delete PhotoFind's copy of this network")
        self.remove.setToolTip(tip)


class AddPanel(QFrame):
    """The form for another network: its file, and the files of its text network when it is one of a pair."""

    added = Signal()
    """Add was pressed; `wanted` tells what."""
    closed = Signal()

    def __init__(self, choose: ChooseFile, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAccessibleName(self.tr("Add a network"))
        self._choose = choose
        title = QLabel(self.tr("Add a network"), self)
        font = QFont(title.font())
        font.setBold(True)
        title.setFont(font)
        hint = _muted(
            self.tr(
                "Any network that turns a picture into numbers, as an ONNX file. PhotoFind copies it, or says why "
                "it cannot use it. Add only files from people you trust."
            ),
            self,
        )
        onnx = self.tr("Networks ({patterns})").format(patterns="*.onnx")
        self.file = _FileField(self.tr("Network"), self.tr("Choose the network"), onnx, choose, self)
        self.is_pair = QCheckBox(self.tr("It is one of a pair that understands words"), self)
        self.is_pair.setToolTip(self.tr("Networks such as CLIP have a second file for words, and a tokenizer.json"))
        self.is_pair.toggled.connect(self._on_pair_toggled)
        self.text = _FileField(self.tr("Text network"), self.tr("Choose the text network"), onnx, choose, self)
        self.tokenizer = _FileField(
            self.tr("Tokenizer"),
            self.tr("Choose the tokenizer"),
            self.tr("Tokenizers ({patterns})").format(patterns="*.json"),
            choose,
            self,
        )
        self.name = QLineEdit(self)
        self.name.setAccessibleName(self.tr("Name"))
        self.name.setPlaceholderText(self.tr("from the file's name"))
        self.name.setToolTip(self.tr("What it is called here: small letters, digits, dot and hyphen"))
        name_label = QLabel(self.tr("Name"), self)
        name_label.setBuddy(self.name)
        self.file.changed.connect(self._on_file_changed)
        for field in (self.text, self.tokenizer):
            field.changed.connect(lambda: self.complain(""))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE * 2)
        grid.setVerticalSpacing(theme.SPACE)
        grid.setColumnStretch(1, 1)
        for row, field in ((0, self.file), (2, self.text), (3, self.tokenizer)):
            grid.addWidget(field.label, row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(self.is_pair, 1, 1)
        grid.addWidget(name_label, 4, 0)
        grid.addWidget(self.name, 4, 1)
        self._complaint = _Sentence(self)
        self._busy = _Busy(self)
        self.add = QPushButton(self.tr("Add"), self)
        self.add.setObjectName("add-network")
        self.add.setToolTip(self.tr("Copy the network here, after a look whether it can be used"))
        self.add.clicked.connect(self.added)
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.cancel.setToolTip(self.tr("Close the form; nothing is added"))
        self.cancel.clicked.connect(self._close)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2)
        column.setSpacing(theme.SPACE)
        for widget in (title, hint):
            column.addWidget(widget)
        column.addLayout(grid)
        column.addWidget(self._complaint)
        column.addWidget(self._busy)
        column.addLayout(buttons)
        self._busy.hide()
        self._on_pair_toggled(False)

    def start(self) -> None:
        """Show the form, empty unless it is at work."""
        if not self.is_busy:
            for field in (self.file, self.text, self.tokenizer):
                field.set_path("")
            self.name.clear()
            self.is_pair.setChecked(False)
            self.complain("")
        self.show()
        self.file.button.setFocus()

    def wanted(self) -> tuple[Path, str | None, Path | None, Path | None] | None:
        """Return file, name, text network and tokenizer; None, with a complaint, when one is missing."""
        if not self.file.path:
            self.complain(self.tr("Choose the file of the network first."))
            self.file.button.setFocus()
            return None
        name = self.name.text().strip() or None
        if not self.is_pair.isChecked():
            return Path(self.file.path), name, None, None
        if not self.text.path or not self.tokenizer.path:
            self.complain(self.tr("A pair needs its text network and its tokenizer, too."))
            (self.tokenizer if self.text.path else self.text).button.setFocus()
            return None
        return Path(self.file.path), name, Path(self.text.path), Path(self.tokenizer.path)

    def complain(self, sentence: str) -> None:
        """Say what is the matter, in place; "" takes it back."""
        self._complaint.say(sentence, is_complaint=True)

    @property
    def complaint(self) -> str:
        """What is the matter."""
        return self._complaint.text()

    @property
    def is_busy(self) -> bool:
        """Whether a network is being looked at."""
        return not self._busy.isHidden()

    def set_busy(self, is_busy: bool) -> None:
        """Show that the network is being looked at; the form waits."""
        if is_busy:
            self.complain("")
            self._busy.show_busy(
                self.tr("Looking at the network and trying it on your photos; this takes about a minute.")
            )
        else:
            self._busy.hide()
        for widget in (self.file, self.text, self.tokenizer, self.is_pair, self.name, self.add):
            widget.setDisabled(is_busy)

    def _close(self) -> None:
        self.hide()
        self.closed.emit()

    def _on_pair_toggled(self, is_pair: bool) -> None:
        self.complain("")
        for field in (self.text, self.tokenizer):
            field.setVisible(is_pair)
            field.label.setVisible(is_pair)

    def _on_file_changed(self) -> None:
        self.complain("")

    def event(self, event: QEvent) -> bool:
        """Take Esc."""
        if asks_for_escape(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)


class _FileField(QWidget):
    """A file's name and the button that chooses it."""

    changed = Signal()

    def __init__(self, name: str, title: str, patterns: str, choose: ChooseFile, parent: QWidget) -> None:
        super().__init__(parent)
        self.path = ""
        self.label = QLabel(name, parent)
        self._title, self._patterns, self._choose = title, patterns, choose
        self._name = QLineEdit(self)
        self._name.setReadOnly(True)
        self._name.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._name.setPlaceholderText(self.tr("no file chosen"))
        self._name.setAccessibleName(name)
        self._name.setToolTip(title)
        self.button = QPushButton(self.tr("Choose…"), self)
        self.button.setAccessibleName(title)
        self.button.setToolTip(title)
        self.button.clicked.connect(self._on_clicked)
        self.label.setBuddy(self.button)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE)
        row.addWidget(self._name, 1)
        row.addWidget(self.button)

    def set_path(self, path: str) -> None:
        """Show this file."""
        self.path = path
        shown = wording.display_text(os.fsencode(path))
        self._name.setText(shown)
        self._name.setToolTip(shown or self._title)
        self._name.setCursorPosition(len(shown))  # the end of a long path is what tells files apart
        self.changed.emit()

    def _on_clicked(self) -> None:
        path = self._choose(self, self._title, self._patterns)
        if path:
            self.set_path(path)


class _Exchange(QFrame):
    """Two networks at once: the one that answers, and the one that reads all photos."""

    back_wanted = Signal()
    """The one that answers is to go on answering."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._old = QLabel(self)
        self._new = QLabel(self)
        for label in (self._old, self._new):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self._bar = _thin_bar(self)
        self._back = QPushButton(self.tr("Keep the present one"), self)
        self._back.setToolTip(self.tr("Stop reading; what was read is kept for another time"))
        self._back.clicked.connect(self.back_wanted)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(self._old)
        texts.addWidget(self._new)
        texts.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE * 2, theme.SPACE * 3 // 2, theme.SPACE * 2, theme.SPACE * 3 // 2)
        row.setSpacing(theme.SPACE * 2)
        row.addLayout(texts, 1)
        row.addWidget(self._back, 0, Qt.AlignmentFlag.AlignTop)

    def text(self) -> str:
        """Return what is said, line by line."""
        return f"{self._old.text()}\n{self._new.text()}"

    def show_state(self, active: ModelFacts | None, coming: ModelFacts, *, is_paused: bool) -> None:
        """Show how far the coming one is."""
        locale = QLocale()
        if active is not None:
            self._old.setText(
                self.tr("{model} answers your searches meanwhile.").format(model=wording.network_name(active))
            )
        self._old.setVisible(active is not None)
        self._back.setVisible(active is not None)
        sentence = self.tr("{model} has read {n} of {total} different photos.").format(
            model=wording.network_name(coming),
            n=locale.toString(coming.embedded),
            total=locale.toString(coming.total),
        )
        if is_paused:
            sentence += " " + self.tr("Reading is paused.")
        self._new.setText(sentence)
        self._bar.setRange(0, max(coming.total, 1))
        self._bar.setValue(min(coming.embedded, coming.total))
        self._bar.setAccessibleName(sentence)


class _Busy(QWidget):
    """A sentence over a bar without end, and perhaps a button."""

    clicked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = _muted("", self)
        self._bar = _thin_bar(self)
        self._bar.setRange(0, 0)
        self.button = QPushButton(self)
        self.button.hide()
        self.button.clicked.connect(self.clicked)
        texts = QVBoxLayout()
        texts.setSpacing(6)
        texts.addWidget(self._text)
        texts.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE * 2)
        row.addLayout(texts, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_button(self, text: str, tip: str) -> None:
        """Offer a button."""
        self.button.setText(text)
        self.button.setToolTip(tip)
        self.button.show()

    def show_busy(self, sentence: str) -> None:
        """Show that this goes on."""
        self._text.setText(sentence)
        self._bar.setAccessibleName(sentence)
        self.show()


class _Sentence(QLabel):
    """One sentence in place: what was done, or what is the matter; takes no room while it is empty."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hide()

    def say(self, sentence: str, *, is_complaint: bool = False) -> None:
        """Show a sentence."""
        self.setObjectName("complaint" if is_complaint else "done")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))


class _Figures(QWidget):
    """A row of figures, each over its name; the columns of all cards stand below each other."""

    def __init__(self, title: str, count: int, parent: QWidget) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE)
        grid.setVerticalSpacing(0)
        heading = _muted(title, self)
        heading.setFixedWidth(max(64, heading.sizeHint().width()))
        grid.addWidget(heading, 0, 0, Qt.AlignmentFlag.AlignBaseline)
        self._cells = []
        for column in range(1, count + 1):
            value, name = QLabel(self), _muted("", self)
            value.setObjectName("figure")
            name.setAlignment(Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, 0, column, Qt.AlignmentFlag.AlignBaseline)
            grid.addWidget(name, 1, column)
            grid.setColumnStretch(column, 1)
            for label in (value, name):
                label.setMinimumWidth(1)
                label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self._cells.append((value, name))

    def set_measures(self, measures: Sequence[wording.Measure]) -> None:
        """Show these; as many as there are columns."""
        for (value, name), measure in zip(self._cells, measures, strict=True):
            value.setText(measure.text or "–")
            value.setAccessibleName(f"{measure.label}: {measure.text or self.tr('not measured')}")
            name.setText(measure.label)
            for label in (value, name):
                label.setToolTip(measure.sentence)


def _muted(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.setWordWrap(True)
    return label


def _thin_bar(parent: QWidget) -> QProgressBar:
    bar = QProgressBar(parent)
    bar.setTextVisible(False)
    bar.setFixedHeight(6)
    return bar


def _provider_text(provider: str) -> str:
    return choice_label(provider.lower())


def _variant_text(variant: str) -> str:
    return "int8" if variant == "int8" else "float32"
