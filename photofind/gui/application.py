"""Starts the window: one program for one library, the window first, the library behind it.

`run` is the only way in; it owns the QApplication and closes everything. A second start finds the first by a local
socket named after the library, hands its folders over and ends. The library opens on a thread of its own while the
window already stands; nothing imported before the first paint knows of networks or of the index.
"""

import hashlib
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QMessageLogContext,
    QMetaObject,
    QObject,
    QSocketNotifier,
    Qt,
    QTimer,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtGui import QIcon
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication

from photofind import log
from photofind.errors import PhotofindError
from photofind.events import Progress, Stage
from photofind.gui import accessibility, theme, translation
from photofind.gui.main_window import MainWindow
from photofind.gui.python_pauses import short_pauses
from photofind.settings import Settings, config_folder, log_folder, resource_folder

if TYPE_CHECKING:
    from photofind.library import Library

logger = logging.getLogger(__name__)

ANSWER_MS = 1_500
"""How long a second start waits for the first to answer before it takes over."""

PATIENCE_MS = 1_000
"""The folders are looked through when the first photos are shown; or so long after they were listed, for an empty
library shows none."""

_MESSAGE_LIMIT = 2**20


def run(library_dir: Path, folders: tuple[bytes, ...] = (), settings: Settings | None = None) -> int:
    """Show the window until it is closed.

    Args:
        library_dir: The library; made when missing.
        folders: Added to it, absolute paths.
        settings: Those of the platform's folder when None.

    Returns:
        The exit code.
    """
    name = server_name(library_dir)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("PhotoFind")
    app.setDesktopFileName("photofind")
    if hand_over(name, folders):
        return 0
    log.start(log_folder())
    try:
        settings = settings or Settings(config_folder() / "settings.toml")
    except PhotofindError as error:
        logger.error("%s", error)  # noqa: TRY400 - a sentence for a person, not a bug
        return 1
    app.setStyle("Fusion")
    app.setWindowIcon(QIcon(str(resource_folder() / "icons" / "photofind.svg")))
    translation.install(app, settings.text("language"))
    theme.current().apply(settings.text("theme"))
    theme.current().follow_system()
    accessibility.install()
    session = Session(library_dir, folders, settings, name)
    with _ending_on_signals(app), short_pauses():
        session.start()
        try:
            return app.exec()
        finally:
            session.close()


@contextmanager
def _ending_on_signals(app: QObject) -> Iterator[None]:
    """Call the slot `quit` of `app` on Ctrl+C and when the session ends.

    Python runs its handlers only between its own instructions, and Qt's loop has none: the signal's number arrives
    through a socket, which wakes the loop up.
    """
    ours, wakers = socket.socketpair()
    ours.setblocking(False)
    wakers.setblocking(False)
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: ours.recv(64))
    before_fd = signal.set_wakeup_fd(wakers.fileno())
    numbers = (signal.SIGINT, signal.SIGTERM)

    def quit_soon(_number: int, _frame: FrameType | None) -> None:
        # Python runs this between any two lines of ours, and quit() closes the windows at once: they would lose
        # their library in the middle of a method. Queued, it waits for the event loop's turn.
        QMetaObject.invokeMethod(app, "quit", Qt.ConnectionType.QueuedConnection)

    before = {number: signal.signal(number, quit_soon) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before_fd)
        notifier.setEnabled(False)
        ours.close()
        wakers.close()


def server_name(library_dir: Path) -> str:
    """Return the name of the socket of a library's window."""
    identity = os.fsencode(os.path.realpath(library_dir)) + b"\0" + os.fsencode(Path.home())
    return "photofind-" + hashlib.sha256(identity).hexdigest()[:24]


