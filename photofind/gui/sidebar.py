"""The left side: the library's lists, and the tree of folders.

Owned by the main window, on its thread. One tree for everything, so that one Tab stop and the arrows reach it all.
Folders are shown by the library's directories, not by the disk's: an offline drive keeps its tree. Items below a
folder are made when it is opened; a library of 50,000 directories makes only its roots at first.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import icons, theme, wording
from photofind.gui.translation import core_sentence
from photofind.records import Directory, Folder

_PLACE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_PATH_ROLE = _PLACE_ROLE + 1
_COUNT_ROLE = _PLACE_ROLE + 2
_FOLDER_ROLE = _PLACE_ROLE + 3
_ICON_ROLE = _PLACE_ROLE + 4
_ROW_PX = 30


class Place(StrEnum):
    """What the sidebar can choose."""

    ALL = "all"
    RECENT = "recent"
    DUPLICATES = "duplicates"
    PROBLEMS = "problems"
    NETWORKS = "networks"
    FOLDER = "folder"


class Sidebar(QWidget):
    """See the module."""

    chosen = Signal(str, object)
    """A `Place`, and the directory (bytes) of a folder, else None."""
    add_folder_wanted = Signal()
    rescan_wanted = Signal(object)
    """The directory, bytes."""
    remove_wanted = Signal(object)
    """The Folder."""
    forget_wanted = Signal(object)
    """The Folder whose missing photos are to be forgotten."""
    show_wanted = Signal(object)
    """The directory to show in the file manager, bytes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._folders: dict[int, Folder] = {}
        self._children: dict[bytes, list[bytes]] = {}
        self._counts: dict[bytes, int] = {}
        self._owners: dict[bytes, int] = {}
        self._is_quiet = False
        self._tree = QTreeWidget(self)
        self._tree.setObjectName("sidebar-tree")
        self._tree.setAccessibleName(self.tr("Library and folders"))
        self._tree.setHeaderHidden(True)
        self._tree.setFrameShape(QFrame.Shape.NoFrame)
        self._tree.setIndentation(16)
        self._tree.setRootIsDecorated(False)
        self._tree.setExpandsOnDoubleClick(False)
        self._tree.setIconSize(QSize(icons.ICON_PX, icons.ICON_PX))
        self._tree.setUniformRowHeights(True)
        self._tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._tree.setItemDelegate(_RowDelegate(self._tree))
        self._tree.setMouseTracking(True)
        self._tree.currentItemChanged.connect(self._on_current_changed)
        self._tree.itemExpanded.connect(self._fill)
        self._tree.itemDoubleClicked.connect(self._on_double_click)
        self._tree.customContextMenuRequested.connect(self._open_menu)
        self._add_button = QPushButton(self.tr("Add folder"), self)
        self._add_button.setObjectName("quiet-button")
        self._add_button.setToolTip(self.tr("Add a folder of photos to the library; the files stay where they are"))
        icons.bind(self._add_button, "folder-add")
        self._add_button.clicked.connect(self.add_folder_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE, theme.SPACE, 0, theme.SPACE)
        column.setSpacing(theme.SPACE)
        column.addWidget(self._tree, 1)
        column.addWidget(self._add_button)
        self._make_fixed_items()
        theme.current().changed.connect(self._tint)

    def sizeHint(self) -> QSize:
        """Return a width that holds usual folder names with their counts."""
        return QSize(232, 600)

    # What is shown

    def set_counts(self, photos: int, problems: int, duplicates: int | None = None) -> None:
        """Show the counts of the library's lists; None leaves the count of duplicates as it is."""
        self._items[Place.ALL].setData(0, _COUNT_ROLE, photos)
        self._items[Place.PROBLEMS].setData(0, _COUNT_ROLE, problems or None)
        if duplicates is not None:
            self._items[Place.DUPLICATES].setData(0, _COUNT_ROLE, duplicates or None)

    def set_folders(self, folders: Sequence[Folder], directories: Sequence[Directory]) -> None:
        """Show these folders with their trees; what is open and what is chosen stays so."""
        was = ([_without_count(folder) for folder in self._folders.values()], set(self._counts))
        self._folders = {folder.folder_id: folder for folder in folders}
        self._read_tree(folders, directories)
        if was == ([_without_count(folder) for folder in folders], set(self._counts)):
            # Only numbers changed, as they do all the time while photos come in.
            for item in self._folder_items():
                item.setData(0, _COUNT_ROLE, self._counts.get(self._path_of(item) or b""))
        else:
            self._make_tree(folders)

    def _make_tree(self, folders: Sequence[Folder]) -> None:
        place, path = self.place(), self.path()
        scrolled = self._tree.verticalScrollBar().value()
        opened = {bytes(item.data(0, _PATH_ROLE)) for item in self._folder_items() if item.isExpanded()}
        self._is_quiet = True
        header = self._items[Place.FOLDER]
        header.takeChildren()
        for folder in folders:
            header.addChild(self._folder_item(folder.path, folder))
        header.setHidden(not folders)
        header.setExpanded(True)
        self._reopen(header, opened)
        if place is Place.FOLDER:
            self._tree.setCurrentItem(self._find(path) or self._items[Place.ALL])
        self._tree.verticalScrollBar().setValue(scrolled)
        self._is_quiet = False
        if place is Place.FOLDER and self._find(path) is None:
            self.chosen.emit(Place.ALL.value, None)

    def choose(self, place: Place, path: bytes | None = None) -> None:
        """Choose as a click would."""
        item = self._find(path) if place is Place.FOLDER else self._items[place]
        if item is not None:
            self._tree.setCurrentItem(item)

    def place(self) -> Place:
        """Return what is chosen."""
        item = self._tree.currentItem()
        value = item.data(0, _PLACE_ROLE) if item is not None else None
        return Place(value) if value else Place.ALL

    def path(self) -> bytes | None:
        """Return the directory that is chosen, None when it is no folder."""
        item = self._tree.currentItem()
        return self._path_of(item) if item is not None else None

    def folder_at(self, path: bytes) -> Folder | None:
        """Return the root that a shown directory belongs to."""
        return self._folders.get(self._owners.get(path, 0))

    def tree(self) -> QTreeWidget:
        """Return the tree, for the focus."""
        return self._tree

    # Making the tree

    def _make_fixed_items(self) -> None:
        self._items: dict[Place, QTreeWidgetItem] = {}
        self._tree.addTopLevelItem(self._header(self.tr("Library")))
        for place, icon, name in (
            (Place.ALL, "photos", self.tr("All photos")),
            (Place.RECENT, "recent", self.tr("Recently added")),
            (Place.DUPLICATES, "duplicates", self.tr("Duplicates")),
            (Place.PROBLEMS, "problem", self.tr("Problems")),
            (Place.NETWORKS, "network", self.tr("Networks")),
        ):
            item = QTreeWidgetItem([name])
            if place is Place.NETWORKS:
                item.setToolTip(0, self.tr("What recognises your photos, and what it costs and gains"))
            item.setData(0, _PLACE_ROLE, place.value)
            item.setData(0, _ICON_ROLE, icon)
            self._tree.addTopLevelItem(item)
            self._items[place] = item
        folders = self._header(self.tr("Folders"))
        self._tree.addTopLevelItem(folders)
        folders.setHidden(True)
        self._items[Place.FOLDER] = folders
        self._tint()
        self._is_quiet = True
        self._tree.setCurrentItem(self._items[Place.ALL])
        self._is_quiet = False

    @staticmethod
    def _header(text: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        return item

    def _read_tree(self, folders: Sequence[Folder], directories: Sequence[Directory]) -> None:
        """Fill in the directories between, and add every directory's photos to all above it."""
        roots = {folder.folder_id: folder.path for folder in folders}
        self._children, self._counts, self._owners = {}, {}, {}
        for folder in folders:
            self._owners[folder.path] = folder.folder_id
            self._counts[folder.path] = 0
        for directory in directories:
            root = roots.get(directory.folder_id)
            if root is None:
                continue
            path = directory.path
            while True:
                is_new = path not in self._counts
                self._counts[path] = self._counts.get(path, 0) + directory.photo_count
                self._owners[path] = directory.folder_id
                parent = os.path.dirname(path)
                if path == root or len(parent) < len(root):
                    break
                if is_new:
                    self._children.setdefault(parent, []).append(path)
                path = parent

    def _folder_item(self, path: bytes, folder: Folder | None = None) -> QTreeWidgetItem:
        item = QTreeWidgetItem([wording.display_name(path) or wording.display_text(path)])
        item.setData(0, _PLACE_ROLE, Place.FOLDER.value)
        item.setData(0, _PATH_ROLE, path)
        item.setData(0, _COUNT_ROLE, self._counts.get(path))
        tip = wording.display_text(path)
        if folder is not None:
            item.setData(0, _FOLDER_ROLE, folder.folder_id)
        owner = self._folders.get(self._owners.get(path, 0))
        is_online = owner is None or owner.is_online
        item.setData(0, _ICON_ROLE, "folder" if is_online else "folder-off")
        icon = str(item.data(0, _ICON_ROLE))
        item.setIcon(0, icons.icon(icon, "text" if is_online else "muted"))
        if not is_online:
            assert owner is not None
            reason = core_sentence(owner.offline_reason) or self.tr("This folder is not connected now.")
            tip = f"{tip}\n{reason}"
            item.setForeground(0, QColor(theme.colours().muted))
        item.setToolTip(0, tip)
        if self._children.get(path):
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        return item

    def _fill(self, item: QTreeWidgetItem) -> None:
        path = self._path_of(item)
        if path is not None and not item.childCount():
            for child in sorted(self._children.get(path, []), key=lambda p: p.lower()):
                item.addChild(self._folder_item(child))

    def _reopen(self, item: QTreeWidgetItem, opened: set[bytes]) -> None:
        for child in _children_of(item):
            path = self._path_of(child)
            if path is not None and path in opened:
                self._fill(child)
                child.setExpanded(True)
                self._reopen(child, opened)

    def _folder_items(self) -> list[QTreeWidgetItem]:
        """Return every folder item made so far."""
        items = []
        iterator = QTreeWidgetItemIterator(self._tree)
        while iterator.value() is not None:
            item = iterator.value()
            if self._path_of(item) is not None:
                items.append(item)
            iterator += 1
        return items

    def _find(self, path: bytes | None) -> QTreeWidgetItem | None:
        """Return the item of a directory, opening what is above it."""
        if path is None or path not in self._counts:
            return None
        above = [path]
        while above[-1] not in {folder.path for folder in self._folders.values()}:
            above.append(os.path.dirname(above[-1]))
        item = self._items[Place.FOLDER]
        for step in reversed(above):
            self._fill(item)
            found = next((child for child in _children_of(item) if self._path_of(child) == step), None)
            if found is None:
                return None
            item = found
        return item

    @staticmethod
    def _path_of(item: QTreeWidgetItem) -> bytes | None:
        value = item.data(0, _PATH_ROLE)
        return None if value is None else bytes(value)

    def _tint(self) -> None:
        for place, item in self._items.items():
            if place is not Place.FOLDER:
                item.setIcon(0, icons.icon(str(item.data(0, _ICON_ROLE))))
        for item in self._folder_items():
            icon = str(item.data(0, _ICON_ROLE))
            is_off = icon == "folder-off"
            item.setIcon(0, icons.icon(icon, "muted" if is_off else "text"))
            if is_off:
                item.setForeground(0, QColor(theme.colours().muted))

    # What the person does

    def _on_current_changed(self, item: QTreeWidgetItem | None) -> None:
        if item is None or self._is_quiet or item.data(0, _PLACE_ROLE) is None:
            return
        self.chosen.emit(str(item.data(0, _PLACE_ROLE)), self._path_of(item))

    def _on_double_click(self, item: QTreeWidgetItem) -> None:
        if self._path_of(item) is not None:
            item.setExpanded(not item.isExpanded())

    def _open_menu(self, point: QPoint) -> None:
        item = self._tree.itemAt(point)
        path = self._path_of(item) if item is not None else None
        if item is None or path is None:
            return
        menu = self.folder_menu(path, is_root=item.data(0, _FOLDER_ROLE) is not None)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._tree.viewport().mapToGlobal(point))

    def folder_menu(self, path: bytes, *, is_root: bool) -> QMenu:
        """Return the menu of a directory; only a root can be removed from the library."""
        menu = QMenu(self)
        rescan = menu.addAction(self.tr("Look for changes"))
        icons.bind(rescan, "rescan")
        rescan.triggered.connect(lambda: self.rescan_wanted.emit(path))
        show = menu.addAction(self.tr("Show in file manager"))
        icons.bind(show, "open")
        show.triggered.connect(lambda: self.show_wanted.emit(path))
        if is_root:
            menu.addSeparator()
            folder = self.folder_at(path)
            if folder is not None and not folder.is_online:
                forget = menu.addAction(self.tr("Forget missing photos…"))
                forget.setToolTip(self.tr("For photos that were deleted on purpose, outside PhotoFind"))
                icons.bind(forget, "remove")
                forget.triggered.connect(lambda: self.forget_wanted.emit(folder))
            remove = menu.addAction(self.tr("Remove from the library…"))
            remove.setToolTip(self.tr("The files stay where they are"))
            icons.bind(remove, "remove")
            remove.triggered.connect(lambda: self.remove_wanted.emit(self.folder_at(path)))
        return menu


