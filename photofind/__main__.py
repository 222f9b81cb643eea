"""`python -m photofind` and the console script: chooses between the window and the command line.

The only module that knows both; the window is imported only when it will be shown, so that a command answers
without loading Qt.
"""

import gc
import os
import socket
import sys


def main() -> int:
    """Run the program with the arguments of the process; return its exit code."""
    # A frozen program is its own decoder process; asked before anything heavy is imported.
    from photofind.indexing import decoder_process

    decoder_process.run_if_asked(sys.argv)

    # What is made until photos are shown, stays: to look for garbage on the way costs 35 CPU-ms and finds none.
    gc.disable()
    from photofind import cli

    arguments = cli.parse(sys.argv[1:])
    if isinstance(arguments, cli.WindowArguments) and has_display():
        from photofind.gui import application

        return application.run(arguments.library, arguments.folders)  # it looks for garbage in its own way
    gc.enable()
    if isinstance(arguments, cli.WindowArguments):
        print("No display was found; the folders are indexed here in the terminal instead.", file=sys.stderr)
        return cli.index_in_terminal(arguments)
    return cli.run(arguments)


def has_display() -> bool:
    """Return whether a window can be shown; asked before Qt, which aborts the process when it cannot."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    if os.environ.get("WAYLAND_DISPLAY"):
        return True
    display = os.environ.get("DISPLAY", "")
    if not display.startswith(":"):
        return bool(display)  # forwarded through ssh, say; only Qt can tell
    number = display[1:].split(".")[0]
    with socket.socket(socket.AF_UNIX) as probe:
        for address in (f"/tmp/.X11-unix/X{number}", f"\0/tmp/.X11-unix/X{number}"):  # noqa: S108 - X's own place
            try:
                probe.connect(address)
            except OSError:
                continue
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
