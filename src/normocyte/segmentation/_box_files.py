"""The three kinds of files that boxes come in."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree

from normocyte.core.errors import ImageError

_COLUMNS = ("photo", "x", "y", "width", "height")
_MOST_BYTES = 64 * 2**20
_IML = ("image_name", "objects", "bbox")


@dataclass(frozen=True, slots=True)
class Box:
    """Left, top, width and height in pixels, and the kind that the file names, empty without one."""

    x: float
    y: float
    width: float
    height: float
    kind: str = ""


Photos = dict[str, list[Box]]
Row = tuple[str, Box]


def read(path: Path) -> Photos:
    """The boxes of a file, or of all .xml files of a folder, by photo."""
    files = sorted(path.glob("*.xml")) if path.is_dir() else [path]
    if not files:
        raise ImageError(f"The folder {path} holds no .xml file; give a folder of Pascal VOC files.")
    photos: Photos = {}
    for file in files:
        for photo, boxes in _reader(file)(_text(file), file).items():
            photos.setdefault(photo, []).extend(boxes)
    return photos


def _reader(path: Path) -> Callable[[str, Path], Photos]:
    readers = {".csv": _csv, ".json": _json, ".xml": _voc}
    if path.suffix.lower() not in readers:
        raise ImageError(f"{path} ends in '{path.suffix}'; boxes are read from .csv, .json or .xml.")
    return readers[path.suffix.lower()]


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ImageError(f"{path} has more than {_MOST_BYTES // 2**20} MB; give smaller files.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ImageError(f"{path} cannot be read: {error.strerror or error}; check the path.") from error
    except UnicodeDecodeError as error:
        raise ImageError(f"{path} is not UTF-8 text, at byte {error.start}; save it as UTF-8.") from error


def _csv(text: str, path: Path) -> Photos:
    table = csv.DictReader(io.StringIO(text))
    columns = table.fieldnames or []
    missing = [name for name in _COLUMNS if name not in columns]
    if missing:
        raise ImageError(
            f"{path} has no column {', '.join(missing)}, but {', '.join(columns) or 'none'}; "
            f"give the columns {', '.join(_COLUMNS)}, and kind if it is known."
        )
    return _gathered(_csv_row(row, f"{path}, line {table.line_num}") for row in table)


def _csv_row(row: dict[str, Any], place: str) -> Row:
    return _name(row["photo"], place), _box([row[name] for name in _COLUMNS[1:]], row.get("kind"), place)


def _json(text: str, path: Path) -> Photos:
    try:
        content = json.loads(text)
        photos = [(entry["image_name"], entry["objects"]) for entry in content]
        return _with_empty(
            [_name(photo, str(path)) for photo, _ in photos],
            _gathered(_iml_row(photo, item, path) for photo, items in photos for item in items),
        )
    except json.JSONDecodeError as error:
        raise ImageError(f"{path} is damaged at line {error.lineno}: {error.msg}; export it anew.") from error
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ImageError(
            f"{path} is not of the IML form ({error}); give a list of objects with {', '.join(_IML)}."
        ) from error


def _iml_row(photo: str, item: dict[str, Any], path: Path) -> Row:
    sides = [item["bbox"][side] for side in ("x", "y", "w", "h")]
    return _name(photo, str(path)), _box(sides, item.get("type"), f"{path}, {photo}")


def _voc(text: str, path: Path) -> Photos:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ImageError(f"{path} declares a DOCTYPE or an entity, which is refused; export it without.")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ImageError(f"{path} is damaged: {error}; export it anew.") from error
    photo = _name(root.findtext("filename"), str(path))
    found = _gathered((photo, _voc_box(item, path)) for item in root.iter("object"))
    return _with_empty([photo], found)


def _voc_box(item: ElementTree.Element, path: Path) -> Box:
    """A box whose first pixel is 1 and whose last pixel counts, as in Pascal VOC."""
    place = f"{path}, box '{item.findtext('name') or ''}'"
    sides = [item.findtext(f"bndbox/{side}") for side in ("xmin", "ymin", "xmax", "ymax")]
    left, top, right, bottom = (_number(side, place) for side in sides)
    return _box([left - 1, top - 1, right - left + 1, bottom - top + 1], item.findtext("name"), place)


def _box(sides: Iterable[Any], kind: Any, place: str) -> Box:
    x, y, width, height = (_number(side, place) for side in sides)
    if min(width, height) <= 0:
        raise ImageError(f"{place}: a box is {width:g} x {height:g} pixels; both sides must be above 0.")
    return Box(x, y, width, height, str(kind or "").strip())


def _number(value: Any, place: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise ImageError(f"{place}: a side of a box is '{value}'; give a number of pixels.")
    return number


def _name(photo: Any, place: str) -> str:
    """The name of a photo with the folders that the file gives it, with `/` between them."""
    path = PurePosixPath(str(photo or "").strip().replace("\\", "/"))
    if not path.name:
        raise ImageError(f"{place} names no photo but '{photo or ''}'; give the file name of the photo.")
    return path.as_posix()


def _gathered(rows: Iterable[Row] | Iterator[Row]) -> Photos:
    photos: Photos = {}
    for photo, box in rows:
        photos.setdefault(photo, []).append(box)
    return photos


def _with_empty(names: Iterable[str], photos: Photos) -> Photos:
    """The boxes with the photos that have none."""
    return {name: photos.get(name, []) for name in names}
