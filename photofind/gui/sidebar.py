"""The left side: the library's lists, the collections, the tags most used, and the tree of folders.

Owned by the main window, on its thread. One tree for everything, so that one Tab stop and the arrows reach it all.
Folders are shown by the library's directories, not by the disk's: an offline drive keeps its tree. The tree itself
is grown by the library on a thread of its own and only read here, row by row as they are painted; items below a
folder are made when it is opened, and of 50,000 in one directory a few hundred at a time. A model of our own lost
against items: the library's lists and the folders are several kinds of rows, which items are good at.
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

import shiboken6
from PySide6.QtCore import (
    QCoreApplication,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QBrush,
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QIcon,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
)
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
from photofind.records import Collection, DirectoryTree, Folder

_PLACE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_COUNT_ROLE = _PLACE_ROLE + 1
_ICON_ROLE = _PLACE_ROLE + 2
_DROP_ROLE = _PLACE_ROLE + 3
"""Whether what is dragged would be dropped here."""
_ROW_PX = 30
_SHOWN = QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator
_NOT_SHOWN = QTreeWidgetItem.ChildIndicatorPolicy.DontShowIndicator

FILL_ROWS = 400
"""Rows made at once: 3 ms."""
SHOWN_TAGS = 6
"""The most used ones. All of them, which may be thousands, have a page: the folders below stay in reach."""


class Place(StrEnum):
    """What the sidebar can choose."""

    ALL = "all"
    RECENT = "recent"
    DUPLICATES = "duplicates"
    PROBLEMS = "problems"
    NETWORKS = "networks"
    INDEX = "index"
    COLLECTION = "collection"
    TAG = "tag"
    TAGS = "tags"
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
    new_name_wanted = Signal(object)
    """The Collection to rename."""
    collection_removal_wanted = Signal(object)
    """The Collection to forget."""
    new_tag_name_wanted = Signal(str)
    """The tag to rename."""
    tag_removal_wanted = Signal(str)
    """The tag to take off all photos."""
    photos_tagged = Signal(str)
    """The tag that the dragged photos of the grid get."""
    photos_dropped = Signal(object)
    """The Collection that the dragged photos of the grid go into; None for a new one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._folders: dict[int, Folder] = {}
        self._tree_of = DirectoryTree()
        self._tags: tuple[tuple[str, int], ...] = ()
        self._to_open: tuple[bytes, ...] = ()
        self._chosen_tag: str | None = None
        """Stays in the list while it is chosen, however seldom it is."""
        self._filling: list[QTreeWidgetItem] = []
        """Opened directories whose rows are not all made yet."""
        self._fill_timer = QTimer(self, interval=0)
        self._fill_timer.timeout.connect(self._fill_some)
        self._is_quiet = False
        self._items: dict[Place, QTreeWidgetItem] = {}
        self._tree = _Tree(self)
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
        self._tree.photos_dropped.connect(self._on_photos_dropped)
        self._tree.rename_wanted.connect(self._on_rename_wanted)
        self._tree.removal_wanted.connect(self._on_removal_wanted)
        self._tree.pressed_again.connect(self._on_current_changed)
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

    def set_folders(self, folders: Sequence[Folder], tree: DirectoryTree) -> None:
        """Show these folders with their trees; what is open, chosen and in sight stays so."""
        was = [_without_count(folder) for folder in self._folders.values()]
        has_other_shape = tree.shape != self._tree_of.shape or was != [_without_count(folder) for folder in folders]
        self._folders = {folder.folder_id: folder for folder in folders}
        self._tree_of = tree
        if has_other_shape:
            self._make_tree(folders)
        # Numbers are read from the tree when a row is painted; they change all the time while photos come in.
        self._tree.viewport().update()

    def _make_tree(self, folders: Sequence[Folder]) -> None:
        """Bring the rows made so far up to date; those of closed folders are not there yet."""
        place, path = self.place(), self.path()
        scrolled = self._tree.verticalScrollBar().value()
        header = self._items[Place.FOLDER]
        self._is_quiet = True
        self._bring_up_to_date(header, [folder.path for folder in folders])
        header.setHidden(not folders)
        header.setExpanded(True)
        chosen = self._find(path) if place is Place.FOLDER else None
        if place is Place.FOLDER:
            self._tree.setCurrentItem(chosen or self._items[Place.ALL])
        self._tree.verticalScrollBar().setValue(scrolled)
        self._is_quiet = False
        if place is Place.FOLDER and chosen is None:
            self.chosen.emit(Place.ALL.value, None)
        for path in sorted(self._to_open, key=len):
            item = self._find(path)
            if item is not None:
                item.setExpanded(True)
        self._to_open = ()

    def open_folders(self) -> list[bytes]:
        """Return the directories whose rows below are shown."""
        return [item.path for item in self._folder_items() if isinstance(item, _FolderItem) and item.isExpanded()]

    def open_later(self, paths: Sequence[bytes]) -> None:
        """Show the rows below these directories once they are known."""
        self._to_open = tuple(paths)

    def _bring_up_to_date(self, item: QTreeWidgetItem, wanted: Sequence[bytes]) -> None:
        """Take away and add rows below an item that was opened before; those that stay are not touched."""
        made = {path: child for child in _children_of(item) if (path := self._path_of(child)) is not None}
        kept = set(wanted)
        for path in [path for path in made if path not in kept]:
            item.removeChild(made.pop(path))
        # The rows made are the first of all; of very many, the rest comes by and by.
        last = wanted.index(next(reversed(made))) if made else 0
        is_root = item is self._items[Place.FOLDER]
        shown = wanted if is_root else wanted[: max(last + 1, FILL_ROWS)]
        for place, path in enumerate(shown):
            if path not in made:
                item.insertChild(place, self._folder_item(path))
        if len(shown) < len(wanted):
            self._fill_later(item)
        for path, child in made.items():
            below = self._tree_of.children.get(path, ())
            child.setChildIndicatorPolicy(_SHOWN if below else _NOT_SHOWN)
            if child.childCount():
                self._bring_up_to_date(child, below)

    def set_collections(self, collections: Sequence[Collection]) -> None:
        """Show these; the one that is chosen stays so, and so does the keyboard."""
        if list(collections) == [item.collection for item in self._collection_items()]:
            return
        header, chosen = self._items[Place.COLLECTION], self.collection()
        self._is_quiet = True
        header.takeChildren()
        header.addChildren([_CollectionItem(collection) for collection in collections])
        header.setHidden(not collections)
        header.setExpanded(True)
        is_gone = chosen is not None and not self.choose_collection(chosen.collection_id)
        if is_gone:
            self._tree.setCurrentItem(self._items[Place.ALL])
        self._is_quiet = False
        if is_gone:
            self.chosen.emit(Place.ALL.value, None)

    def collection(self) -> Collection | None:
        """Return the collection that is chosen."""
        item = self._tree.currentItem()
        return item.collection if isinstance(item, _CollectionItem) else None

    def choose_collection(self, collection_id: int) -> bool:
        """Choose a collection as a click would; False when it is not there."""
        for item in self._collection_items():
            if item.collection.collection_id == collection_id:
                self._tree.setCurrentItem(item)
                return True
        return False

    def _collection_items(self) -> list["_CollectionItem"]:
        children = _children_of(self._items[Place.COLLECTION])
        return [item for item in children if isinstance(item, _CollectionItem)]

    def set_tags(self, tags: Sequence[tuple[str, int]]) -> None:
        """Show those of these that most photos have, by name; the one that is chosen stays so.

        Args:
            tags: Each with the number of its photos, the most frequent first.
        """
        if tuple(tags) == self._tags:
            return
        self._tags = tuple(tags)
        self._make_tags()

    def _make_tags(self) -> None:
        chosen, counts = self.tag(), dict(self._tags)
        wanted = self._chosen_tag if chosen is not None else None
        names = [name for name, _count in self._tags[:SHOWN_TAGS]]
        if wanted in counts and wanted not in names:
            names.append(str(wanted))
        names.sort(key=str.casefold)
        header, items = self._items[Place.TAG], self._tag_items()
        self._is_quiet = True
        if [item.tag for item in items] == names:
            for item in items:
                item.photo_count = counts[item.tag]
            self._tree.viewport().update()
        else:
            was_all = self.place() is Place.TAGS
            for item in items:
                header.removeChild(item)
            header.insertChildren(0, [_TagItem(self, name, counts[name]) for name in names])
            if was_all:
                self._tree.setCurrentItem(self._items[Place.TAGS])
        # Where the page of tags is open its line stays: the keyboard would be on what nobody sees.
        header.setHidden(not self._tags and self.place() is not Place.TAGS)
        header.setExpanded(True)
        self._items[Place.TAGS].setToolTip(0, self.tr("Find, rename, merge and remove tags"))
        found = next((item for item in self._tag_items() if item.tag == wanted), None)
        is_gone = chosen is not None and found is None
        if is_gone:
            self._chosen_tag = None
            self._tree.setCurrentItem(self._items[Place.ALL])
        elif found is not None:
            self._tree.setCurrentItem(found)
        self._is_quiet = False
        if is_gone:
            self.chosen.emit(Place.ALL.value, None)

    def tag(self) -> str | None:
        """Return the tag that is chosen."""
        item = self._tree.currentItem()
        return item.tag if isinstance(item, _TagItem) else None

    def choose_tag(self, tag: str) -> None:
        """Choose a tag as a click would; one that is not among those shown comes to them."""
        self._chosen_tag = tag
        found = next((item for item in self._tag_items() if item.tag == tag), None)
        if found is None:
            found = _TagItem(self, tag, dict(self._tags).get(tag, 0))
            places = [item.tag.casefold() for item in self._tag_items()]
            header = self._items[Place.TAG]
            header.insertChild(sum(place < tag.casefold() for place in places), found)
            header.setHidden(False)
            header.setExpanded(True)
        self._tree.setCurrentItem(found)

    def follow_tag(self, old: str, new: str) -> None:
        """Let the choice go over to a tag's new name, which comes with the next `set_tags`."""
        if self.tag() == old:
            self._chosen_tag = new

    def _tag_items(self) -> list["_TagItem"]:
        return [item for item in _children_of(self._items[Place.TAG]) if isinstance(item, _TagItem)]

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
        return self._folders.get(self._tree_of.owners.get(path, 0))

    def folder_icon(self, *, is_online: bool) -> QIcon:
        """Return the icon of a directory."""
        return self._folder_icons[is_online]

    def photo_count(self, path: bytes) -> int | None:
        """Return how many photos are in a directory and below it."""
        return self._tree_of.counts.get(path)

    def takers(self) -> list[QTreeWidgetItem]:
        """Return the rows that photos can be dropped on."""
        heading = self._items[Place.COLLECTION]
        fixed = [item for item in self._collection_items() if not item.collection.is_live]
        return [heading, *fixed, *self._tag_items()]

    def collections_heading(self) -> QTreeWidgetItem:
        """Return the heading above the collections."""
        return self._items[Place.COLLECTION]

    def tree(self) -> QTreeWidget:
        """Return the tree, for the focus."""
        return self._tree

    # Making the tree

    def _make_fixed_items(self) -> None:
        self.add_section(self.tr("Library"))
        for place, icon, name in (
            (Place.ALL, "photos", self.tr("All photos")),
            (Place.RECENT, "recent", self.tr("Recently added")),
            (Place.DUPLICATES, "duplicates", self.tr("Duplicates")),
            (Place.PROBLEMS, "problem", self.tr("Problems")),
            (Place.NETWORKS, "network", self.tr("Networks")),
            (Place.INDEX, "index", self.tr("Index")),
        ):
            item = QTreeWidgetItem([name])
            if place is Place.NETWORKS:
                item.setToolTip(0, self.tr("What recognises your photos, and what it costs and gains"))
            elif place is Place.INDEX:
                item.setToolTip(0, self.tr("How well photos are found, and what that takes on the disk"))
            item.setData(0, _PLACE_ROLE, place.value)
            item.setData(0, _ICON_ROLE, icon)
            self._tree.addTopLevelItem(item)
            self._items[place] = item
        collections = self.add_section(self.tr("Collections"))
        collections.setHidden(True)
        self._items[Place.COLLECTION] = collections
        tags = self.add_section(self.tr("Tags"))
        tags.setHidden(True)
        self._items[Place.TAG] = tags
        all_tags = QTreeWidgetItem([self.tr("All tags")])
        all_tags.setData(0, _PLACE_ROLE, Place.TAGS.value)
        all_tags.setData(0, _ICON_ROLE, "tags")
        tags.addChild(all_tags)
        self._items[Place.TAGS] = all_tags
        folders = self.add_section(self.tr("Folders"))
        folders.setHidden(True)
        self._items[Place.FOLDER] = folders
        self._tint()
        self._is_quiet = True
        self._tree.setCurrentItem(self._items[Place.ALL])
        self._is_quiet = False

    def add_section(self, title: str) -> QTreeWidgetItem:
        """Add a heading, above the folders where they are there already; what belongs to it goes below it."""
        item = QTreeWidgetItem([title])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        folders = self._items.get(Place.FOLDER)
        if folders is None:
            self._tree.addTopLevelItem(item)
        else:
            self._tree.insertTopLevelItem(self._tree.indexOfTopLevelItem(folders), item)
        return item

    def _folder_item(self, path: bytes) -> "_FolderItem":
        item = _FolderItem(self, path)
        item.setChildIndicatorPolicy(_SHOWN if self._tree_of.children.get(path) else _NOT_SHOWN)
        return item

    def _fill(self, item: QTreeWidgetItem) -> None:
        """Make the rows below an item: some now, others between two turns of the event loop."""
        path = self._path_of(item)
        if path is not None and not item.childCount():
            below = self._tree_of.children.get(path, ())
            item.addChildren([self._folder_item(child) for child in below[:FILL_ROWS]])
            if len(below) > FILL_ROWS:
                self._fill_later(item)

    def _fill_later(self, item: QTreeWidgetItem) -> None:
        if item not in self._filling:
            self._filling.append(item)
        self._fill_timer.start()

    def _fill_some(self) -> None:
        """Make some more rows of a directory that has more of them than can be made at once."""
        while self._filling and not shiboken6.isValid(self._filling[-1]):
            self._filling.pop()
        if not self._filling:
            self._fill_timer.stop()
            return
        item = self._filling[-1]
        path = self._path_of(item)
        below = self._tree_of.children.get(path or b"", ()) if item.treeWidget() is not None else ()
        start = item.childCount()
        item.addChildren([self._folder_item(child) for child in below[start : start + FILL_ROWS]])
        if start + FILL_ROWS >= len(below):
            self._filling.pop()

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
        if path is None or path not in self._tree_of.counts:
            return None
        roots = {folder.path for folder in self._folders.values()}
        above = [path]
        while above[-1] not in roots:
            above.append(os.path.dirname(above[-1]))
        item = self._items[Place.FOLDER]
        for step in reversed(above):
            self._fill(item)
            below = self._tree_of.children.get(self._path_of(item) or b"", ())
            if step in below and below.index(step) >= item.childCount():
                more = below[item.childCount() : below.index(step) + 1]
                item.addChildren([self._folder_item(child) for child in more])
            found = next((child for child in _children_of(item) if self._path_of(child) == step), None)
            if found is None:
                return None
            item = found
        return item

    @staticmethod
    def _path_of(item: QTreeWidgetItem) -> bytes | None:
        return item.path if isinstance(item, _FolderItem) else None

    def _tint(self) -> None:
        for place, item in self._items.items():
            if place not in (Place.FOLDER, Place.COLLECTION, Place.TAG):  # headings
                item.setIcon(0, icons.icon(str(item.data(0, _ICON_ROLE))))
        self.tag_icon = icons.icon("tag")
        self._folder_icons = (icons.icon("folder-off", "muted"), icons.icon("folder"))
        self._tree.viewport().update()  # folders take their colours when they are painted

    # What the person does

    def _on_current_changed(self, item: QTreeWidgetItem | None) -> None:
        if item is None or self._is_quiet or item.data(0, _PLACE_ROLE) is None:
            return
        self._chosen_tag = self.tag()
        self.chosen.emit(str(item.data(0, _PLACE_ROLE)), self._path_of(item))

    def _on_double_click(self, item: QTreeWidgetItem) -> None:
        if self._path_of(item) is not None:
            item.setExpanded(not item.isExpanded())

    def _open_menu(self, point: QPoint) -> None:
        current = self._tree.currentItem()
        if current is not None and not self._tree.viewport().rect().contains(point):  # by key, and out of sight
            self._tree.scrollToItem(current)
            point = self._tree.visualItemRect(current).center()
        item = self._tree.itemAt(point)
        path = self._path_of(item) if item is not None else None
        if isinstance(item, _CollectionItem):
            menu = self.collection_menu(item.collection)
        elif isinstance(item, _TagItem):
            menu = self.tag_menu(item.tag)
        elif item is not None and path is not None:
            menu = self.folder_menu(path, is_root=item.parent() is self._items[Place.FOLDER])
        else:
            return
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._tree.viewport().mapToGlobal(point))

    def _on_photos_dropped(self, item: QTreeWidgetItem) -> None:
        if isinstance(item, _TagItem):
            self.photos_tagged.emit(item.tag)
        else:
            self.photos_dropped.emit(item.collection if isinstance(item, _CollectionItem) else None)

    def _on_rename_wanted(self, item: QTreeWidgetItem) -> None:
        if isinstance(item, _TagItem):
            self.new_tag_name_wanted.emit(item.tag)
        elif isinstance(item, _CollectionItem):
            self.new_name_wanted.emit(item.collection)

    def _on_removal_wanted(self, item: QTreeWidgetItem) -> None:
        if isinstance(item, _TagItem):
            self.tag_removal_wanted.emit(item.tag)
        elif isinstance(item, _CollectionItem):
            self.collection_removal_wanted.emit(item.collection)

    def tag_menu(self, tag: str) -> QMenu:
        """Return the menu of a tag."""
        menu = QMenu(self)
        rename = menu.addAction(self.tr("Rename…"))
        rename.setShortcut(Qt.Key.Key_F2)
        rename.triggered.connect(lambda: self.new_tag_name_wanted.emit(tag))
        remove = menu.addAction(self.tr("Remove tag…"))
        remove.setShortcut(Qt.Key.Key_Delete)
        remove.setToolTip(self.tr("The photos stay where they are"))
        icons.bind(remove, "remove")
        remove.triggered.connect(lambda: self.tag_removal_wanted.emit(tag))
        menu.addSeparator()
        every = menu.addAction(self.tr("All tags"))
        icons.bind(every, "tags")
        every.triggered.connect(lambda: self.choose(Place.TAGS))
        return menu

    def collection_menu(self, collection: Collection) -> QMenu:
        """Return the menu of a collection."""
        menu = QMenu(self)
        rename = menu.addAction(self.tr("Rename…"))
        rename.setShortcut(Qt.Key.Key_F2)
        rename.triggered.connect(lambda: self.new_name_wanted.emit(collection))
        remove = menu.addAction(self.tr("Remove collection…"))
        remove.setShortcut(Qt.Key.Key_Delete)
        remove.setToolTip(self.tr("Its photos stay where they are"))
        icons.bind(remove, "remove")
        remove.triggered.connect(lambda: self.collection_removal_wanted.emit(collection))
        return menu

    def folder_menu(self, path: bytes, *, is_root: bool) -> QMenu:
        """Return the menu of a directory; only a root can be removed from the library."""
        menu = QMenu(self)
        rescan = menu.addAction(self.tr("Look for changes"))
        icons.bind(rescan, "rescan")
        rescan.triggered.connect(lambda: self.rescan_wanted.emit(path))
        show = menu.addAction(self.tr("Show in file manager"))
        icons.bind(show, "open")
        show.triggered.connect(lambda: self.show_wanted.emit(path))
        owner = self.folder_at(path)
        show.setEnabled(owner is None or owner.is_online)
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


