"""Which files boxes come in, who reads each, and the readers of JSON and of Pascal VOC."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from normocyte.core.errors import DatasetError
from normocyte.core.inputs.texts import is_workbook, read_text
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
from normocyte.segmentation.boxes.text_files import CLASSES, classes_file, read_csv, read_yolo

_MOST_BYTES = 256 * 2**20
_FOLDERS = (".xml", ".txt", ".json", ".csv")
_KNOWN = ".csv, .tsv (photo,x,y,width,height), .json (COCO, BBBC041 or IML), .xml (Pascal VOC) or .txt (YOLO)"
_FORMS = (
    "COCO (images, annotations with bbox), BBBC041 (a list with image and objects, each with bounding_box) "
    "or IML (a list with image_name and objects, each with bbox)"
)
_FAULTS = (KeyError, TypeError, AttributeError, ValueError, RecursionError)

Content = dict[str, Any]


def read(path: Path) -> Photos:
    """The boxes of a file, or of all files of a folder, by photo."""
    photos: Photos = {}
    for file in _files(path):
        for photo, boxes in _reader(file)(read_text(file, str(file), _MOST_BYTES), file).items():
            photos.setdefault(photo, []).extend(boxes)
    return photos


def files_of(path: Path) -> list[Path]:
    """Every file that the boxes at a path depend on."""
    found = _files(path)
    classes = {classes_file(file.parent) for file in found if file.suffix.lower() == ".txt"}
    return [*found, *sorted(file for file in classes if file)]


def _files(path: Path) -> list[Path]:
    """The file itself, or the files of a folder, all of one ending."""
    if not path.is_dir():
        return [path]
    found = {ending: _of_ending(path, ending) for ending in _FOLDERS}
    present = {ending: files for ending, files in found.items() if files}
    if not present:
        raise DatasetError(f"The folder {path} holds no file of boxes; give {_KNOWN}.")
    if len(present) > 1:
        counts = " and ".join(f"{len(files)} {ending}" for ending, files in present.items())
        raise DatasetError(f"The folder {path} holds {counts} files; keep those of one ending there.")
    return next(iter(present.values()))


def _of_ending(folder: Path, ending: str) -> list[Path]:
    named = sorted(file for file in folder.iterdir() if file.suffix.lower() == ending and file.is_file())
    return [file for file in named if not _is_beside(file.name)]


def _is_beside(name: str) -> bool:
    """True for what lies beside files of YOLO and holds no boxes."""
    return name.startswith(".") or name in CLASSES or name.lower().startswith("readme")


def _reader(path: Path) -> Callable[[str, Path], Photos]:
    readers = {".csv": read_csv, ".tsv": read_csv, ".json": read_json, ".xml": _voc, ".txt": read_yolo}
    if is_workbook(path):
        return read_csv
    if path.suffix.lower() not in readers:
        raise DatasetError(f"{path} ends in '{path.suffix}'; boxes are read from {_KNOWN}.")
    return readers[path.suffix.lower()]


def _voc(text: str, path: Path) -> Photos:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise DatasetError(f"{path} declares a DOCTYPE or an entity, which is refused; export it without.")
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        raise DatasetError(f"{path} is damaged: {error}; export it again.") from error
    photo = name_of(root.findtext("filename"), str(path))
    found = gathered((photo, _voc_box(item, path)) for item in root.iter("object"))
    return with_empty([photo], found)


def _voc_box(item: ElementTree.Element, path: Path) -> Box:
    """A box whose first pixel is 1 and whose last pixel counts, as in Pascal VOC."""
    place = f"{path}, box '{item.findtext('name') or ''}'"
    sides = [item.findtext(f"bndbox/{side}") for side in ("xmin", "ymin", "xmax", "ymax")]
    left, top, right, bottom = (number_of(side, place) for side in sides)
    return box_of([left - 1, top - 1, right - left + 1, bottom - top + 1], item.findtext("name"), place)


def read_json(text: str, path: Path) -> Photos:
    """The boxes of a file of one of the three forms; DatasetError for anything else."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise DatasetError(
            f"{path} is damaged at line {error.lineno}: {error.msg}; export it again."
        ) from error
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{path} is damaged or nested too deeply; export it again.") from error
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
