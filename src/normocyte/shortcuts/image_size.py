"""How large an image is, and how much wider than high."""

import math
from collections.abc import Sequence
from typing import ClassVar, final

from normocyte.core.inputs.stored import StoredImage
from normocyte.shortcuts.contract import Shortcut


@final
class ImageSize(Shortcut):
    """The logarithms of the number of pixels and of width by height."""

    title: ClassVar[str] = "image size"
    measures: ClassVar[tuple[str, ...]] = ("image size in pixels", "width by height")

    def measure(self, image: StoredImage) -> Sequence[float]:
        """Both logarithms."""
        height, width = image.gray.shape
        return math.log(width * height), math.log(width / height)
