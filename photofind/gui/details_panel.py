"""What is known of the chosen photos: a large picture, what it shows, facts, stars, and where they are stored.

Owned by the GUI thread; it shows the frozen values it is given and asks nobody but the thumbnail loader, so that a
click in the grid costs no read here. What the person does leaves as a signal: the window decides.
"""

import os
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from photofind.gui import icons, theme, wording
from photofind.gui.decisions_editor import DecisionsEditor
from photofind.gui.flow_layout import FlowLayout
from photofind.gui.similar_strip import SimilarStrip
from photofind.gui.thumbnail_loader import ThumbnailLoader
from photofind.gui.why_panel import WhyPanel
from photofind.records import Companion, DatedBy, Photo, PhotoLabel

PICTURE_BOX_PX = 320
_LEAST_PICTURE_PX = 48
"""Height of a picture at least; of a long panorama the room above and below stays empty."""
STARS = 5


class DetailsPanel(QWidget):
    """See the module.

    Args:
        thumbnails: Pictures for the top of the panel.
    """

    find_similar = Signal(int)
    """Photo id."""
    label_chosen = Signal(str)
    """The English name of a label whose photos are wanted."""
    rating_changed = Signal(list, object)
    """Photo ids, and 1 to 5, or None for no rating of the user."""
    flag_changed = Signal(list, int)
    """Photo ids, and 1 (picked), -1 (rejected) or 0."""
    title_changed = Signal(list, object)
    """Photo ids, and the text or None; so, too, the caption."""
    caption_changed = Signal(list, object)
    tag_added = Signal(list, str)
    """Photo ids, and the tag; so, too, a tag taken away."""
    tag_removed = Signal(list, str)
    tag_chosen = Signal(str)
    """A tag whose photos are wanted."""

    def __init__(self, thumbnails: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photos: list[Photo] = []
        self._companions: tuple[Companion, ...] = ()
        self._shown_places: list[tuple[bytes, str, bool]] = []
        self._chosen: Sequence[int] | NDArray[np.int64] = ()
        """Ids of all photos that a decision is for; of very many only the first are shown."""
        self.setObjectName("details")
        self.setAccessibleName(self.tr("Details"))

        inside = QWidget()
        inside.setObjectName("detailsInside")
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2, theme.SPACE * 2)
        column.setSpacing(theme.SPACE)
        self._picture = _Picture(thumbnails, inside)
        self._heading = QLabel(inside)
        self._heading.setTextFormat(Qt.TextFormat.PlainText)
        self._heading.setWordWrap(True)
        self._heading.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = self._heading.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.1)
        self._heading.setFont(font)
        self._found_by = _muted(QLabel(inside))
        self._found_by.setWordWrap(True)
        self._note = _muted(QLabel(inside))
        self._note.setWordWrap(True)
        self._stars = StarsEditor(inside)
        self._stars.rated.connect(self._on_rated)
        self._decisions = DecisionsEditor(inside)
        marks = QHBoxLayout()
        marks.addWidget(self._stars)
        marks.addStretch(1)
        marks.addWidget(self._decisions.flag)
        self._decisions.tag_chosen.connect(self.tag_chosen)
        for given, handed_on in (
            (self._decisions.flag_changed, self.flag_changed),
            (self._decisions.title_changed, self.title_changed),
            (self._decisions.caption_changed, self.caption_changed),
            (self._decisions.tag_added, self.tag_added),
            (self._decisions.tag_removed, self.tag_removed),
        ):
            given.connect(lambda value, signal=handed_on: self._hand_on(signal, value))
        self._similar = QPushButton(self.tr("Find similar"), inside)
        self._similar.setToolTip(self.tr("Show photos like this one"))
        icons.bind(self._similar, "similar")
        self._similar.clicked.connect(lambda: self.find_similar.emit(self._photos[0].photo_id))
        self.why = WhyPanel(inside)
        self.alike = SimilarStrip(thumbnails, inside)
        self._labels_heading = _section(self.tr("Shows"), inside)
        self._labels = _Labels(inside)
        self._labels.chosen.connect(self.label_chosen)
        self._facts = _FactList(inside)
        self._places_heading = _section(self.tr("Stored at"), inside)
        self._places = QVBoxLayout()
        self._places.setSpacing(theme.SPACE // 2)

        column.addWidget(self._picture)
        column.addWidget(self._heading)
        column.addWidget(self._found_by)
        column.addWidget(self._note)
        column.addLayout(marks)
        column.addWidget(self._decisions)
        column.addWidget(self._similar)
        column.addWidget(self.why)
        column.addWidget(self.alike)
        column.addSpacing(theme.SPACE)
        column.addWidget(self._labels_heading)
        column.addWidget(self._labels)
        column.addSpacing(theme.SPACE)
        column.addWidget(self._facts)
        column.addSpacing(theme.SPACE)
        column.addWidget(self._places_heading)
        column.addLayout(self._places)
        column.addStretch(1)

        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(self.tr("Details"))
        self._scroll.setWidget(inside)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._scroll)
        self.setMinimumWidth(240)
        self.set_photos([])

    def sizeHint(self) -> QSize:
        """Return a width that holds a line of facts."""
        return QSize(304, 600)

    def keyed(self) -> tuple[tuple[str, QWidget], ...]:
        """Return the buttons that do what a command with keys does, after the command's name."""
        flag = self._decisions.flag
        return ("similar", self._similar), ("pick", flag.pick), ("reject", flag.reject)

    @property
    def similar_button(self) -> QPushButton:
        """Looks for photos like the one that is shown."""
        return self._similar

    @property
    def photos(self) -> list[Photo]:
        """What is shown."""
        return list(self._photos)

    def set_photos(
        self,
        photos: list[Photo],
        labels: Sequence[PhotoLabel] = (),
        *,
        found_by: str = "",
        chosen: Sequence[int] | NDArray[np.int64] = (),
    ) -> None:
        """Show one photo in full, several as a sum, none as a hint.

        Args:
            photos: Those chosen, or the first of them.
            labels: What the one photo shows, surest first.
            found_by: How a search found the one photo, a sentence.
            chosen: Ids of all that are chosen, when they are more than `photos`.
        """
        is_other = [p.photo_id for p in photos] != [p.photo_id for p in self._photos]
        if [p.path for p in photos] != [p.path for p in self._photos]:
            self._companions = ()
        self._decisions.set_photos(photos)  # first: a text that is being written belongs to the photos of before
        self._photos = list(photos)
        self._chosen = chosen if len(chosen) > len(photos) else [photo.photo_id for photo in photos]
        one = photos[0] if len(photos) == 1 else None
        self._picture.set_photo(photos[0] if photos else None)
        self._picture.setVisible(bool(photos))
        self._stars.setVisible(bool(photos))
        self._decisions.setVisible(bool(photos))
        self._decisions.flag.setVisible(bool(photos))
        self._similar.setVisible(one is not None)
        self._facts.setVisible(bool(photos))
        self._places_heading.setVisible(one is not None)
        shown = labels if one is not None else ()
        self._labels_heading.setVisible(bool(shown))
        self._labels.setVisible(bool(shown))
        self._labels.set_labels(shown)
        self._found_by.setText(found_by)
        self._found_by.setVisible(bool(found_by) and one is not None)
        if one is not None:
            self._show_one(one)
        elif photos:
            self._show_several()
        else:
            self._heading.setText(self.tr("Nothing chosen"))
            self._note.setText(self.tr("Choose a photo to see when, where and how it was taken."))
            self._note.show()
            self._facts.set_facts([])
            self._show_places(())
        if is_other:
            self.why.set_explanation(None)
            self.alike.set_photos(())
            self._scroll.verticalScrollBar().setValue(0)

    def _show_one(self, photo: Photo) -> None:
        metadata = photo.metadata
        self._heading.setText(wording.display_name(photo.path))
        notes = []
        if not photo.is_online:
            notes.append(self.tr("The folder of this photo is not available now."))
        self._note.setText("\n".join(notes))
        self._note.setVisible(bool(notes))
        self._stars.set_rating(photo.rating)
        self._facts.set_facts(
            [
                (self.tr("Taken"), wording.taken_text(photo)),
                (self.tr("Keywords"), self.tr(", ", "between keywords").join(metadata.keywords)),
                (self.tr("Size"), wording.dimensions_text(photo.width_px, photo.height_px)),
                (self.tr("File"), f"{photo.format} · {wording.size_text(photo.size_bytes)}"),
                (self.tr("Camera"), wording.camera_text(metadata)),
                (self.tr("Lens"), metadata.lens or ""),
                (self.tr("Exposure"), wording.exposure_line(metadata)),
                (self.tr("Focal length"), wording.focal_text(metadata)),
                (self.tr("Place"), self.tr(", ", "between places").join(metadata.place)),
                (self.tr("Position"), wording.position_text(metadata)),
                (self.tr("By"), metadata.creator or ""),
                (self.tr("File changed"), wording.file_date_text(photo.mtime_ns)),
            ]
        )
        self._show_places((photo.path, *photo.other_paths))

    def set_companions(self, photo_id: int, companions: Sequence[Companion]) -> None:
        """Show what belongs to a photo with the places where it is stored, if it is the one in sight."""
        if tuple(companions) != self._companions and [p.photo_id for p in self._photos] == [photo_id]:
            self._companions = tuple(companions)
            self._show_places((self._photos[0].path, *self._photos[0].other_paths))

    def _show_several(self) -> None:
        photos = self._photos
        self._heading.setText(self.tr("%n photo(s) chosen", "", len(self._chosen)))
        self._note.setText(
            self.tr("What stands here is of the first {n}; stars, marks, texts and tags go to all.").format(
                n=self.locale().toString(len(photos))
            )
        )
        self._note.setVisible(len(self._chosen) > len(photos))
        ratings = {photo.rating for photo in photos}
        self._stars.set_rating(ratings.pop() if len(ratings) == 1 else None)
        times = [photo.taken_ms for photo in photos if photo.dated_by is not DatedBy.FILE]
        undated = len(photos) - len(times)
        cameras = sorted({text for photo in photos if (text := wording.camera_text(photo.metadata))})
        formats = sorted({photo.format for photo in photos})
        separator = self.tr(", ", "between keywords")
        self._facts.set_facts(
            [
                (self.tr("Together"), wording.size_text(sum(photo.size_bytes for photo in photos))),
                (self.tr("From"), wording.date_text(min(times)) if times else ""),
                (self.tr("To"), wording.date_text(max(times)) if len(times) > 1 else ""),
                (self.tr("Without a date"), self.tr("%n photo(s)", "", undated) if undated else ""),
                (self.tr("Formats"), separator.join(formats)),
                (self.tr("Cameras"), separator.join(cameras[:5]) + ("…" if len(cameras) > 5 else "")),
            ]
        )
        self._show_places(())

    def _show_places(self, paths: tuple[bytes, ...]) -> None:
        wanted = [
            (path, self.tr("The same file under another name") if n else "", False) for n, path in enumerate(paths)
        ]
        for each in self._companions if paths else ():
            kind = self.tr("The video of this live photo") if each.is_video else self.tr("Sidecar of this photo")
            tip = self.tr("{kind}, {size}; it goes where the photo goes")
            size = wording.size_text(each.size_bytes)
            wanted.append((each.path, tip.format(kind=kind, size=size), True))
        same = 0  # these stay, and with them the focus
        while same < min(len(wanted), len(self._shown_places)) and wanted[same] == self._shown_places[same]:
            same += 1
        while (item := self._places.takeAt(same)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for path, note, is_name in wanted[same:]:
            self._places.addWidget(_Place(path, note, is_name=is_name))
        self._shown_places = wanted

    def set_known_tags(self, tags: Sequence[str]) -> None:
        """Offer these while a tag is typed, the most frequent first."""
        self._decisions.set_known_tags(tags)

    def _hand_on(self, signal: SignalInstance, value: object) -> None:
        signal.emit([int(photo_id) for photo_id in self._chosen], value)

    def _on_rated(self, rating: object) -> None:
        self._hand_on(self.rating_changed, rating)


class StarsEditor(QWidget):
    """Five stars: click one, or press 0 to 5 or the arrows; the star in force again takes the rating away."""

    ACCESSIBLE_ROLE = QAccessible.Role.Slider

    rated = Signal(object)
    """1 to 5, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rating: int | None = None
        self._hovered = 0
        self._star_px = 24
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Rating"))
        self.setToolTip(self.tr("Rate with a click or the keys 1 to 5; 0 takes the rating away"))

    def sizeHint(self) -> QSize:
        """Return room for five stars."""
        return QSize(self._star_px * STARS, self._star_px)

    @property
    def rating(self) -> int | None:
        """The stars shown; None for no rating."""
        return self._rating

    def set_rating(self, rating: int | None) -> None:
        """Show a rating; -1 (rejected) shows no star."""
        self._rating = rating
        stars = max(rating or 0, 0)
        self.setAccessibleDescription(self.tr("%n star(s)", "", stars) if stars else self.tr("Not rated"))
        self.update()

    def _choose(self, stars: int) -> None:
        rating = None if stars <= 0 or stars == self._rating else min(stars, STARS)
        self.set_rating(rating)
        self.rated.emit(rating)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the stars; those under the pointer show what a click would do."""
        painter = QPainter(self)
        colours = theme.colours()
        filled = self._hovered or max(self._rating or 0, 0)
        for index in range(STARS):
            is_filled = index < filled
            drawn = icons.pixmap(
                "star-filled" if is_filled else "star",
                colours.accent if is_filled else colours.muted,
                self._star_px - 4,
                self.devicePixelRatioF(),
            )
            painter.drawPixmap(index * self._star_px + 2, 2, drawn)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(colours.accent))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would do."""
        self._hovered = int(event.position().x()) // self._star_px + 1
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        """Show the rating again."""
        self._hovered = 0
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Rate."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._hovered = 0
            self._choose(int(event.position().x()) // self._star_px + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rate by digits and arrows."""
        stars = max(self._rating or 0, 0)
        match event.key():
            case key if Qt.Key.Key_0 <= key <= Qt.Key.Key_5:
                wanted = key - int(Qt.Key.Key_0)
                if wanted != stars:
                    self._choose(wanted)
            case Qt.Key.Key_Right if stars < STARS:
                self._choose(stars + 1)
            case Qt.Key.Key_Left if stars > 0:
                self._choose(stars - 1)
            case _:
                super().keyPressEvent(event)


