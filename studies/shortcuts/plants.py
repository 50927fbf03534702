"""The same image stored in several ways: as it is, and with a difference that no disease makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.inputs.stored import StoredImage
from normocyte.core.types import Image8
from normocyte.images.stored import stored_in

BORDER_PX, BORDER_LEVELS = 4, 10
QUALITIES = (95, 75)
SPREADS = 0.5
BAR_PX, BAR_SHARE, BAR_FROM_SIDE = 3, 6, 16
Change = Callable[[Image8], Image8]
Store = Callable[[Image8], StoredImage]


@dataclass(frozen=True)
class Plant:
    """What is planted: its name, the baseline that should see it, and how each kind of image is stored."""

    name: str
    baseline: str
    healthy: Store
    anomalous: Store


def as_png(pixels: Image8) -> StoredImage:
    """Saved as PNG."""
    return stored_in(_encoded(".png", pixels), "image.png")


def as_jpeg(quality: int) -> Store:
    """Saved as JPEG of this quality."""
    return lambda pixels: stored_in(
        _encoded(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality]), "image.jpg"
    )


def as_png_of_jpeg(quality: int) -> Store:
    """Saved as JPEG of this quality, and again as PNG."""
    return lambda pixels: as_png(as_jpeg(quality)(pixels).pixels)


def changed(change: Change) -> Store:
    """Changed, and saved as PNG."""
    return lambda pixels: as_png(change(pixels))


def _encoded(ending: str, pixels: Image8, options: list[int] | None = None) -> bytes:
    return cv2.imencode(ending, np.ascontiguousarray(pixels[..., ::-1]), options or [])[1].tobytes()


def with_border(pixels: Image8) -> Image8:
    """The outer pixels are brighter."""
    image = np.minimum(pixels.astype(np.int16) + BORDER_LEVELS, 255).astype(np.uint8)
    inside = slice(BORDER_PX, -BORDER_PX)
    image[inside, inside] = pixels[inside, inside]
    return image


def with_bar(pixels: Image8) -> Image8:
    """A white bar at the lower right."""
    height, width = pixels.shape[:2]
    high, wide = height // BAR_FROM_SIDE, width // BAR_FROM_SIDE
    image = pixels.copy()
    image[height - high - BAR_PX : height - high, width - wide - width // BAR_SHARE : width - wide] = 255
    return image


def brighter(levels: float) -> Change:
    """Every pixel is brighter by so many gray levels."""
    return lambda pixels: np.clip(np.round(pixels + levels), 0, 255).astype(np.uint8)


def plants(spread: float) -> tuple[Plant, ...]:
    """All of them; `spread` is the standard deviation of the mean brightness of the images."""
    best, worst = QUALITIES
    return (
        Plant("nothing", "", as_png, as_png),
        Plant("border", "border", as_png, changed(with_border)),
        Plant("JPEG quality", "jpeg_quality", as_jpeg(best), as_jpeg(worst)),
        Plant("the same, saved as PNG", "jpeg_quality", as_png_of_jpeg(best), as_png_of_jpeg(worst)),
        Plant("brightness", "brightness", as_png, changed(brighter(SPREADS * spread))),
        Plant("scale bar", "burned_in", as_png, changed(with_bar)),
    )
