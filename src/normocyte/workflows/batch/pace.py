"""How far a batch is, how fast it goes, and how long it will take."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from normocyte.records.manifest import Counts


@dataclass(frozen=True)
class Pace:
    """How far a batch is: images with a row now, how fast, and how long it will take.

    `images` have a row, those of earlier runs included; `rate` is images a second of this run, and
    `remaining_s` NaN while nothing is known. `done` and `total` are bytes of the source.
    """

    images: int
    flagged: int
    failed: int
    rate: float
    remaining_s: float
    done: int
    total: int


@dataclass
class Clock:
    """Counts images and bytes, and how fast they come."""

    total: int
    counts: Counts
    begun: float = field(default_factory=time.monotonic)
    skipped: int = 0
    done: int = 0
    new: int = 0
    replaced: int = 0
    flagged: int = 0
    failed: int = 0

    @property
    def images(self) -> int:
        """How many images have a row."""
        return self.counts.images + self.new - self.replaced

    def skip(self, size: int) -> None:
        """So many bytes need no work."""
        self.skipped += size

    def after(self, size: int, counts: Counts, replaced: int) -> Pace:
        """The pace after a unit more, which took the place of so many rows."""
        self.replaced += replaced
        self.done += size
        self.new += counts.images
        self.flagged += counts.flagged
        self.failed += counts.failed
        seconds = max(time.monotonic() - self.begun, 1e-9)
        left = max(self.total - self.skipped - self.done, 0)
        remaining = left * seconds / self.done if self.done else float("nan")
        flagged, failed = self.counts.flagged + self.flagged, self.counts.failed + self.failed
        return Pace(
            self.images, flagged, failed, self.new / seconds, remaining, self.skipped + self.done, self.total
        )
