"""How photos get into the library: watch, scan, prepare in child processes, write on one thread."""
