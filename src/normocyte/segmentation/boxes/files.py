"""Which files boxes come in, and who reads each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from normocyte.core.errors import DatasetError
from normocyte.core.inputs.texts import is_workbook, read_text
from normocyte.segmentation.boxes.box import Box, Photos, box_of, gathered, name_of, number_of, with_empty
from normocyte.segmentation.boxes.json_files import read_json
from normocyte.segmentation.boxes.text_files import CLASSES, classes_file, read_csv, read_yolo

_MOST_BYTES = 256 * 2**20
_FOLDERS = (".xml", ".txt", ".json", ".csv")
_KNOWN = ".csv, .tsv (photo,x,y,width,height), .json (COCO, BBBC041 or IML), .xml (Pascal VOC) or .txt (YOLO)"


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
        raise DatasetError(f"{path} is damaged: {error}; export it anew.") from error
    photo = name_of(root.findtext("filename"), str(path))
    found = gathered((photo, _voc_box(item, path)) for item in root.iter("object"))
    return with_empty([photo], found)


def _voc_box(item: ElementTree.Element, path: Path) -> Box:
    """A box whose first pixel is 1 and whose last pixel counts, as in Pascal VOC."""
    place = f"{path}, box '{item.findtext('name') or ''}'"
    sides = [item.findtext(f"bndbox/{side}") for side in ("xmin", "ymin", "xmax", "ymax")]
    left, top, right, bottom = (number_of(side, place) for side in sides)
    return box_of([left - 1, top - 1, right - left + 1, bottom - top + 1], item.findtext("name"), place)
