"""Boxes in JSON: COCO, BBBC041 of the Broad Institute, and that of the IML set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from normocyte.core.errors import DatasetError
from normocyte.segmentation.boxes.box import (
    Box,
    Photos,
    Row,
    box_of,
    gathered,
    name_of,
    number_of,
    with_empty,
)

_FORMS = (
    "COCO (images, annotations with bbox), BBBC041 (a list with image and objects, each with bounding_box) "
    "or IML (a list with image_name and objects, each with bbox)"
)
_FAULTS = (KeyError, TypeError, AttributeError, ValueError, RecursionError)

Content = dict[str, Any]


def read_json(text: str, path: Path) -> Photos:
    """The boxes of a file of one of the three forms; DatasetError for anything else."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise DatasetError(
            f"{path} is damaged at line {error.lineno}: {error.msg}; export it anew."
        ) from error
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{path} is damaged or nested too deeply; export it anew.") from error
    try:
        if isinstance(content, dict):
            return _coco(content, str(path))
        return _listed(content, str(path))
    except _FAULTS as error:
        lacks = f", {error} is missing" if isinstance(error, KeyError) else ""
        raise DatasetError(f"{path} has none of the known forms{lacks}; give {_FORMS}.") from error


def _coco(content: Content, path: str) -> Photos:
    """`bbox` is left, top, width and height; names of categories are kinds."""
    names = {image["id"]: name_of(image["file_name"], path) for image in content["images"]}
    kinds = {category["id"]: category.get("name") for category in content.get("categories") or ()}
    return with_empty(names.values(), gathered(_coco_rows(content["annotations"], names, kinds, path)))


def _coco_rows(annotations: Any, names: Content, kinds: Content, path: str) -> Iterator[Row]:
    for number, one in enumerate(annotations, start=1):
        place = f"{path}, annotation {number:,}"
        if one["image_id"] not in names:
            raise DatasetError(f"{place} is of the image {one['image_id']!r}, which is not listed; add it.")
        sides = one["bbox"]
        if not isinstance(sides, list) or len(sides) != 4:  # noqa: PLR2004 - a box has four
            raise DatasetError(f"{place} has the bbox {sides!r}; give left, top, width and height.")
        yield names[one["image_id"]], box_of(sides, kinds.get(one.get("category_id")), place)


def _listed(content: Any, path: str) -> Photos:
    """Photos with their objects, each form told by its names."""
    photos = [_photo(entry, path) for entry in content]
    rows = (
        (photo, (_bounding_box if "bounding_box" in item else _iml_box)(item, f"{path}, {photo}"))
        for photo, items in photos
        for item in items
    )
    return with_empty([photo for photo, _ in photos], gathered(rows))


def _photo(entry: Content, path: str) -> tuple[str, list[Content]]:
    named = entry["image"]["pathname"] if "image" in entry else entry["image_name"]
    return name_of(named, path), entry["objects"]


def _iml_box(item: Content, place: str) -> Box:
    return box_of([item["bbox"][side] for side in ("x", "y", "w", "h")], item.get("type"), place)


def _bounding_box(item: Content, place: str) -> Box:
    """A box of BBBC041 by its first row and column `r`, `c` and those after its last."""
    low, high = item["bounding_box"]["minimum"], item["bounding_box"]["maximum"]
    left, top, right, bottom = (
        number_of(corner[side], place) for corner in (low, high) for side in ("c", "r")
    )
    return box_of([left, top, right - left, bottom - top], item.get("category"), place)
