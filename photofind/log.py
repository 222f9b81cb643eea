"""One rotating log file, one console, and hooks that keep the traceback of every bug.

Called once by each entry point. Paths and photos may stand in the log; it never leaves the computer.
"""

import logging
import sys
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

LOG_BYTES = 2_000_000
LOG_BACKUPS = 3

_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


class _LogFile(RotatingFileHandler):
    """Keeps quiet on a full disk, or when another process holds the file that should be rotated (Windows)."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name in logging
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


def start(folder: Path | None, *, console_level: int = logging.WARNING) -> None:
    """Send the log to a file and to stderr, and every uncaught exception to both.

    Args:
        folder: Where `photofind.log` rotates; None, or a folder that cannot be written, keeps only the console.
        console_level: The least level that stderr shows.
    """
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    if sys.stderr is not None:  # the packaged program has none on Windows
        console = logging.StreamHandler(sys.stderr)
        console.setLevel(console_level)
        console.setFormatter(logging.Formatter("photofind: %(message)s"))
        root.addHandler(console)
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = _LogFile(
                folder / "photofind.log", maxBytes=LOG_BYTES, backupCount=LOG_BACKUPS, encoding="utf-8",
                errors="backslashreplace",
            )  # fmt: skip
        except OSError as error:
            root.warning("The log cannot be written to %s: %s", folder, error)
        else:
            file.setFormatter(logging.Formatter(_FORMAT))
            root.addHandler(file)
    sys.excepthook = _on_exception
    threading.excepthook = _on_thread_exception


def _on_exception(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
        return
    logging.getLogger("photofind").critical("Uncaught error", exc_info=(kind, error, traceback))


def _on_thread_exception(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):  # which quietly ends a thread
        _on_exception(args.exc_type, args.exc_value, args.exc_traceback)
