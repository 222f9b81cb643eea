"""The sidebar: counts that add up, trees that stay open, offline folders."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from photofind.catalog.directory_tree import grow
from photofind.gui.sidebar import FILL_ROWS, Place, Sidebar
from photofind.records import Collection, Directory, Folder

ONLINE = Folder(1, b"/photos", True, 12)
NAS = Folder(2, b"/mnt/nas", False, 5, "The drive is not connected.")
DIRECTORIES = [
    Directory(b"/photos", 1, 1),
    Directory(b"/photos/2019", 1, 2),
    Directory(b"/photos/2020/may/first", 1, 9),
    Directory(b"/mnt/nas/\xff\xfe", 2, 5),
]


@pytest.fixture
def sidebar(qtbot: QtBot, look: None) -> Sidebar:
    made = Sidebar()
    qtbot.addWidget(made)
    made.resize(240, 600)
    made.show()
    show(made, [ONLINE, NAS], DIRECTORIES)
    return made


def show(sidebar: Sidebar, folders: list[Folder], directories: list[Directory]) -> None:
    sidebar.set_folders(folders, grow(folders, directories))


def item(sidebar: Sidebar, path: bytes) -> QTreeWidgetItem:
    found = sidebar._find(path)
    assert found is not None
    return found


def count(sidebar: Sidebar, path: bytes) -> int:
    from photofind.gui.sidebar import _COUNT_ROLE

    return int(item(sidebar, path).data(0, _COUNT_ROLE))


def test_counts_hold_everything_below(sidebar: Sidebar) -> None:
    assert count(sidebar, b"/photos") == 12
    assert count(sidebar, b"/photos/2020") == 9
    assert count(sidebar, b"/photos/2020/may/first") == 9
    assert count(sidebar, b"/mnt/nas") == 5


def test_items_below_are_made_when_a_folder_is_opened(sidebar: Sidebar) -> None:
    assert len(sidebar._folder_items()) == 2
    item(sidebar, b"/photos").setExpanded(True)
    assert [made.text(0) for made in sidebar._folder_items()] == ["photos", "2019", "2020", "nas"]


def test_a_press_on_a_heading_or_beside_changes_nothing(sidebar: Sidebar) -> None:
    tree = sidebar.tree()
    sidebar.choose(Place.FOLDER, b"/mnt/nas")
    (heading,) = tree.findItems("Library", Qt.MatchFlag.MatchExactly)
    for place in (
        tree.visualItemRect(heading).center(),
        tree.viewport().rect().bottomLeft() + QPoint(30, -4),
    ):
        QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        assert sidebar.path() == b"/mnt/nas"
        assert tree.selectedItems() == [item(sidebar, b"/mnt/nas")]


def test_choosing_tells_the_directory_as_bytes(sidebar: Sidebar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(sidebar.chosen) as chosen:
        sidebar.choose(Place.FOLDER, b"/mnt/nas/\xff\xfe")
    assert chosen.args == [Place.FOLDER.value, b"/mnt/nas/\xff\xfe"]
    with qtbot.waitSignal(sidebar.chosen) as chosen:
        sidebar.choose(Place.PROBLEMS)
    assert chosen.args == [Place.PROBLEMS.value, None]


def test_new_numbers_leave_open_and_chosen_as_they_are(sidebar: Sidebar, qtbot: QtBot) -> None:
    item(sidebar, b"/photos").setExpanded(True)
    sidebar.choose(Place.FOLDER, b"/photos/2019")
    with qtbot.assertNotEmitted(sidebar.chosen):
        show(sidebar, [ONLINE, NAS], [*DIRECTORIES[:1], Directory(b"/photos/2019", 1, 70), *DIRECTORIES[2:]])
        assert count(sidebar, b"/photos") == 80
        show(sidebar, [ONLINE, NAS], [*DIRECTORIES, Directory(b"/photos/2021", 1, 1)])
    assert sidebar.path() == b"/photos/2019"
    assert item(sidebar, b"/photos").isExpanded()
    assert count(sidebar, b"/photos/2021") == 1


def test_when_the_chosen_folder_goes_all_photos_are_chosen(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.choose(Place.FOLDER, b"/mnt/nas")
    with qtbot.waitSignal(sidebar.chosen) as chosen:
        show(sidebar, [ONLINE], DIRECTORIES[:3])
    assert chosen.args == [Place.ALL.value, None]
    assert sidebar.place() is Place.ALL


def test_an_offline_folder_tells_its_reason(sidebar: Sidebar) -> None:
    assert "The drive is not connected." in item(sidebar, b"/mnt/nas").toolTip(0)
    assert sidebar.folder_at(b"/mnt/nas/\xff\xfe") == NAS


def test_only_a_root_can_be_removed(sidebar: Sidebar, qtbot: QtBot) -> None:
    below = [action.text() for action in sidebar.folder_menu(b"/photos/2019", is_root=False).actions()]
    assert "Remove from the library…" not in below
    menu = sidebar.folder_menu(b"/photos", is_root=True)
    with qtbot.waitSignal(sidebar.remove_wanted) as removed:
        next(action for action in menu.actions() if action.text().startswith("Remove")).trigger()
    assert removed.args == [ONLINE]


def test_missing_photos_can_be_forgotten_only_where_some_are_missing(sidebar: Sidebar, qtbot: QtBot) -> None:
    there = [action.text() for action in sidebar.folder_menu(b"/photos", is_root=True).actions()]
    assert "Forget missing photos…" not in there
    menu = sidebar.folder_menu(NAS.path, is_root=True)
    with qtbot.waitSignal(sidebar.forget_wanted) as forgotten:
        next(action for action in menu.actions() if action.text().startswith("Forget")).trigger()
    assert forgotten.args == [NAS]


def test_a_tree_of_fifty_thousand_directories_makes_only_its_root(sidebar: Sidebar) -> None:
    many = [Directory(b"/photos/%d/%d" % (n % 100, n), 1, 1) for n in range(50_000)]
    show(sidebar, [ONLINE], many)
    assert count(sidebar, b"/photos") == 50_000
    assert len(sidebar._folder_items()) <= 2


WIDE = [Directory(b"/photos/%05d" % n, 1, 1) for n in range(3 * FILL_ROWS)]


def test_very_many_directories_side_by_side_come_by_and_by(sidebar: Sidebar, qtbot: QtBot) -> None:
    show(sidebar, [ONLINE], WIDE)
    root = item(sidebar, b"/photos")
    root.setExpanded(True)
    assert root.childCount() == FILL_ROWS
    qtbot.waitUntil(lambda: root.childCount() == len(WIDE))
    names = [made.text(0) for made in sidebar._folder_items()[1:]]
    assert names == sorted(names)


def test_one_that_has_not_come_yet_can_be_chosen(sidebar: Sidebar, qtbot: QtBot) -> None:
    show(sidebar, [ONLINE], WIDE)
    item(sidebar, b"/photos").setExpanded(True)
    sidebar.choose(Place.FOLDER, WIDE[-1].path)
    assert sidebar.path() == WIDE[-1].path
    assert item(sidebar, b"/photos").childCount() == len(WIDE)


def test_directories_that_come_and_go_leave_the_others_where_they_are(sidebar: Sidebar, qtbot: QtBot) -> None:
    show(sidebar, [ONLINE], [*WIDE, Directory(b"/photos/00007/below/deep", 1, 1)])
    root = item(sidebar, b"/photos")
    root.setExpanded(True)
    qtbot.waitUntil(lambda: root.childCount() == len(WIDE))
    seventh = item(sidebar, b"/photos/00007")
    seventh.setExpanded(True)
    scroll = sidebar.tree().verticalScrollBar()
    scroll.setValue(500)
    show(sidebar, [ONLINE], [Directory(b"/photos/00003a", 1, 1), *WIDE[20:], *WIDE[:19],
                             Directory(b"/photos/00007/below/deep", 1, 1)])  # fmt: skip
    assert item(sidebar, b"/photos/00007") is seventh
    assert seventh.isExpanded()
    assert scroll.value() == 500
    rows = [root.child(n) for n in range(root.childCount())]
    names = [row.text(0) for row in rows if row is not None]
    assert names[3:5] == ["00003", "00003a"]
    assert "00019" not in names
    assert len(names) == len(WIDE)


def test_collections_stand_above_the_folders(sidebar: Sidebar) -> None:
    sidebar.set_collections([Collection(1, "Norway", 3, is_live=False)])
    tree = sidebar.tree()
    items = [tree.topLevelItem(n) for n in range(tree.topLevelItemCount())]
    assert [item.text(0) for item in items if item is not None][-3:] == ["Collections", "Tags", "Folders"]
    assert not sidebar.collections_heading().isHidden()
    sidebar.set_collections([])
    assert sidebar.collections_heading().isHidden()
