"""Opens files and folders with the system's programs.

Called on the window's thread; nothing here waits for the program it starts. Selecting a file in the file manager is
a different call on every platform, and Qt has none of them.
"""

import os
import sys

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from photofind.gui.photo_model import file_url


def open_path(path: bytes) -> bool:
    """Open a file with its usual program, or a folder in the file manager; False when the system refuses."""
    return QDesktopServices.openUrl(file_url(path))


def show_file(path: bytes) -> bool:
    """Show a file, selected, in the file manager; False when the system refuses."""
    if sys.platform == "win32":
        # explorer takes the comma and the path as one word and returns 1 even when all went well.
        return bool(QProcess.startDetached("explorer.exe", [f"/select,{os.fsdecode(path)}"])[0])
    if sys.platform == "darwin":
        return bool(QProcess.startDetached("/usr/bin/open", ["-R", os.fsdecode(path)])[0])
    return _show_over_dbus(path) or open_path(os.path.dirname(path))


def _show_over_dbus(path: bytes) -> bool:
    """Ask the file manager of the desktop (freedesktop.org FileManager1); False when there is none."""
    from PySide6.QtDBus import QDBusConnection, QDBusMessage

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    names = bus.interface()
    name = "org.freedesktop.FileManager1"
    started = names.isServiceRegistered(name).value() or name in names.activatableServiceNames().value()
    if not started:
        return False
    url = file_url(path).toString(QUrl.ComponentFormattingOption.FullyEncoded)
    message = QDBusMessage.createMethodCall(name, "/org/freedesktop/FileManager1", name, "ShowItems")
    message.setArguments([[url], ""])
    return bus.send(message)