class _Picture(QWidget):
    """The thumbnail as wide as the panel, and as high as that makes it; an upright one no higher than a square.

    One height for all lost: a panorama stood in four times its room, and what is said of it out of sight.
    """

    def __init__(self, thumbnails: ThumbnailLoader, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._photo: Photo | None = None
        self._pixmap: QPixmap | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)  # the scroll area asks: a height set by hand made its bar come and go
        self.setSizePolicy(policy)
        thumbnails.loaded.connect(self._on_loaded)

    def set_photo(self, photo: Photo | None) -> None:
        is_other = photo is None or self._photo is None or photo.content_id != self._photo.content_id
        self._photo = photo
        if is_other:
            self._pixmap = None
            if photo is not None:
                self._pixmap = self._thumbnails.pixmap(photo.content_id)
                # The grid may hold a smaller one under the same id. A larger one is asked for once and kept here,
                # else both views would go on replacing each other's.
                if self._pixmap is None or max(self._pixmap.width(), self._pixmap.height()) < PICTURE_BOX_PX:
                    self._thumbnails.want(self, [photo.content_id], PICTURE_BOX_PX)
        self.setAccessibleName(wording.display_name(photo.path) if photo else "")
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width_px: int) -> int:
        """Return the height of the picture at this width, within limits."""
        if self._photo is None:
            return 0
        height_px = round(width_px * max(self._photo.height_px, 1) / max(self._photo.width_px, 1))
        return max(_LEAST_PICTURE_PX, min(width_px, PICTURE_BOX_PX, height_px))

    def _on_loaded(self, content_id: int) -> None:
        if self._photo is None or content_id != self._photo.content_id:
            return
        pixmap = self._thumbnails.pixmap(content_id)
        if pixmap is not None and (self._pixmap is None or pixmap.width() > self._pixmap.width()):
            self._pixmap = pixmap
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._photo is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = QSize(max(self._photo.width_px, 1), max(self._photo.height_px, 1))
        fitted = size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
        target = self.rect()
        target.setSize(fitted)
        target.moveCenter(self.rect().center())
        shape = QPainterPath()
        shape.addRoundedRect(target, 4, 4)
        painter.setClipPath(shape)
        if self._pixmap is None:
            painter.fillRect(target, QColor.fromRgb(self._photo.mean_rgb))
        else:
            painter.drawPixmap(target, self._pixmap)


