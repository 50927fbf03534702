"""Boxes from a file instead of a segmenter: CSV, COCO, BBBC041, IML, Pascal VOC or YOLO."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from pathlib import Path, PurePosixPath

from normocyte.core.errors import ImageError
from normocyte.core.inputs.signatures import ENDINGS
from normocyte.core.messages import ndeferred
from normocyte.core.types import CellKind, Flags, Image8, SegmentedCell
from normocyte.segmentation.boxes import files
from normocyte.segmentation.boxes.box import Box
from normocyte.segmentation.support.annotations import annotations_of, painted_over
from normocyte.segmentation.support.crop import box_masks

_SMALLEST = 3
_KINDS = {
    CellKind.LEUCOCYTE: ("leukocyte", "leukocytes", "leucocytes", "wbc", "whitebloodcell", "whitebloodcells"),
    CellKind.PLATELET: ("platelets", "thrombocyte", "thrombocytes"),
}
KINDS = {plain: kind for kind, others in _KINDS.items() for plain in others} | {
    kind.replace("_", ""): kind for kind in CellKind
}
"""What a file calls the kinds, in small letters without spaces, `_` and `-`; all else is a red cell."""


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
        shared = {name: _shared(name.split("/"), parts) for name in self._candidates(parts[-1])}
        most = max(shared.values(), default=0)
        found = [name for name, count in shared.items() if count == most]
        if not found:
            known = ", ".join(sorted(self.photos)[:3]) or "none"
            raise ImageError(
                f"{self.source} has no boxes for '{parts[-1]}', but for {known}; check the file names."
            )
        if len(found) > 1:
            raise ImageError(
                f"{self.source} has boxes for {found[0]} and {found[1]}, but which of them is '{photo}' "
                "is not known; name the photos in it with their folders."
            )
        return found[0]

    def _candidates(self, file_name: str) -> list[str]:
        """The names of this file name; one without an ending, as those of YOLO, stands for every ending."""
        stem = PurePosixPath(file_name).stem
        plain = [name for name in self._by_file.get(stem, ()) if _ending(name) not in ENDINGS]
        return self._by_file.get(file_name) or plain

    @cached_property
    def _by_file(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self.photos:
            found.setdefault(PurePosixPath(name).name, []).append(name)
        return found


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _shared(name: Sequence[str], photo: Sequence[str]) -> int:
    """How many folders right above the file two paths have in common."""
    pairs = zip(reversed(name[:-1]), reversed(photo[:-1]), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def read_boxes(path: Path) -> Boxes:
    """The boxes of a .csv, .json, .xml or .txt file, or of all such files of a folder.

    DatasetError for a file that is missing, damaged, of another form, or larger than 256 MB.
    """
    return Boxes(files.read(path), path)


def box_files(path: Path) -> list[Path]:
    """The files that the boxes at a path are read from; DatasetError for a folder without any."""
    return files.files_of(path)


def kind_of(name: str) -> CellKind:
    """What a file calls a kind, `WBC` for instance; what is not known, such as `ring`, is a red cell."""
    return KINDS.get("".join(name.casefold().split()).replace("_", "").replace("-", ""), CellKind.RED_CELL)


def boxed_cells(pixels: Image8, boxes: list[Box]) -> list[SegmentedCell]:
    """Cells from boxes, clipped to the picture; slivers, as `slivers_said` tells them, are left out.

    A cell under a burned-in bar or text cannot be assessed, as where a segmenter finds it. ImageError where
    every box is a sliver: they are of another picture.
    """
    height, width = pixels.shape[:2]
    once = {(box.x, box.y, box.width, box.height): box for box in boxes}  # a box that stands twice is one
    kept = [(box, _clipped(box, width, height)) for box in once.values()]
    kept = [(box, clipped) for box, clipped in kept if _is_whole(clipped)]
    if boxes and not kept:
        raise ImageError(f"{slivers_said(boxes, width, height)} Give boxes of this picture.")
    burnt = annotations_of(pixels).mask
    masks = box_masks(painted_over(pixels, burnt), [clipped for _, clipped in kept])
    cells = (
        SegmentedCell(x, y, mask, kind_of(box.kind))
        for (box, (x, y, _, _)), mask in zip(kept, masks, strict=True)
    )
    return [_told(cell, burnt) for cell in cells]


def slivers_said(boxes: Sequence[Box], width: int, height: int) -> str:
    """How many boxes have fewer than 3 x 3 pixels in a picture of this size; empty where none has."""
    slivers = [box for box in boxes if not _is_whole(_clipped(box, width, height))]
    if not slivers:
        return ""
    first = slivers[0].in_pixels(width, height)
    return ndeferred(
        "{part} of {boxes} boxes has fewer than {least} pixels in the picture of {size} and is left out, "
        "such "
        "as that at ({x}, {y}) of {box}.",
        "{part} of {boxes} boxes have fewer than {least} pixels in the picture of {size} and are left out, "
        "such "
        "as that at ({x}, {y}) of {box}.",
        len(slivers),
        part=len(slivers),
        boxes=len(boxes),
        least=f"{_SMALLEST} x {_SMALLEST}",
        size=f"{width} x {height}",
        x=f"{first.x:g}",
        y=f"{first.y:g}",
        box=f"{first.width:g} x {first.height:g}",
    )


def _told(cell: SegmentedCell, burnt: Flags) -> SegmentedCell:
    """The cell, marked as covered where it lies under what is burnt in."""
    window = burnt[cell.y : cell.y + cell.height, cell.x : cell.x + cell.width]
    is_mark = cell.kind is CellKind.ANNOTATION
    is_under = not is_mark and bool((window & cell.mask).any())
    return replace(cell, is_covered=is_under)


def _clipped(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, width and height of what lies in a picture of this size."""
    own = box.in_pixels(width, height)
    left, top = max(0, round(own.x)), max(0, round(own.y))
    right, bottom = min(width, round(own.x + own.width)), min(height, round(own.y + own.height))
    return left, top, right - left, bottom - top


def _is_whole(clipped: tuple[int, int, int, int]) -> bool:
    return min(clipped[2:]) >= _SMALLEST
