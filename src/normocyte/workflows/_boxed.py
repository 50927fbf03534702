"""Boxes of a file for photos, where each photo has its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from normocyte.core.errors import DatasetError, ImageError
from normocyte.core.types import Source
from normocyte.segmentation._boxes import Boxes, read_boxes
from normocyte.workflows._map_names import parts_of


def boxes_of(place: Path, photos: Sequence[Source]) -> Boxes:
    """The boxes of a file for these photos, none for the empty path.

    DatasetError for a file that holds none, and for photos of one file name to which it gives the same boxes.
    """
    if not place.name:
        return Boxes({}, place)
    try:
        boxes = read_boxes(place)
    except ImageError as error:
        raise DatasetError(str(error)) from error
    _need_their_own(boxes, photos)
    return boxes


def path_of(source: Source) -> str:
    """The whole path of a photo with `/`, a zip as a folder."""
    return "/".join(parts_of(source))


def _need_their_own(boxes: Boxes, photos: Sequence[Source]) -> None:
    owner: dict[str, Source] = {}
    for photo in photos:
        try:
            name = boxes.named(path_of(photo))
        except ImageError:
            continue  # the row of this photo will say so
        other = owner.setdefault(name, photo)
        if path_of(other) != path_of(photo):
            raise DatasetError(
                f"{boxes.source} has the same boxes, those of '{name}', for {other} and {photo}; "
                "name the photos in it with their folders."
            )