def _without_count(folder: Folder) -> Folder:
    return replace(folder, photo_count=0)


def _children_of(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    children = (item.child(number) for number in range(item.childCount()))
    return [child for child in children if child is not None]


class _RowDelegate(QStyledItemDelegate):
    """A row with its count at the right; section names small and muted."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All rows alike: the tree need not measure each."""
        return QSize(super().sizeHint(option, index).width(), _ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the row."""
        colours = theme.colours()
        painter.save()
        if index.data(_PLACE_ROLE) is None:
            font = option.font
            font.setPointSizeF(font.pointSizeF() * 0.86)
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(QColor(colours.muted))
            painter.drawText(
                option.rect.adjusted(4, 0, 0, -2),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom,
                str(index.data()).upper(),
            )
            painter.restore()
            return
        rect = option.rect.adjusted(0, 1, -theme.SPACE, -1)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_soft if is_selected else colours.hover))
            painter.drawRoundedRect(rect, 6, 6)
        if is_selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(colours.accent))
            painter.drawRoundedRect(rect.adjusted(0, 0, -1, -1), 6, 6)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        side = icons.ICON_PX
        left = rect.left() + 6
        if icon is not None:
            icon.paint(painter, QRect(left, rect.center().y() - side // 2 + 1, side, side))
        left += side + 8
        right = rect.right() - 8
        count = index.data(_COUNT_ROLE)
        if count is not None:
            text = option.locale.toString(int(count))
            width = option.fontMetrics.horizontalAdvance(text)
            painter.setPen(QColor(colours.muted))
            place = QRect(right - width, rect.top(), width, rect.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            right -= width + 8
        ink = index.data(Qt.ItemDataRole.ForegroundRole)
        painter.setPen(ink.color() if ink is not None else option.palette.color(QPalette.ColorRole.Text))
        place = QRect(left, rect.top(), max(0, right - left), rect.height())
        name = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, name)
        painter.restore()