class _Labels(QWidget):
    """Chips with the names of what a photo shows."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self)
        self._shown: tuple[PhotoLabel, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_labels(self, labels: Sequence[PhotoLabel]) -> None:
        if tuple(labels) == self._shown:
            return  # the chip that has the focus keeps it
        self._shown = tuple(labels)
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for label in self._shown:
            self._flow.addWidget(self._chip(label))
        self.updateGeometry()

    def _chip(self, label: PhotoLabel) -> QToolButton:
        chip = QToolButton(self)
        chip.setObjectName("label-chip")
        name = wording.label_text(label)
        chip.setText(name)
        sureness = self.tr("{percent} sure").format(percent=wording.percent_text(label.confidence))
        chip.setAccessibleName(name)
        chip.setAccessibleDescription(sureness)
        chip.setToolTip(self.tr("{sureness}. Click to show only photos of this.").format(sureness=sureness))
        chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        chip.clicked.connect(lambda: self.chosen.emit(label.name))
        return chip


class _FactList(QWidget):
    """Names and values in two columns; empty values take no room.

    A grid and not a QFormLayout, which gives a value of two lines the height of one.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE * 2)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []

    def set_facts(self, facts: list[tuple[str, str]]) -> None:
        shown = [(name, value) for name, value in facts if value]
        while len(self._rows) < len(shown):
            self._add_row()
        for row, (label, text) in enumerate(self._rows):
            if row < len(shown):
                name, value = shown[row]
                label.setText(name)
                text.setText(value)
                text.setAccessibleName(name)
            label.setVisible(row < len(shown))
            text.setVisible(row < len(shown))

    def _add_row(self) -> None:
        label = _muted(QLabel(self))
        text = QLabel(self)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(label, len(self._rows), 0, top | Qt.AlignmentFlag.AlignLeft)
        text.setAlignment(top | Qt.AlignmentFlag.AlignLeft)
        # The cell fills its row: only then does the grid ask the label how high it is at this width.
        self._grid.addWidget(text, len(self._rows), 1)
        self._rows.append((label, text))


