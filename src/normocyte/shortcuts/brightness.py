"""How bright an image is on the whole."""

from collections.abc import Sequence
from typing import ClassVar, final

from normocyte.core.inputs.stored import StoredImage
from normocyte.shortcuts.contract import Shortcut


@final
class Brightness(Shortcut):
    """The mean gray level of all pixels, 0 to 255."""

    title: ClassVar[str] = "mean brightness"
    measures: ClassVar[tuple[str, ...]] = ("mean brightness",)

    def measure(self, image: StoredImage) -> Sequence[float]:
        """The mean."""
        return (float(image.gray.mean()),)