class _CollectionItem(QTreeWidgetItem):
    """One collection."""

    def __init__(self, collection: Collection) -> None:
        super().__init__()
        self.collection = collection

    def data(self, column: int, role: int) -> object:
        """Return what the row shows."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.collection.name
        if role == _PLACE_ROLE:
            return Place.COLLECTION.value
        if role == _COUNT_ROLE:
            return None if self.collection.is_live else self.collection.photo_count
        if role == Qt.ItemDataRole.DecorationRole:
            return icons.icon("collection-live" if self.collection.is_live else "collection")
        return super().data(column, role)


class _TagItem(QTreeWidgetItem):
    """One tag."""

    def __init__(self, sidebar: Sidebar, tag: str, photo_count: int) -> None:
        super().__init__()
        self.tag = tag
        self.photo_count = photo_count
        self._sidebar = sidebar

    def data(self, column: int, role: int) -> object:
        """Return what the row shows."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.tag
        if role == _PLACE_ROLE:
            return Place.TAG.value
        if role == _COUNT_ROLE:
            return self.photo_count
        if role == Qt.ItemDataRole.DecorationRole:
            return self._sidebar.tag_icon
        return super().data(column, role)


class _Tree(QTreeWidget):
    """The tree, which takes photos of the grid that are dropped on a collection or a tag."""

    photos_dropped = Signal(object)
    """The item; of the heading of the collections it means a new collection."""
    rename_wanted = Signal(object)
    """The item."""
    removal_wanted = Signal(object)
    """The item."""
    pressed_again = Signal(object)
    """The item that was chosen already: whoever searched or filtered meanwhile wants to see the list itself."""

    def __init__(self, sidebar: Sidebar) -> None:
        super().__init__(sidebar)
        self._sidebar = sidebar
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Step over headings: they list nothing, and the choice would be lost on them."""
        index = super().moveCursor(action, modifiers)
        upwards = (QAbstractItemView.CursorAction.MoveUp, QAbstractItemView.CursorAction.MovePrevious)
        while index.isValid() and index.data(_PLACE_ROLE) is None:
            if action is QAbstractItemView.CursorAction.MoveLeft:
                return self.currentIndex()
            index = self.indexAbove(index) if action in upwards else self.indexBelow(index)
        return index if index.isValid() else self.currentIndex()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rename and remove what is chosen; what has neither passes the key on."""
        item = self.currentItem()
        if isinstance(item, _TagItem | _CollectionItem) and event.key() == Qt.Key.Key_F2:
            self.rename_wanted.emit(item)
        elif isinstance(item, _TagItem | _CollectionItem) and event.key() == Qt.Key.Key_Delete:
            self.removal_wanted.emit(item)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell of a press that changes nothing, too; one beside all that lists something is none."""
        if self.indexAt(event.position().toPoint()).data(_PLACE_ROLE) is None:
            event.accept()  # Qt would take the mark off what is chosen, and the photos would stay
            return
        before = self.currentItem()
        super().mousePressEvent(event)
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and before is not None and self.itemAt(event.position().toPoint()) is before:
            self.pressed_again.emit(before)

    def _target(self, event: QDropEvent) -> QTreeWidgetItem | None:
        """Return the item that takes what is dragged; live collections fill themselves."""
        if event.source() is None or event.source().objectName() != "photo-grid":
            return None
        item = self.itemAt(event.position().toPoint())
        return next((taker for taker in self._sidebar.takers() if taker is item), None)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Look at drags from the grid; all others are the window's."""
        if event.source() is not None and event.source().objectName() == "photo-grid":
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where a drop does something."""
        item = self._target(event)
        self._mark(item)
        if item is None:
            event.ignore()
        else:
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show nothing any more."""
        self._mark(None)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand on where the photos were dropped."""
        item = self._target(event)
        self._mark(None)
        if item is None:
            event.ignore()
            return
        event.acceptProposedAction()
        self.photos_dropped.emit(item)

    def _mark(self, item: QTreeWidgetItem | None) -> None:
        for other in self._sidebar.takers():
            other.setData(0, _DROP_ROLE, other is item)


class _FolderItem(QTreeWidgetItem):
    """One directory. What is shown of it is made when it is painted; tens of thousands of them are only paths."""

    def __init__(self, sidebar: Sidebar, path: bytes) -> None:
        super().__init__()
        self.path = path
        self._sidebar = sidebar

    def data(self, column: int, role: int) -> object:
        """Return what the row shows."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._name()
        if role == _PLACE_ROLE:
            return Place.FOLDER.value
        if role == _COUNT_ROLE:
            return self._sidebar.photo_count(self.path)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip()
        if role == Qt.ItemDataRole.DecorationRole:
            return self._sidebar.folder_icon(is_online=self._is_online())
        if role == Qt.ItemDataRole.ForegroundRole and not self._is_online():
            return QBrush(QColor(theme.colours().muted))
        return super().data(column, role)

    def _name(self) -> str:
        name = wording.display_name(self.path) or wording.display_text(self.path)
        owner = self._sidebar.folder_at(self.path)
        if owner is not None and owner.is_silent and owner.path == self.path:
            return QCoreApplication.translate("Sidebar", "{folder} does not answer").format(folder=name)
        return name

    def _is_online(self) -> bool:
        owner = self._sidebar.folder_at(self.path)
        return owner is None or owner.is_online

    def _tip(self) -> str:
        tip = wording.display_text(self.path)
        owner = self._sidebar.folder_at(self.path)
        if owner is None or owner.is_online:
            return tip
        reason = core_sentence(owner.offline_reason) or QCoreApplication.translate(
            "Sidebar", "This folder is not connected now."
        )
        return f"{tip}\n{reason}"


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
            painter.setPen(QColor(colours.accent if index.data(_DROP_ROLE) else colours.muted))
            painter.drawText(
                option.rect.adjusted(4, 0, 0, -2),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom,
                str(index.data()).upper(),
            )
            painter.restore()
            return
        rect = option.rect.adjusted(0, 1, -theme.SPACE, -1)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected) or bool(index.data(_DROP_ROLE))
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
            text = QLocale().toString(int(count))
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
