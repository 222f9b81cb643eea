"""The library on disk: the catalog (all SQL of the program) and the thumbnails."""
