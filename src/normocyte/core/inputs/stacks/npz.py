"""A `.npz` in the layout of MedMNIST: `train_images`, `train_labels`, and the same of val and test.

Source: Yang and others, MedMNIST v2 (2023). Pickled arrays are refused, because a pickle can run code.
"""

import re
import tokenize
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import DatasetError, ImageError
from normocyte.core.inputs.floats import NoPicture, in_8_bits
from normocyte.core.types import Image8, Source

PARTS = ("train", "val", "test")
_DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    SyntaxError,
    MemoryError,
    NotImplementedError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
_SPELLED = re.compile(r"(.+\.npz)(?::(.+))?", re.IGNORECASE)
_GRAY, _COLOUR = 3, 4


@dataclass(frozen=True)
class Arrays:
    """The images and labels of one part: (n, height, width[, 3]) of any type, and (n, labels)."""

    images: npt.NDArray[np.generic]
    labels: npt.NDArray[np.integer]

    @property
    def classes(self) -> list[str]:
        """The class of each image; of several labels at once those that are 1, such as 0+3, or none."""
        if self.labels.shape[1] == 1:
            return [str(label) for label in self.labels[:, 0].tolist()]
        return ["+".join(map(str, np.flatnonzero(row))) or "none" for row in self.labels]


def arrays(path: Path) -> dict[str, Arrays]:
    """What is there of each part; DatasetError says what is wrong with the file."""
    try:
        found = path.stat()
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror or error}. Check the path.") from error
    return _kept(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=1)
def _kept(path: Path, changed: int, size: int) -> dict[str, Arrays]:  # noqa: ARG001 - read anew when changed
    try:
        if not zipfile.is_zipfile(path):
            raise zipfile.BadZipFile  # numpy would read it as one array
        with np.load(path, allow_pickle=False) as file:
            parts = [part for part in PARTS if f"{part}_images" in file]
            read = {part: _arrays(path, part, file) for part in parts}
    except _DAMAGE as error:
        raise DatasetError(_why(path, error)) from error
    if not read:
        raise DatasetError(
            f"{path} has no images in the layout of MedMNIST; store them as the arrays train_images and "
            "train_labels."
        )
    return read


def _why(path: Path, error: Exception) -> str:
    if isinstance(error, MemoryError):
        return f"{path} needs more memory than there is; cut it into pieces."
    return f"{path} is a damaged .npz, or none: it cannot be read; copy or download it again."


def _arrays(path: Path, part: str, file: np.lib.npyio.NpzFile) -> Arrays:
    if f"{part}_labels" not in file:
        raise DatasetError(f"{path} has {part}_images but no {part}_labels; store the class of each image.")
    images, labels = (_plain(path, f"{part}_{what}", file) for what in ("images", "labels"))
    labels = labels.reshape(len(labels), -1) if labels.size else labels.reshape(0, 1)
    is_picture = images.ndim == _GRAY or (images.ndim == _COLOUR and images.shape[3] == _COLOUR - 1)
    if not is_picture:
        shape = " x ".join(map(str, images.shape))
        raise DatasetError(
            f"{path} has {part}_images of {shape}; give n x height x width, and x 3 for colours."
        )
    if len(images) != len(labels):
        raise DatasetError(f"{path} has {len(images):,} {part}_images but {len(labels):,} {part}_labels.")
    if images.dtype.kind not in "uibf" or labels.dtype.kind not in "uib":
        raise DatasetError(
            f"{path} has {part}_images of the type {images.dtype} and {part}_labels of {labels.dtype}; give "
            "numbers, and whole ones as labels."
        )
    return Arrays(images, labels.astype(np.int64))


def _plain(path: Path, name: str, file: np.lib.npyio.NpzFile) -> npt.NDArray[np.generic]:
    """An array of the file; DatasetError for one of pickled objects."""
    with zipfile.ZipFile(path) as archive, archive.open(f"{name}.npy") as stream:
        is_first = np.lib.format.read_magic(stream) == (1, 0)
        read = np.lib.format.read_array_header_1_0 if is_first else np.lib.format.read_array_header_2_0
        kind = read(stream)[2]
    if kind.hasobject:
        raise DatasetError(
            f"{path} holds pickled objects, which can run code, and is refused; store arrays of numbers."
        )
    return np.asarray(file[name])


def spelled(path: Path) -> tuple[Path, tuple[str, ...]]:
    """The file and the classes that a path such as `cells.npz:0,2` means; no class where it names none."""
    found = _SPELLED.fullmatch(path.name)
    if not found or not found[2]:
        return path, ()
    return path.with_name(found[1]), tuple(one.strip() for one in found[2].split(","))


def classes_in(path: Path) -> dict[str, str]:
    """The class of each picture, by its name, in order."""
    return {
        name_of(part, row): one for part, own in arrays(path).items() for row, one in enumerate(own.classes)
    }


def check_classes(path: Path, asked: Sequence[str]) -> None:
    """DatasetError where the file has none of a class, with those it has."""
    held = Counter(classes_in(path).values())
    if not held:
        raise DatasetError(f"{path} has arrays of images, but all of them are empty; give images.")
    lacking = [one for one in asked if one not in held]
    there = ", ".join(f"{one} ({count:,} images)" for one, count in sorted(held.items(), key=_by_number))
    if lacking:
        raise DatasetError(f"{path} has no class '{lacking[0]}'; choose of those it has: {there}.")
    if not asked:
        first = min(held, key=lambda one: _by_number((one, 0)))
        raise DatasetError(
            f"{path} does not say which class is healthy; put it after the name, as '{path.name}:{first}'. "
            f"It has the classes {there}."
        )


def _by_number(held: tuple[str, int]) -> tuple[int, str]:
    return int(held[0]) if held[0].isdecimal() else -1, held[0]


def names(path: Path) -> list[str]:
    """What each picture of the classes that the path names is called, in order; of all without any."""
    file, asked = spelled(path)
    if asked:
        check_classes(file, asked)
    return [name for name, one in classes_in(file).items() if not asked or one in asked]


def name_of(part: str, row: int) -> str:
    """What the picture in this row of a part is called."""
    return f"{part}_{row:05}"


def picture(source: Source) -> Image8 | None:
    """One picture; None where there is none of its name, ImageError where it holds no picture."""
    part, _, row = source.member.partition("_")
    own = arrays(source.path).get(part)
    if own is None or not row.isdecimal() or int(row) >= len(own.images):
        return None
    return _in_8_bits(own.images[int(row)], source)


def _in_8_bits(stored: npt.NDArray[np.generic], source: Source) -> Image8:
    """Bytes as they are, 16 bits by their full range, and floats of 0 to 1 or 0 to 255."""
    if stored.dtype == np.uint8:
        return np.asarray(stored, np.uint8)
    if stored.dtype == np.uint16:
        return np.asarray((stored.astype(np.uint32) + 128) // 257, np.uint8)
    try:
        return in_8_bits(stored)
    except NoPicture as fault:
        raise ImageError(f"{source} {fault}.") from fault
