"""What every format file gives, read before any decoder sees a byte, and how large an image may be."""

from dataclasses import dataclass, field
from typing import Any

LEAST_SIDE_PX = 8
MOST_PAGES = 1000


class Fault(ValueError):
    """Why the bytes cannot be used, and what to do; the reader puts the image's name before it."""


class Cut(Fault):
    """The bytes end too early."""

    def __init__(self, data: bytes, missing: str) -> None:
        super().__init__(
            f"is cut off after {len(data):,} bytes: {missing} is missing; copy or export the file again"
        )


@dataclass(frozen=True, slots=True)
class Header:
    """What the first bytes say of an image; `is_plain` means opaque, with at most 8 bits a channel.

    `plan` is what the format found out on the way and needs again to decode.
    """

    format: str
    width: int
    height: int
    is_plain: bool = True
    plan: Any = field(default=None, compare=False, repr=False)


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
