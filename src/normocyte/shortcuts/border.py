"""Whether an image has a frame: a step at the same distance from all sides, or padding."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, final

import numpy as np

from normocyte.core.inputs.stored import StoredImage
from normocyte.core.types import Floats, Image8, Table
from normocyte.shortcuts.contract import Shortcut

_DEPTHS_PX = 10
_FRAME_PX = 4
_FLAT = 2


@final
class Border(Shortcut):
    """Steps of gray levels at 1 to 10 px from the sides, the frame against the inside, and padding.

    A step is the mean over the four sides of the median between neighbouring lines, outside less inside. The
    frame is 4 px wide. Padding is the share of outer lines, of all, that have one gray level.
    """

    title: ClassVar[str] = "border"
    measures: ClassVar[tuple[str, ...]] = (
        *(f"step {depth} px from the border" for depth in range(1, _DEPTHS_PX + 1)),
        "frame against inside",
        "width of the padding",
    )

    def measure(self, image: StoredImage) -> Sequence[float]:
        """The steps and the difference in gray levels, and the share of padding."""
        steps = np.mean([_steps(lines) for lines in _sides(image.gray)], axis=0)
        return *steps.tolist(), _frame(image.gray), _padding(image.gray)


def _sides(gray: Image8) -> Iterator[Table]:
    """The 11 outer lines of each side, (lines, pixels), the outermost first, without the corners."""
    for plane in (gray, gray[::-1], gray.T, gray.T[::-1]):
        corner = min(_DEPTHS_PX, plane.shape[1] // 4)
        yield plane[: _DEPTHS_PX + 1, corner : plane.shape[1] - corner].astype(np.float64)


def _steps(lines: Table) -> Floats:
    """How much each line is brighter than the next one further in, (10,); 0 beyond a small image."""
    steps = np.median(lines[:-1] - lines[1:], axis=1)
    return np.pad(steps, (0, _DEPTHS_PX - len(steps)))


def _frame(gray: Image8) -> float:
    inside = gray[_FRAME_PX:-_FRAME_PX, _FRAME_PX:-_FRAME_PX]
    if not inside.size:
        return 0.0
    whole, own = float(gray.sum()), float(inside.sum())
    return (whole - own) / (gray.size - inside.size) - own / inside.size


def _padding(gray: Image8) -> float:
    """The share of lines of one gray level at the sides; all of an image of one gray level."""
    counts = [_flat_lines(plane) for plane in (gray, gray[::-1], gray.T, gray.T[::-1])]
    return min(1.0, sum(counts) / sum(gray.shape))


def _flat_lines(plane: Image8) -> int:
    """How many lines from the first on have one gray level."""
    is_flat = np.ptp(plane, axis=1) <= _FLAT
    return len(is_flat) if is_flat.all() else int(np.argmin(is_flat))
