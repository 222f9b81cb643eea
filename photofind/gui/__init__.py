"""The window. Only this package imports PySide6, and it sees of the rest only `library` and the value modules.

`application` starts it; `main_window` holds the parts together; everything it knows of photos comes through
`bridge` (announcements and answers, as signals of the window's thread) and `thumbnail_loader` (pictures).
"""
