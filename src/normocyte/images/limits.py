"""How large an image may be, decided before a decoder sees it."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_SIDE_PX = 8
MOST_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused unread: too many bytes, too long a side, too many pixels on one page."""

    most_bytes: int
    most_side_px: int
    most_pixels: int


CELLS = Limits(most_bytes=64 * 2**20, most_side_px=16_384, most_pixels=40_000_000)
"""For pictures of one cell."""

PHOTOS = Limits(most_bytes=256 * 2**20, most_side_px=32_768, most_pixels=100_000_000)
"""For photos of whole fields."""
