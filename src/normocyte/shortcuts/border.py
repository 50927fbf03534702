"""Whether an image has a frame: a step at the same distance from all sides, or padding."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, final

import numpy as np

from normocyte.core.stored import StoredImage
from normocyte.core.types import Floats, Image8, Table
from normocyte.shortcuts.contract import Shortcut

_DEPTH_PX = 16
_FRAME_PX = 4
_FLAT = 2


@final
class Border(Shortcut):
    """The strongest step at one distance from the sides, the frame against the inside, and padding.

    The step is the mean over the four sides of the median between neighbouring lines, up to 16 px deep. The
    frame is 4 px wide. Padding is the share of outer lines, of all, that have one gray level.
    """

    title: ClassVar[str] = "border"
    measures: ClassVar[tuple[str, ...]] = (
        "step at the border",
        "border against inside",
        "width of the padding",
    )

    def measure(self, image: StoredImage) -> Sequence[float]:
        """Step and difference in gray levels, outside less inside, and the share of padding."""
        steps = np.mean([_steps(lines) for lines in _sides(image.gray)], axis=0)
        return float(steps[np.argmax(np.abs(steps))]), _frame(image.gray), _padding(image.gray)


def _sides(gray: Image8) -> Iterator[Table]:
    """The outer lines of each side, (lines, pixels), the outermost first, without the corners."""
    depth = max(1, min(_DEPTH_PX, min(gray.shape) // 4))
    for plane in (gray, gray[::-1], gray.T, gray.T[::-1]):
        yield plane[: depth + 1, depth : plane.shape[1] - depth].astype(np.float64)


def _steps(lines: Table) -> Floats:
    """How much each line is brighter than the next one further in, (lines - 1,)."""
    return np.asarray(np.median(lines[:-1] - lines[1:], axis=1))


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
