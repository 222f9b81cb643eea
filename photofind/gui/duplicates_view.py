"""Photos that belong together, side by side, and the way from there to fewer files.

Owned by the GUI thread. Four kinds are kept apart, because what is right for identical files is wrong for similar
pictures. Nothing is marked until the person says so; what is marked can be seen as a plan, and only the plan moves
files, to the system's trash, with an undo. What is proposed to stay follows from rules that the person orders
(`keep_rules_dialog`): when these change, the groups are ranked anew without a new search, and marks made by the
rules go along, while those made by hand stay.

The groups themselves are drawn by `cluster_list`; here is what they are, which are marked, and what comes of it.
One list for all kinds with a filter lost: it invites removing by one click what only looks alike.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import icons, theme, wording
from photofind.gui.bridge import Bridge
from photofind.gui.cluster_list import ClusterList
from photofind.gui.compare_view import MOST_PHOTOS, CompareView
from photofind.gui.keep_rules_dialog import KeepRulesDialog
from photofind.gui.message_bar import MessageBar
from photofind.gui.removal_dialogs import FailuresDialog, PlanDialog
from photofind.gui.state_page import StatePage
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.gui.translation import core_sentence, read_only_sentence
from photofind.gui.trash import move_to_trash
from photofind.library import Library, MoveToTrash
from photofind.records import Cluster, KeepRules, MatchKind, Photo, RemovalReport

KINDS = (MatchKind.IDENTICAL, MatchKind.SAME, MatchKind.BURST, MatchKind.SIMILAR)
REFRESH_MS = 3000
RANK_MS = 200
CACHED_PHOTOS = 2000


class DuplicatesView(QWidget):
    """See the module.

    Args:
        library: Asked for groups, told what to remove.
        bridge: Brings its answers and announcements.
        thumbnails: Pictures of the cards.
        move: Moves one file to the trash; another one in tests.
    """

    photo_opened = Signal(list, int)
    """Ids of one group and the position to show first: open the viewer."""
    find_similar = Signal(int)
    """Photo id."""

    def __init__(
        self,
        library: Library,
        bridge: Bridge,
        thumbnails: ThumbnailLoader,
        parent: QWidget | None = None,
        *,
        move: MoveToTrash = move_to_trash,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._bridge = bridge
        self._thumbnails = thumbnails
        self._move = move
        self._clusters: dict[MatchKind, list[Cluster]] = {}
        self._marked: dict[MatchKind, set[int]] = {kind: set() for kind in KINDS}
        self._ruled: dict[MatchKind, set[int]] = {kind: set() for kind in KINDS}
        """Of the marked ones those that a rule chose."""
        self._photos: OrderedDict[int, Photo] = OrderedDict()
        self._pending: list[MatchKind | None] = []
        self._is_stale = True
        self._is_removing = False
        self._error = ""
        self._started_s = 0.0
        self._compare: CompareView | None = None
        self._compared_kind = MatchKind.IDENTICAL
        self._rules_dialog: KeepRulesDialog | None = None
        self.setAccessibleName(self.tr("Duplicates"))
        self._build()

        self._refresh_timer = QTimer(self)
        self._refresh_timer.setSingleShot(True)
        self._refresh_timer.setInterval(REFRESH_MS)
        self._refresh_timer.timeout.connect(self.refresh)
        self._rank_timer = QTimer(self)
        self._rank_timer.setSingleShot(True)
        self._rank_timer.setInterval(RANK_MS)
        self._rank_timer.timeout.connect(self.rank)
        bridge.photos_added.connect(self._on_photos_added)
        bridge.photos_changed.connect(self._on_photos_changed)
        bridge.photos_removed.connect(self._on_photos_removed)
        bridge.folders_changed.connect(self._on_folders_changed)
        theme.current().changed.connect(self._update_rows)
        self._show_state()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)

        top = QHBoxLayout()
        top.setContentsMargins(theme.SPACE * 2, theme.SPACE, theme.SPACE * 2, 0)
        top.setSpacing(theme.SPACE)
        self._tabs = QTabBar(self)
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setAccessibleName(self.tr("Kinds of duplicates"))
        for kind in KINDS:
            index = self._tabs.addTab(wording.kind_text(kind))
            self._tabs.setTabToolTip(index, wording.kind_sentence(kind))
        self._tabs.currentChanged.connect(self._on_tab_changed)
        top.addWidget(self._tabs, 1)
        self._undo = QPushButton(self.tr("Undo last removal"), self)
        self._undo.setToolTip(self.tr("Put the files moved to the trash last back where they were"))
        icons.bind(self._undo, "undo")
        self._undo.clicked.connect(self.undo)
        self._choose_rules = QPushButton(self.tr("What to keep…"), self)
        self._choose_rules.setToolTip(self.tr("The rules by which one photo of each group is proposed to stay"))
        icons.bind(self._choose_rules, "filter")
        self._choose_rules.clicked.connect(self.show_rules)
        self._mark_all = QPushButton(self.tr("Mark by the rules"), self)
        icons.bind(self._mark_all, "check")
        self._mark_all.clicked.connect(self.mark_all)
        column.addLayout(top)
        self._sentence = QLabel(self)
        self._sentence.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._sentence.setWordWrap(True)
        acts = QHBoxLayout()
        acts.setContentsMargins(theme.SPACE * 2, theme.SPACE // 2, theme.SPACE * 2, theme.SPACE)
        acts.setSpacing(theme.SPACE)
        acts.addWidget(self._sentence, 1)
        acts.addWidget(self._undo, 0, Qt.AlignmentFlag.AlignTop)
        acts.addWidget(self._choose_rules, 0, Qt.AlignmentFlag.AlignTop)
        acts.addWidget(self._mark_all, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(acts)

        self._message = MessageBar(self)
        column.addWidget(self._message)

        self._pages = QStackedWidget(self)
        self._list = ClusterList(self, self._thumbnails)
        self._empty = StatePage(self)
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._empty)
        column.addWidget(self._pages, 1)

        self._plan = _Strip(self)
        self._plan_text = QLabel(self._plan)
        self._plan_text.setWordWrap(True)
        self._unmark = QPushButton(self.tr("Unmark all"), self._plan)
        self._unmark.setToolTip(self.tr("Keep everything of this kind after all"))
        self._unmark.clicked.connect(self.unmark_all)
        self._remove = QPushButton(self._plan)
        self._remove.setObjectName("primary")
        self._remove.setToolTip(self.tr("See the whole plan first; nothing is moved before you confirm it"))
        self._remove.clicked.connect(self.show_plan)
        self._plan.row.addWidget(self._plan_text, 1)
        self._plan.row.addWidget(self._unmark)
        self._plan.row.addWidget(self._remove)
        column.addWidget(self._plan)

    # What is shown

    @property
    def group_list(self) -> ClusterList:
        """The groups on the screen."""
        return self._list

    @property
    def kind(self) -> MatchKind:
        """The kind whose tab is open."""
        return KINDS[max(self._tabs.currentIndex(), 0)]

    @property
    def clusters(self) -> list[Cluster]:
        """The groups of that kind."""
        return self._clusters.get(self.kind, [])

    @property
    def marked(self) -> set[int]:
        """Photo ids of that kind marked for the trash."""
        return self._marked[self.kind]

    def set_kind(self, kind: MatchKind) -> None:
        """Open the tab of a kind."""
        self._tabs.setCurrentIndex(KINDS.index(kind))

    def refresh(self) -> None:
        """Look for duplicates anew; the old ones stay in sight meanwhile."""
        self._refresh_timer.stop()
        if self._pending:
            self._is_stale = True  # what is being looked for began before
            return
        self._is_stale = False
        self._error = ""
        self._started_s = time.monotonic()
        # Identical files are known at once; the other kinds share one search, so they are asked for together.
        self._pending = [MatchKind.IDENTICAL, None]
        self._undo.setEnabled(self._may_undo())
        self._ask_next()

    def _ask_next(self) -> None:
        question = self._pending[0]
        rules = self._library.keep_rules()
        self._show_state()
        self._bridge.ask(
            self._library.duplicates(question),
            lambda clusters: self._on_clusters(question, clusters, rules),
            topic="duplicates",
            failed=self._on_failed,
        )

    def _on_clusters(self, question: MatchKind | None, clusters: list[Cluster], rules: KeepRules) -> None:
        for kind in KINDS if question is None else (question,):
            self._clusters[kind] = [cluster for cluster in clusters if cluster.kind == kind]
            self._keep_marks(kind)
        self._pending.pop(0)
        self._list.set_clusters(self.clusters)
        if rules != self._library.keep_rules():
            self.rank()  # they were changed while this was looked for
        if self._pending:
            self._ask_next()
            return
        # A search that takes long is repeated seldom: at most a fifth of the time goes into it.
        self._refresh_timer.setInterval(max(REFRESH_MS, round((time.monotonic() - self._started_s) * 4000)))
        self._show_state()
        if self._is_stale and self.isVisible():
            self._refresh_timer.start()

    def _on_failed(self, sentence: str) -> None:
        self._pending = []
        self._error = sentence
        self._show_state()

    def _keep_marks(self, kind: MatchKind) -> None:
        """Groups may have changed: marks of photos in no group go, and where all are marked the best is kept."""
        marked = self._marked[kind]
        if marked:
            marked &= {photo_id for cluster in self._clusters[kind] for photo_id in cluster.photo_ids}
            self._ruled[kind] &= marked
        for cluster in self._clusters[kind] if marked else ():
            if marked.issuperset(cluster.photo_ids):
                marked.discard(cluster.photo_ids[0])

    def _show_state(self) -> None:
        kind = self.kind
        locale = self.locale()
        for index, each in enumerate(KINDS):
            name = wording.kind_text(each)
            known = self._clusters.get(each)
            self._tabs.setTabText(index, name if known is None else f"{name}  {locale.toString(len(known))}")
        self._sentence.setText(wording.kind_sentence(kind))
        may_mark_all = kind != MatchKind.SIMILAR
        may_remove = not self._library.is_read_only and not self._is_removing
        self._mark_all.setEnabled(bool(self.clusters) and may_mark_all and may_remove)
        self._mark_all.setToolTip(
            self.tr("In every group without a mark, mark what the rules propose to go; nothing is moved yet")
            if may_mark_all
            else self.tr("Similar photos are different pictures: decide group by group")
        )
        self._undo.setVisible(self._undo.isEnabled() and may_remove)
        if self.clusters:
            self._pages.setCurrentWidget(self._list)
        else:
            self._pages.setCurrentWidget(self._empty)
            self._show_nothing(kind)
        self._show_plan_bar()

    def _show_nothing(self, kind: MatchKind) -> None:
        if self._error:
            title = self.tr("The search for duplicates stopped")
            self._empty.say("problem", title, core_sentence(self._error), self.tr("Try again"), self.refresh)
        elif self._pending or kind not in self._clusters:
            sentence = self.tr("You can go on working; the groups appear here.")
            self._empty.say("search", self.tr("Looking for duplicates…"), sentence)
        else:
            titles = {
                MatchKind.IDENTICAL: self.tr("No identical files"),
                MatchKind.SAME: self.tr("No picture is there twice"),
                MatchKind.BURST: self.tr("No bursts"),
                MatchKind.SIMILAR: self.tr("No similar photos"),
            }
            self._empty.say("check", titles[kind], self.tr("New photos are compared as they come in."))

    def _show_plan_bar(self) -> None:
        count = len(self.marked)
        self._plan.setVisible(bool(self.clusters))
        self._remove.setText(
            self.tr("Move %n file(s) to trash…", "", count) if count else self.tr("Move to trash…")
        )
        self._remove.setEnabled(count > 0 and not self._is_removing and not self._library.is_read_only)
        self._unmark.setEnabled(count > 0 and not self._is_removing)
        if self._library.is_read_only:
            self._plan_text.setText(read_only_sentence())
        elif self._is_removing:
            self._plan_text.setText(self.tr("Moving files to the trash…"))
        elif count:
            self._plan_text.setText(self.tr("%n file(s) marked for the trash", "", count))
        else:
            self._plan_text.setText(
                self.tr("Nothing is marked. Choose “Mark by the rules”, or click the photos you do not need.")
            )

    def _on_tab_changed(self) -> None:
        self._list.set_clusters(self.clusters)
        self._list.verticalScrollBar().setValue(0)
        self._show_state()
        self._say_effect()

    def _update_rows(self) -> None:
        self._list.rebind()

    def photos_of(self, photo_ids: Sequence[int]) -> list[Photo]:
        """Return photos from the ones read lately, reading the rest."""
        missing = [photo_id for photo_id in photo_ids if photo_id not in self._photos]
        if missing:
            for photo in self._library.photos(missing):
                self._photos[photo.photo_id] = photo
        result = [self._photos[photo_id] for photo_id in photo_ids if photo_id in self._photos]
        for photo in result:
            self._photos.move_to_end(photo.photo_id)
        while len(self._photos) > CACHED_PHOTOS:
            self._photos.popitem(last=False)
        return result

    def showEvent(self, event: QEvent) -> None:
        """Look for duplicates when first seen, and when something changed meanwhile."""
        super().showEvent(event)  # type: ignore[arg-type]
        if self._is_stale:
            self.refresh()

    # Announcements

    def _on_photos_added(self, _photo_ids: tuple[int, ...]) -> None:
        self._is_stale = True
        if self.isVisible() and not self._pending and not self._refresh_timer.isActive():
            self._refresh_timer.start()

    def _on_photos_changed(self, photo_ids: tuple[int, ...]) -> None:
        for photo_id in photo_ids:
            self._photos.pop(photo_id, None)
        self._on_photos_added(photo_ids)
        self._list.rebind()
        self._rank_timer.start()  # a rating or a flag may decide otherwise, long before all is looked for anew

    def _on_folders_changed(self) -> None:
        """A folder came or went: what is available has changed."""
        self._photos.clear()
        self._list.rebind()
        self._rank_timer.start()

    def _on_photos_removed(self, photo_ids: tuple[int, ...]) -> None:
        gone = set(photo_ids)
        for photo_id in photo_ids:
            self._photos.pop(photo_id, None)
        for kind, clusters in self._clusters.items():
            self._marked[kind] -= gone
            self._ruled[kind] -= gone
            if all(gone.isdisjoint(cluster.photo_ids) for cluster in clusters):
                continue
            left = (
                cluster if gone.isdisjoint(cluster.photo_ids) else cluster.without(gone) for cluster in clusters
            )
            self._clusters[kind] = [cluster for cluster in left if len(cluster.photo_ids) > 1]
            self._keep_marks(kind)
            if any(not cluster.decided_by for cluster in self._clusters[kind]):
                self._rank_timer.start()  # the best one went
        self._list.set_clusters(self.clusters)
        self._show_state()

    # What the person decides

    def keep_best(self, cluster: Cluster) -> None:
        """Mark what the rules propose to go of a group."""
        kind = self.kind
        if not cluster.superfluous:
            self._say(self.tr("No rule tells these photos apart. Choose yourself, or change what to keep."))
        self._forget_marks(kind, cluster)
        self._mark_by_rules(kind, cluster)
        self._after_marking()

    def keep_only(self, cluster: Cluster, keep: int) -> None:
        """Mark all of a group but one."""
        self._forget_marks(self.kind, cluster)
        self.marked.update(cluster.photo_ids)
        self.marked.discard(keep)
        self._after_marking()

    def unmark(self, cluster: Cluster) -> None:
        """Keep all of a group."""
        self._forget_marks(self.kind, cluster)
        self._after_marking()

    def set_marked(self, cluster: Cluster, photo_id: int, *, is_marked: bool) -> None:
        """Mark or unmark one photo; the last one of a group cannot be marked."""
        self._ruled[self.kind].difference_update(cluster.photo_ids)
        if not is_marked:
            self.marked.discard(photo_id)
        elif all(other in self.marked for other in cluster.photo_ids if other != photo_id):
            self._say(self.tr("At least one photo of each group stays. Unmark another one first."))
        else:
            self.marked.add(photo_id)
        self._after_marking()

    def mark_all(self) -> None:
        """In every group of this kind mark what the rules propose; groups with a mark are decided already."""
        is_undecided = self.marked.isdisjoint
        new = [i for cluster in self.clusters if is_undecided(cluster.photo_ids) for i in cluster.superfluous]
        self.marked.update(new)
        self._ruled[self.kind].update(new)
        self._after_marking()

    def unmark_all(self) -> None:
        """Keep everything of this kind."""
        self.marked.clear()
        self._ruled[self.kind].clear()
        self._after_marking()

    def _forget_marks(self, kind: MatchKind, cluster: Cluster) -> None:
        self._marked[kind].difference_update(cluster.photo_ids)
        self._ruled[kind].difference_update(cluster.photo_ids)

    def _mark_by_rules(self, kind: MatchKind, cluster: Cluster) -> None:
        self._marked[kind].update(cluster.superfluous)
        self._ruled[kind].update(cluster.superfluous)

    def _after_marking(self) -> None:
        self._list.rebind()
        self._show_plan_bar()

    def may_dismiss(self, _cluster: Cluster) -> bool:
        """Return whether a group can be said to be none."""
        return not self._library.is_read_only

    def dismiss(self, cluster: Cluster) -> None:
        """Remember that these are no duplicates, or copies kept on purpose; the group goes at once."""
        kind = self.kind
        self._clusters[kind] = [other for other in self.clusters if other is not cluster]
        self._forget_marks(kind, cluster)
        self._list.set_clusters(self.clusters)
        self._show_state()
        if kind is MatchKind.IDENTICAL:
            done = self._library.keep_copies(cluster.photo_ids)
            said = self.tr("Remembered: these copies stay. The group comes back when another copy joins.")
        else:
            done = self._library.dismiss_duplicates(cluster.photo_ids)
            said = self.tr("Remembered: these are not duplicates of each other.")
        self._bridge.ask(done, lambda number: self._on_dismissed(said, number), failed=self._on_dismiss_failed)

    def _on_dismissed(self, said: str, number: int) -> None:
        def undo() -> None:
            self._bridge.ask(
                self._library.undo_dismissal(number), lambda _none: self.refresh(), failed=self._on_dismiss_failed
            )

        self._message.say(said, self.tr("Undo"), undo)

    def _on_dismiss_failed(self, sentence: str) -> None:
        self._say(core_sentence(sentence))
        self.refresh()

    # The rules

    def show_rules(self) -> None:
        """Open the rules beside the groups."""
        if self._rules_dialog is None:
            start = next((folder.path for folder in self._library.folders()), b"")
            self._rules_dialog = KeepRulesDialog(self._library.keep_rules(), start, self)
            self._rules_dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self._rules_dialog.changed.connect(self._on_rules_changed)
            self._rules_dialog.destroyed.connect(self._on_rules_closed)
            self._say_effect()
        self._rules_dialog.show()
        self._rules_dialog.raise_()
        self._rules_dialog.activateWindow()

    @property
    def rules_dialog(self) -> KeepRulesDialog | None:
        """The rules while they are open."""
        return self._rules_dialog

    def _on_rules_closed(self) -> None:
        self._rules_dialog = None

    def _on_rules_changed(self, rules: KeepRules) -> None:
        try:
            self._library.set_keep_rules(rules)
        except OSError as error:
            self._say(self.tr("The settings could not be saved: {reason}").format(reason=error))
        self.rank()

    def rank(self) -> None:
        """Put the photos of all groups in the order of the present rules; those on the screen first."""
        self._rank_timer.stop()
        for kind in sorted(KINDS, key=lambda kind: kind is not self.kind):
            clusters = self._clusters.get(kind, [])
            if clusters:
                self._bridge.ask(
                    self._library.rank_duplicates(clusters),
                    lambda ranked, kind=kind, clusters=clusters: self._on_ranked(kind, clusters, ranked),  # type: ignore[misc]
                    topic=f"duplicates:rank:{kind}",
                )
        self._say_effect()

    def _on_ranked(self, kind: MatchKind, asked: list[Cluster], ranked: list[Cluster]) -> None:
        """Take the groups over as far as they are still there; marks that the rules made go with them."""
        new = dict(zip(map(id, asked), ranked, strict=True))
        pairs = ((old, new.get(id(old), old)) for old in self._clusters.get(kind, []))
        # Where a photo went meanwhile that is told by itself.
        clusters = [now if len(now.photo_ids) == len(old.photo_ids) else old for old, now in pairs]
        self._clusters[kind] = clusters
        if ruled := self._ruled[kind]:
            by_rules = [cluster for cluster in clusters if not ruled.isdisjoint(cluster.photo_ids)]
            self._marked[kind].difference_update(ruled)
            ruled.clear()
            ruled.update([i for cluster in by_rules for i in cluster.superfluous])
            self._marked[kind].update(ruled)
        if kind is self.kind:
            self._list.set_clusters(self.clusters)
            self._show_state()
        self._say_effect()

    def _say_effect(self) -> None:
        """Say in the dialog of the rules what they do to the groups in sight."""
        if self._rules_dialog is not None:
            count = sum(bool(cluster.superfluous) for cluster in self.clusters)
            text = self.tr(
                "{kind}: in {decided} of %n group(s) a photo is proposed to stay.", "", len(self.clusters)
            )
            numbers = {"kind": wording.kind_text(self.kind), "decided": self.locale().toString(count)}
            self._rules_dialog.say(text.format(**numbers))

    def compare(self, cluster: Cluster) -> None:
        """Open the first photos of a group side by side."""
        photos = self.photos_of(cluster.photo_ids[:MOST_PHOTOS])
        if self._compare is None:
            self._compare = CompareView(self._library, self._bridge, self._thumbnails, self.window())
            self._compare.keep_chosen.connect(self._on_keep_chosen)
        self._compared_kind = self.kind
        self._compare.show_photos(photos, may_choose=True)

    @property
    def compare_view(self) -> CompareView | None:
        """The comparison, once it was opened."""
        return self._compare

    def _on_keep_chosen(self, keep: int, others: list[int]) -> None:
        marked = self._marked[self._compared_kind]
        self._ruled[self._compared_kind] -= {keep, *others}
        marked.discard(keep)
        marked.update(others)
        self._after_marking()

    def open_photo(self, cluster: Cluster, photo_id: int) -> None:
        """Ask for the viewer with the photos of a group."""
        self.photo_opened.emit(list(cluster.photo_ids), cluster.photo_ids.index(photo_id))

    # Removing

    def show_plan(self) -> None:
        """Show what would be moved; moving starts only when it is confirmed."""
        kind = self.kind
        clusters = [cluster for cluster in self.clusters if not self.marked.isdisjoint(cluster.photo_ids)]
        dialog = PlanDialog(self._library, self._bridge, kind, clusters, frozenset(self.marked), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.confirmed.connect(lambda kept, along: self._start_removal(kind, kept, along))
        dialog.open()

    def _start_removal(self, kind: MatchKind, kept: dict[int, int], along: frozenset[int]) -> None:
        """Move photos; `kept` says for each which one stays, and takes over what was decided about it."""
        self._is_removing = True
        self._message.hide()
        self._show_state()
        # Of burst and similar photos no copy can stay: each is a picture of its own, and the person chose it.
        keep_a_copy = kind in (MatchKind.IDENTICAL, MatchKind.SAME)
        self._bridge.ask(
            self._library.move_to_trash(
                list(kept), self._move, keep_a_copy=keep_a_copy, kept=kept if keep_a_copy else {}, along=along
            ),
            self._on_removed,
            failed=self._on_removal_failed,
        )

    def _on_removed(self, report: RemovalReport) -> None:
        self._is_removing = False
        sentences = []
        if report.done:
            sentences.append(self.tr("%n file(s) moved to the trash.", "", len(report.done) + len(report.along)))
        if report.failed:
            sentences.append(self.tr("%n file(s) stayed where they are.", "", len(report.failed)))
        self._undo.setEnabled(self._may_undo())
        self._say_outcome(sentences, report, may_undo=bool(report.done))
        self._show_state()

    def _on_removal_failed(self, sentence: str) -> None:
        self._is_removing = False
        self._say(core_sentence(sentence))
        self._show_state()

    def _may_undo(self) -> bool:
        """Tell whether a removal was the last; a new name is the window's to take back."""
        undoable = self._library.undoable()
        return undoable is not None and not undoable.is_rename

    def undo(self) -> None:
        """Put the last batch back."""
        if self._is_removing or not self._may_undo():
            return
        self._is_removing = True
        self._show_state()
        self._bridge.ask(self._library.undo_removal(), self._on_undone, failed=self._on_removal_failed)

    def _on_undone(self, report: RemovalReport | None) -> None:
        self._is_removing = False
        self._undo.setEnabled(self._may_undo())
        if report is not None:
            sentences = [self.tr("%n file(s) put back.", "", len(report.done) + len(report.along))]
            if report.failed:
                sentences.append(self.tr("%n file(s) could not be put back.", "", len(report.failed)))
            self._say_outcome(sentences, report, may_undo=False)
        self._show_state()
        self.refresh()

    def _say(self, sentence: str, action: str = "", act: Callable[[], None] | None = None) -> None:
        self._message.say(sentence, action, act, stays=bool(action))

    @property
    def undo_button(self) -> QPushButton:
        """Puts the last batch back."""
        return self._undo

    @property
    def message(self) -> MessageBar:
        """Says what came of a removal, with its undo."""
        return self._message

    def _say_outcome(self, sentences: list[str], report: RemovalReport, *, may_undo: bool) -> None:
        if report.failed:
            self._say(" ".join(sentences), self.tr("Which and why…"), lambda: self._show_failures(report))
        elif may_undo:
            self._say(" ".join(sentences), self.tr("Undo"), self.undo)
        else:
            self._say(" ".join(sentences))

    def _show_failures(self, report: RemovalReport) -> None:
        dialog = FailuresDialog(report.failed, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


class _Strip(QFrame):
    """A bar of the surface's colour with a row of widgets."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(theme.SPACE * 2, theme.SPACE, theme.SPACE * 2, theme.SPACE)
        self.row.setSpacing(theme.SPACE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        super().paintEvent(_event)
        painter = QPainter(self)
        painter.setPen(QColor(theme.colours().border))
        painter.drawLine(0, 0, self.width(), 0)
