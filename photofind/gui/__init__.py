"""The window. Only this package imports PySide6, and it sees of the rest only `library` and the value modules.

`application` starts it; `main_window` holds the parts together; everything it knows of photos comes through
`bridge` (announcements and answers, as signals of the window's thread) and `thumbnail_loader` (pictures).
"""

import builtins

import PySide6.QtCore  # noqa: F401 - it replaces what is put back here

# PySide replaces `__import__`, to serve `from __feature__ import ...`, which nobody uses here: each module that is
# imported afterwards, on whichever thread, is read and searched as source. That was a thirtieth of the start.
if builtins.__import__ is getattr(builtins, "__feature_import__", None):
    builtins.__import__ = getattr(builtins, "__orig_import__")  # noqa: B009 - no stub knows it
