"""Boxes from a file instead of a segmenter: a CSV, a JSON of the IML form, or Pascal VOC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from normocyte.core.errors import ImageError
from normocyte.core.types import CellKind, SegmentedCell
from normocyte.segmentation import _box_files
from normocyte.segmentation._annotations import annotations_of, painted_over
from normocyte.segmentation._base import Flags, Image8
from normocyte.segmentation._box_files import Box
from normocyte.segmentation._crop import box_masks
from normocyte.segmentation._regions import UNDER_ANNOTATION

_SMALLEST = 3


@dataclass(frozen=True)
class Boxes:
    """The boxes of each photo, by the photo's file name and the folders that the file names with it."""

    photos: Mapping[str, list[Box]]
    source: Path

    def of(self, photo: str) -> list[Box]:
        """The boxes of one photo, a file name or a path with `/`; ImageError as `named`."""
        return self.photos[self.named(photo)]

    def named(self, photo: str) -> str:
        """What the file calls a photo: of its photos of this file name, the one with most of the folders.

        ImageError when the file names no such photo, or several that the path does not tell apart.
        """
        parts = photo.split("/")
        shared = {name: _shared(name.split("/"), parts) for name in self.photos}
        most = max(shared.values(), default=0)
        found = [name for name, count in shared.items() if count == most > 0]
        if not found:
            known = ", ".join(sorted(self.photos)[:3]) or "none"
            raise ImageError(
                f"{self.source} has no boxes for '{parts[-1]}', but for {known}; check the file names."
            )
        if len(found) > 1:
            raise ImageError(
                f"{self.source} has boxes for {found[0]} and {found[1]}, but which of them is '{photo}' "
                "cannot be told; name the photos in it with their folders."
            )
        return found[0]


def _shared(name: Sequence[str], photo: Sequence[str]) -> int:
    """How many parts two paths end with in common."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(reversed(name), reversed(photo), strict=False))
    return sum(1 for _ in alike)


def read_boxes(path: Path) -> Boxes:
    """The boxes of a .csv, .json or .xml file, or of all .xml files of a folder.

    ImageError, in one sentence, for a file that is missing, damaged, of another form, or larger than 64 MB.
    """
    return Boxes(_box_files.read(path), path)


def boxed_cells(pixels: Image8, boxes: list[Box]) -> list[SegmentedCell]:
    """Cells from boxes, clipped to the picture; kinds that are not in `CellKind` become `red_cell`.

    A cell under a burned-in bar or text cannot be assessed, as where a segmenter finds it. ImageError for a
    box that lies outside, or of which fewer than 3 x 3 pixels are in the picture.
    """
    clipped = [_clipped(box, pixels.shape[1], pixels.shape[0]) for box in boxes]
    burnt = annotations_of(pixels).mask
    masks = box_masks(painted_over(pixels, burnt), clipped)
    kinds = [CellKind(box.kind) if box.kind in set(CellKind) else CellKind.RED_CELL for box in boxes]
    cells = (
        SegmentedCell(x, y, mask, kind)
        for (x, y, _, _), mask, kind in zip(clipped, masks, kinds, strict=True)
    )
    return [_told(cell, burnt) for cell in cells]


def _told(cell: SegmentedCell, burnt: Flags) -> SegmentedCell:
    """The cell with its reason where it lies under what is burnt in."""
    window = burnt[cell.y : cell.y + cell.height, cell.x : cell.x + cell.width]
    is_mark = cell.kind is CellKind.ANNOTATION
    is_under = not is_mark and bool((window & cell.mask).any())
    return replace(cell, reason=UNDER_ANNOTATION) if is_under else cell


def _clipped(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    left, top = max(0, round(box.x)), max(0, round(box.y))
    right, bottom = min(width, round(box.x + box.width)), min(height, round(box.y + box.height))
    if min(right - left, bottom - top) < _SMALLEST:
        raise ImageError(
            f"The box at ({box.x:g}, {box.y:g}) of {box.width:g} x {box.height:g} pixels has fewer than "
            f"{_SMALLEST} x {_SMALLEST} in the picture of {width} x {height}; give boxes of this picture."
        )
    return left, top, right - left, bottom - top
