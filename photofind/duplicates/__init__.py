"""Finds photos that belong together, proposes which to keep, and clears out the rest without losing a picture."""