def hand_over(name: str, folders: tuple[bytes, ...]) -> bool:
    """Give the folders to the window that is already open; False when there is none."""
    client = QLocalSocket()
    client.connectToServer(name)
    if not client.waitForConnected(ANSWER_MS):
        return False
    message = json.dumps({"folders": [os.fsdecode(path) for path in folders]}, ensure_ascii=True)
    client.write(message.encode() + b"\n")
    client.flush()
    # Only the answer proves that someone is alive behind the socket.
    return bool(client.waitForReadyRead(ANSWER_MS)) and bytes(client.readAll().data()).startswith(b"ok")


class Session(QObject):
    """One window with its library and its socket.

    Args:
        library_dir: Opened on a thread of its own.
        folders: Added as soon as it is open.
        settings: For window and library.
        name: Of the socket.
    """

    _opened = Signal(object)
    _loaded = Signal()
    _failed = Signal(str)
    _bug = Signal(str)

    def __init__(self, library_dir: Path, folders: tuple[bytes, ...], settings: Settings, name: str) -> None:
        super().__init__()
        self._library_dir = library_dir
        self._folders = folders
        self._settings = settings
        self._name = name
        self._library: Library | None = None
        self._opening: threading.Thread | None = None
        self._is_closed = False
        self._is_attached = False
        self._server: QLocalServer | None = None
        self._hooks: tuple[Callable[..., object], Callable[..., object]] | None = None
        self._has_begun = False
        self._has_settled = False
        self._importing: threading.Thread | None = None
        self._beginning = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._beginning.timeout.connect(self._on_patience_ended)
        self.window = MainWindow(settings)
        self.window.thumbnails.caught_up.connect(self._on_first_photos, Qt.ConnectionType.SingleShotConnection)
        self._opened.connect(self._on_opened, Qt.ConnectionType.QueuedConnection)
        self._loaded.connect(self._on_loaded, Qt.ConnectionType.QueuedConnection)
        self._failed.connect(self._on_failed, Qt.ConnectionType.QueuedConnection)
        self._bug.connect(self._on_bug, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Show the window, listen, and open the library."""
        self._watch_for_bugs()
        self._listen()
        self.window.show()
        logger.info("The window is shown")
        self.open_library()

    def open_library(self) -> None:
        """Open the library on a thread of its own; `attach` follows on this one."""
        self._opening = threading.Thread(target=self._open, name="opening", daemon=True)
        self._opening.start()

    def close(self) -> None:
        """Close everything; returns within about a second."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._server is not None:
            self._server.close()
        self.window.close()
        self._beginning.stop()
        for thread in (self._opening, self._importing):
            if thread is not None:
                thread.join()
        if self._library is not None:
            self._library.close()
        self._stop_watching_for_bugs()

    # Opening

    def _open(self) -> None:
        try:
            from photofind.library import Library  # not before the window stands

            library = Library.open(self._library_dir, self._settings, shows_first=True)
        except PhotofindError as error:
            self._failed.emit(str(error))
        except Exception as error:
            logger.critical("The library could not be opened", exc_info=error)
            self._failed.emit(str(error))
        else:
            self._library = library
            self._opened.emit(library)

    @Slot(object)
    def _on_opened(self, library: "Library") -> None:
        if self._is_closed:
            return
        self.window.attach(library, photos_first=True)
        self._is_attached = True
        self.window.bridge.progress_changed.connect(self._on_progress)
        if self._folders:
            self._begin()
        else:
            self._beginning.start()
        self.window.add_folders(self._folders)

    @Slot()
    def _on_first_photos(self) -> None:
        # Their repaint is queued already and comes before this.
        QTimer.singleShot(0, self, self._on_shown)

    @Slot()
    def _on_shown(self) -> None:
        logger.info("The first photos are shown")
        self._begin()

    @Slot()
    def _on_patience_ended(self) -> None:
        if self._is_attached and self.window.is_listing():
            self._beginning.start()  # a long list: nothing may compete with it
        else:
            self._begin()

    @Slot()
    def _begin(self) -> None:
        """Do what waited for the first photos: look through the folders, load what later clicks need."""
        if self._is_closed or self._has_begun or self._library is None:
            return
        self._has_begun = True
        self._beginning.stop()
        if not self._library.is_read_only:
            self._library.start_indexing(watch=self._settings.flag("watch"))
        self._importing = threading.Thread(target=self._load, args=(self._library,), name="importing", daemon=True)
        self._importing.start()

    def _load(self, library: "Library") -> None:
        """Load what the details take, and then what later clicks do; on a thread, where nobody feels it."""
        try:
            library.prepare_labels()
        finally:
            self._loaded.emit()  # the window waits for it, whatever became of the names
        _import_pages()

    @Slot()
    def _on_loaded(self) -> None:
        if not self._is_closed:
            self.window.show_the_rest()

    @Slot(object)
    def _on_progress(self, progress: Progress) -> None:
        if progress.stage is Stage.IDLE and not self._has_settled:
            self._has_settled = True
            logger.info("Everything is taken in")

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        if not self._is_closed:
            self.window.show_open_error(sentence, self.open_library)

    # A second start

    def _listen(self) -> None:
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        if not server.listen(self._name):
            # Nobody answered behind it: it was left over by a program that died.
            QLocalServer.removeServer(self._name)
            if not server.listen(self._name):
                logger.warning("A second start will not find this window: %s", server.errorString())
        server.newConnection.connect(self._on_connection)
        self._server = server

    @Slot()
    def _on_connection(self) -> None:
        assert self._server is not None
        peer = self._server.nextPendingConnection()
        peer.readyRead.connect(lambda: self._on_message(peer))
        peer.disconnected.connect(peer.deleteLater)
        if peer.bytesAvailable():
            self._on_message(peer)

    def _on_message(self, peer: QLocalSocket) -> None:
        if peer.bytesAvailable() > _MESSAGE_LIMIT:
            peer.abort()
            return
        if not peer.canReadLine():
            return
        folders = _folders_of(bytes(peer.readLine().data()))
        if folders is None:
            peer.abort()
            return
        peer.write(b"ok\n")
        peer.flush()
        if self._is_attached:
            self.window.add_folders(folders)
        else:
            self._folders += folders
        self.window.raise_up()

    # Bugs

    def _watch_for_bugs(self) -> None:
        """Show every uncaught error in the window as well; the log's own hooks keep the traceback."""
        self._hooks = (sys.excepthook, threading.excepthook)
        on_main, on_thread = sys.excepthook, threading.excepthook

        def main_hook(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
            on_main(kind, error, traceback)
            if not issubclass(kind, KeyboardInterrupt):
                self._bug.emit(str(error) or kind.__name__)

        def thread_hook(args: threading.ExceptHookArgs) -> None:
            on_thread(args)
            if args.exc_value is not None:
                self._bug.emit(str(args.exc_value) or args.exc_type.__name__)

        sys.excepthook = main_hook
        threading.excepthook = thread_hook
        qInstallMessageHandler(_log_qt_message)

    def _stop_watching_for_bugs(self) -> None:
        if self._hooks is not None:
            sys.excepthook, threading.excepthook = self._hooks
            qInstallMessageHandler(None)

    @Slot(str)
    def _on_bug(self, text: str) -> None:
        if not self._is_closed:
            self.window.say(self.tr("Something went wrong; the log has the details. ({})").format(text))


def _import_pages() -> None:
    """Import what is made when it is first asked for: on the window's thread it would be felt, 5 to 30 ms each."""
    from photofind.gui import (  # noqa: F401
        compare_view,
        duplicates_view,
        folder_check_dialog,
        index_page,
        keys_dialog,
        models_page,
        problems_page,
        region_selector,
        settings_dialog,
        tags_page,
        viewer,
        where_dialog,
    )


def _folders_of(line: bytes) -> tuple[bytes, ...] | None:
    """Return the folders of a message, None for one that is not ours."""
    try:
        names = json.loads(line)["folders"]
        return tuple(os.fsencode(name) for name in names)
    except (ValueError, KeyError, TypeError):
        return None


_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s (%s)", text, context.category or "default")
