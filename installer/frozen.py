"""The frozen program's entry: PyInstaller wants a script, and `photofind/__main__.py` as one loses its package."""

import sys

from photofind.__main__ import main

sys.exit(main())
