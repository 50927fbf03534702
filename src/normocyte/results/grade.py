"""Whether the cells of a photo count."""

from __future__ import annotations

import enum


class Grade(enum.StrEnum):
    """What became of a photo; `usable` means that its cells count, but that something is unusual.

    The checks of photos give the first three. `NOT_READ`: the file could not be read. `COUNTED_BEFORE`: an
    earlier photo shows the same cells.
    """

    GOOD = "good"
    USABLE = "usable"
    UNUSABLE = "unusable"
    NOT_READ = "not read"
    COUNTED_BEFORE = "counted before"

    @property
    def is_used(self) -> bool:
        """True where the cells of the photo count."""
        return self in {Grade.GOOD, Grade.USABLE}
