"""How sharp photos are, side by side: the variance of the Laplacian of their brightness, at one size.

The measure is that of Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy: a comparative study"
(ICPR 2000): a picture out of focus, or shaken, has small second derivatives everywhere. It says nothing across
different pictures, for a brick wall beats a sky, and noise counts as detail; so it is told only of photos of one
shape that show the same (`show_the_same`), as parts of the sharpest, and one is called sharper only where it is
plainly so (`wording.CLEARLY_SHARPER`).

Measured on 20 painted scenes with grain, 1200 x 800 at 1024 pixels, what is left of the measure, least, median and
most: JPEG of quality 60 instead of 95, which takes the grain, 16, 50 and 89 %; a blur of radius 0.5 47, 48 and
55 %, of radius 1 5, 8 and 13 %; half the size and back 6, 11 and 18 %.

Called on the GUI thread; the work is done on one short-lived thread, 26 ms of processor time for two photos. The
alternative that lost: measuring the full pictures, which takes a second and calls the smaller copy of a soft scan
the sharper one.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import Future

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

MOST_PX = 1024
"""Longer side at most; beyond, noise and the demosaicing of the camera decide."""
_SHAPE_TOLERANCE = 0.02
_SAME_CORRELATION = 0.85
"""At 32 x 32 pixels: 90 % of the pairs of different scenes above, all of them sky over ground, stay below 0.82."""


def sharpness(image: QImage, size: QSize) -> float:
    """Return the variance of the Laplacian of an image scaled to `size`; 0 for one without an inside."""
    grey = _grey(image, size)
    if min(grey.shape) < 3:
        return 0.0
    middle = grey[1:-1, 1:-1]
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * middle
    return float(laplacian.var())


def common_size(sizes: Sequence[QSize]) -> QSize | None:
    """Return the size at which images are compared, the smallest one's; None where their shapes differ."""
    if any(size.isEmpty() for size in sizes):
        return None
    ratios = [size.width() / size.height() for size in sizes]
    if max(ratios) / min(ratios) > 1 + _SHAPE_TOLERANCE:
        return None
    smallest = min(sizes, key=lambda size: size.width() * size.height())
    within = smallest.boundedTo(QSize(MOST_PX, MOST_PX))
    return smallest.scaled(within, Qt.AspectRatioMode.KeepAspectRatio)


def show_the_same(images: Sequence[QImage]) -> bool:
    """Return whether all images show what the first shows, by the correlation of their brightness in the large."""
    rows = []
    for image in images:
        grey = _grey(image, QSize(32, 32)).ravel()
        grey = grey - grey.mean()
        rows.append(grey / max(float(np.linalg.norm(grey)), 1e-6))
    return all(float(rows[0] @ row) >= _SAME_CORRELATION for row in rows[1:])


def _grey(image: QImage, size: QSize) -> NDArray[np.float32]:
    """Return the brightness of an image scaled to `size`, float32 [height, width], 0 to 255."""
    scaled = image.scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).convertToFormat(QImage.Format.Format_Grayscale8)
    lines = np.frombuffer(scaled.constBits(), np.uint8).reshape(scaled.height(), scaled.bytesPerLine())
    return lines[:, : scaled.width()].astype(np.float32)


def measure_later(images: Sequence[QImage], size: QSize) -> "Future[list[float]]":
    """Return the sharpness of each as a part of the sharpest, 0 to 1; empty where they do not show the same."""
    future: Future[list[float]] = Future()

    def work() -> None:
        if not future.set_running_or_notify_cancel():
            return
        if not show_the_same(images):
            future.set_result([])
        else:
            values = [sharpness(image, size) for image in images]
            best = max(values)
            future.set_result([value / best if best else 1.0 for value in values])

    threading.Thread(target=work, name="sharpness", daemon=True).start()
    return future
