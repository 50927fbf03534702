"""Boxes of a file for photos, where each photo has its own."""

from collections.abc import Sequence
from pathlib import Path

from normocyte.core.errors import DatasetError, ImageError
from normocyte.core.messages import ndeferred
from normocyte.core.names.safe import parts_of
from normocyte.core.types import Source
from normocyte.datasets.support.checks import first
from normocyte.segmentation.boxes.boxed import Boxes, read_boxes


def boxes_of(place: Path | None, photos: Sequence[Source]) -> Boxes:
    """The boxes of a file for these photos, none without a file.

    DatasetError for a file that cannot be used, and for photos of one file name to which it gives the same
    boxes.
    """
    if place is None:
        return Boxes({}, Path())
    boxes = read_boxes(place)
    _need_their_own(boxes, photos)
    return boxes


def unmatched(boxes: Boxes, photos: Sequence[Source]) -> tuple[str, ...]:
    """Sentences on names in a file of boxes that are of none of these photos, and on photos without boxes."""
    place = boxes.source
    if not place.name:
        return ()
    given = {photo: _name(boxes, photo) for photo in photos}
    strange = sorted(set(boxes.photos) - set(given.values()))
    bare = [str(photo) for photo, name in given.items() if not name]
    said = (
        ndeferred(
            "1 name in {file} is of no photo: {names}.",
            "{part} of {all} names in {file} are of no photo: {names}.",
            len(strange),
            part=len(strange),
            all=len(boxes.photos),
            file=place,
            names=first(strange),
        ),
        ndeferred(
            "1 photo has no boxes in {file}: {names}. Check the file names.",
            "{part} of {all} photos have no boxes in {file}: {names}. Check the file names.",
            len(bare),
            part=len(bare),
            all=len(photos),
            file=place,
            names=first(bare),
        ),
    )
    return tuple(sentence for sentence, found in zip(said, (strange, bare), strict=True) if found)


def path_of(source: Source) -> str:
    """The whole path of a photo with `/`, a zip as a folder."""
    return "/".join(parts_of(source))


def _name(boxes: Boxes, photo: Source) -> str:
    """What the file calls a photo; empty where it does not name it, or does not tell it from another."""
    try:
        return boxes.named(path_of(photo))
    except ImageError:
        return ""


def _need_their_own(boxes: Boxes, photos: Sequence[Source]) -> None:
    owner: dict[str, Source] = {}
    for photo in photos:
        name = _name(boxes, photo)
        if not name:
            continue  # the row of this photo will say so
        other = owner.setdefault(name, photo)
        if path_of(other) != path_of(photo):
            raise DatasetError(
                f"{boxes.source} has the same boxes, those of '{name}', for {other} and {photo}; "
                "name the photos in it with their folders."
            )
