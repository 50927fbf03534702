"""Boxes in text: a CSV table of photo,x,y,width,height, and one file of YOLO for each photo."""

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from normocyte.core.errors import DatasetError
from normocyte.core.inputs.tables import Column, Faults, Table, table_of
from normocyte.core.inputs.tables import Row as TableRow
from normocyte.core.inputs.texts import read_text
from normocyte.segmentation.boxes.box import Box, Photos, Row, gathered, name_of, number_of

_SIDES = ("x", "y", "width", "height")
_COLUMNS = (
    Column("photo", ("path", "file", "filename", "image", "imagename", "imagepath", "photoname")),
    Column("x", ("left",)),
    Column("y", ("top",)),
    Column("width", ("w",)),
    Column("height", ("h",)),
    Column("kind", ("label", "class", "type", "category"), is_needed=False),
)
_ADVICE = "give the columns photo, x, y, width, height, and kind if it is known"

_ABOVE = "data.yaml"
CLASSES = ("classes.txt", "obj.names", _ABOVE)
"""The files that name the classes of YOLO, beside its files; the last one up to two folders above, too."""

_CLASS = re.compile(r"[0-9]{1,6}")
_ITEM = re.compile(r"^\s*(?:-\s+|\d+\s*:\s*)")
_BOX, _SURE, _CORNERS = 5, 6, 7
_LEAST, _MOST = -1.0, 2.0


def read_csv(text: str, path: Path) -> Photos:
    """The boxes of a table; DatasetError with all of its faults."""
    table = table_of(text, str(path), _COLUMNS, _ADVICE)
    photos = gathered(found for row in table.rows for found in _table_row(table, row))
    table.faults.raise_all()
    return photos


def _table_row(table: Table, row: TableRow) -> Iterator[Row]:
    """The box of a row; nothing after noting what is wrong with it."""
    wrong = [row[side] for side in _SIDES if not math.isfinite(table.number(row[side]))]
    table.faults.add(row.number, *(f"a side of a box is '{side}'; give a number of pixels" for side in wrong))
    try:
        photo = name_of(row["photo"], "it")
        x, y, width, height = (number_of(table.number(row[side]), "it") for side in _SIDES)
    except DatasetError as error:
        if not wrong:
            table.faults.add(row.number, str(error).rstrip("."))
        return
    yield photo, Box(x, y, width, height, row["kind"])


def read_yolo(text: str, path: Path) -> Photos:
    """The boxes of one photo, which is called as the file is but for its ending.

    Each row: the number of a class, then centre and size in parts of the picture, and perhaps how sure that
    is; or the corners of an outline. DatasetError with all faults, and where no file names several classes.
    """
    faults = Faults(str(path))
    names = _class_names(path)
    boxes = [
        box for number, line in enumerate(text.splitlines(), 1) for box in _line(number, line, names, faults)
    ]
    faults.raise_all()
    used = sorted({box.kind for box in boxes})
    if not names and len(used) > 1:
        raise DatasetError(
            f"{path} has the classes {', '.join(used)}, but nothing names them; add {CLASSES[0]} "
            "with a name a line next to it."
        )
    return {path.stem: boxes}


def _line(number: int, line: str, names: Sequence[str], faults: Faults) -> Iterator[Box]:
    """The box of a line; nothing for an empty one, or after noting what is wrong with it."""
    words = line.split()
    if not words:
        return
    try:
        shares = [float(word) for word in words[1:]]
    except ValueError:
        shares = []
    if not _CLASS.fullmatch(words[0]) or (names and int(words[0]) >= len(names)):
        known = f"of 0 to {len(names) - 1}" if names else "such as 0"
        faults.add(number, f"'{words[0]}' is no number of a class {known}")
    elif len(words) < _BOX or (len(words) > _SURE and len(words) % 2 == 0) or len(shares) < len(words) - 1:
        faults.add(number, f"'{line.strip()[:60]}' is not a class and four numbers, or corners")
    elif not all(_LEAST <= share <= _MOST for share in shares):
        faults.add(number, f"'{line.strip()[:60]}' is not in parts of the picture, 0 to 1; write it in those")
    else:
        yield _yolo_box(shares, names[int(words[0])] if names else words[0])


def _yolo_box(shares: Sequence[float], kind: str) -> Box:
    if len(shares) < _CORNERS - 1:
        x, y, width, height = shares[:4]
        return Box(x - width / 2, y - height / 2, width, height, kind, is_share=True)
    left, top = min(shares[::2]), min(shares[1::2])
    return Box(left, top, max(shares[::2]) - left, max(shares[1::2]) - top, kind, is_share=True)


def classes_file(folder: Path) -> Path | None:
    """The file that names the classes of the files of YOLO in a folder, if there is one."""
    beside = [folder / name for name in CLASSES]
    above = [place / _ABOVE for place in folder.resolve().parents[:2]]
    return next((place for place in (*beside, *above) if place.is_file()), None)


def _class_names(path: Path) -> list[str]:
    file = classes_file(path.parent)
    if file is None:
        return []
    text = read_text(file, str(file))
    lines = _of_yaml(text) if file.suffix == ".yaml" else text.splitlines()
    return [line.strip() for line in lines if line.strip()]


def _of_yaml(text: str) -> list[str]:
    """The names under `names:` in one of the three ways in which they are written."""
    after = re.split(r"^names\s*:", text, maxsplit=1, flags=re.MULTILINE)[1:]
    listed = re.match(r"\s*[\[{](.*?)[\]}]", after[0], re.DOTALL) if after else None
    if listed:
        items = listed[1].split(",")
    else:
        below = after[0].splitlines()[1:] if after else []
        items = [line for line in below if _ITEM.match(line)]
    return [_ITEM.sub("", item).strip().strip("'\"") for item in items]
