"""Facts about one file: pure functions from bytes to values.

They run in decoder processes, because what they read comes from outside; nothing here opens a database, a window
or a network. Pillow, numpy and (for HEIF) libheif do the work, imported only when a file needs them.
"""
