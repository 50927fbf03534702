"""What is seen in the images of a set, in words for readers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """What one image shows, and what makes it no healthy one: cell, infected. Empty where nobody has said.

    Both stand in sentences such as "of infected cells", so `thing` is a noun that takes an s.
    """

    thing: str = ""
    anomaly: str = ""

    def or_else(self, other: Words) -> Words:
        """The same, with words of another in place of those that nobody has said."""
        return Words(self.thing or other.thing, self.anomaly or other.anomaly)

    @property
    def things(self) -> str:
        """Several of what an image shows."""
        return f"{self.thing}s"


def numbered(count: int, thing: str) -> str:
    """So many of a thing.

    Example:
        >>> numbered(1, "image"), numbered(2000, "image")
        ('1 image', '2,000 images')
    """
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


CELLS = Words("cell", "infected")
IMAGES = Words("image", "anomalous")
NOTHING_SAID = Words()
