"""Which colour an image has on the whole."""

from collections.abc import Sequence
from typing import ClassVar, final

from normocyte.core.inputs.stored import StoredImage
from normocyte.shortcuts.contract import Shortcut


@final
class ColourCast(Shortcut):
    """By how many gray levels red and blue exceed green on average, as by another white balance or stain."""

    title: ClassVar[str] = "mean colour"
    measures: ClassVar[tuple[str, ...]] = ("mean of red less green", "mean of blue less green")

    def measure(self, image: StoredImage) -> Sequence[float]:
        """Both differences; 0 for a gray image."""
        red, green, blue = image.pixels.reshape(-1, 3).mean(axis=0).tolist()
        return red - green, blue - green
