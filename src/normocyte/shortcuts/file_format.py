"""Which format a file has."""

import math
from collections.abc import Sequence
from typing import ClassVar, final

from normocyte.core.inputs.stored import StoredImage
from normocyte.shortcuts.contract import Shortcut

_FORMATS = ("PNG", "JPEG", "TIFF", "WebP", "BMP", "DICOM", "HEIC", "AVIF")


@final
class FileFormat(Shortcut):
    """1 for the format of the file, 0 for each other: what few healthy images have is far from them."""

    title: ClassVar[str] = "file format"
    measures: ClassVar[tuple[str, ...]] = tuple(f"file format {name}" for name in _FORMATS)

    def measure(self, image: StoredImage) -> Sequence[float]:
        """One number a format; NaN for an image that is in memory only."""
        if image.file is None:
            return [math.nan] * len(_FORMATS)
        return [float(image.file.format == name) for name in _FORMATS]