class _Place(QWidget):
    """One path with a button that copies it.

    Args:
        path: The path.
        note: What it is, if not where the photo itself lies.
        is_name: Show only its name, for what lies beside the photo.
    """

    def __init__(self, path: bytes, note: str = "", *, is_name: bool = False) -> None:
        super().__init__()
        self._path = path
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE // 2)
        text = wording.display_text(path)
        # Long paths have no spaces: a zero-width space lets the label break at every separator.
        shown = wording.display_name(path) if is_name else text.replace(os.sep, os.sep + "\u200b")
        label = QLabel(shown, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setAccessibleName(text)
        label.setToolTip(note or text)
        copy = QToolButton(self)
        icons.bind(copy, "copy", "muted")
        copy.setAutoRaise(True)
        copy.setAccessibleName(self.tr("Copy path"))
        copy.setToolTip(self.tr("Copy this path to the clipboard"))
        copy.clicked.connect(self._copy)
        row.addWidget(label, 1)
        row.addWidget(copy, 0, Qt.AlignmentFlag.AlignTop)

    def _copy(self) -> None:
        # A name that is not text cannot be put on the clipboard; what is shown is the nearest there is.
        QGuiApplication.clipboard().setText(wording.display_text(self._path))


def _muted(label: QLabel) -> QLabel:
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _section(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label
