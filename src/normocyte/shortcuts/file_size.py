"""How many bytes a file has for each pixel."""

import math
from collections.abc import Sequence
from typing import ClassVar, final

from normocyte.core.inputs.stored import StoredImage
from normocyte.shortcuts.contract import Shortcut


@final
class FileSize(Shortcut):
    """The logarithm of the bytes of the file for each pixel.

    A file is small where an image is smooth, dark or strongly compressed.
    """

    title: ClassVar[str] = "file size"
    measures: ClassVar[tuple[str, ...]] = ("file size in bytes a pixel",)

    def measure(self, image: StoredImage) -> Sequence[float]:
        """The logarithm; NaN for an image that is in memory only."""
        if image.file is None:
            return (math.nan,)
        return (math.log(max(1, image.file.size_bytes) / image.gray.size),)
