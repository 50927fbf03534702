"""How far a batch is, how fast it goes, and how long it will take."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from normocyte.records.counts import Counts


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
    """Counts images and bytes, and how fast they come; `counts` are of all images that have a row."""

    total: int
    counts: Counts
    begun: float = field(default_factory=time.monotonic)
    skipped: int = 0
    done: int = 0
    new: int = 0

    def skip(self, size: int) -> None:
        """So many bytes need no work."""
        self.skipped += size

    def remove(self, counts: Counts) -> None:
        """So many rows no longer count."""
        self.counts = self.counts.without(counts)

    def after(self, size: int, counts: Counts) -> Pace:
        """The pace after a unit more."""
        self.counts = self.counts.plus(counts)
        self.done += size
        self.new += counts.images
        seconds = max(time.monotonic() - self.begun, 1e-9)
        left = max(self.total - self.skipped - self.done, 0)
        remaining = left * seconds / self.done if self.done else float("nan")
        images, flagged, failed = self.counts.images, self.counts.flagged, self.counts.failed
        done = self.skipped + self.done
        return Pace(images, flagged, failed, self.new / seconds, remaining, done, self.total)
