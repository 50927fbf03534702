"""What every format file gives: the header of an image, read before any decoder sees a byte."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


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
