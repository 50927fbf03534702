"""What a caller gives as images: arrays, paths, folders, zips, or a DataFrame of paths."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias, TypeGuard

import numpy as np
import numpy.typing as npt
import pandas as pd

from normocyte.api.support.checks import check_columns, check_place
from normocyte.api.support.given import Given
from normocyte.core.errors import DatasetError
from normocyte.core.files import write_bytes
from normocyte.core.inputs import zips
from normocyte.core.progress import Progress, Silent
from normocyte.core.types import Image8, Source
from normocyte.images.writing import png_bytes
from normocyte.workflows.scoring.sources import images_of, is_manifest

PATH = "path"
PathLike: TypeAlias = str | os.PathLike[str]
Images: TypeAlias = (
    PathLike | Sequence[PathLike] | npt.NDArray[np.uint8] | Sequence[Image8] | pd.DataFrame | pd.Series
)
"""RGB uint8 arrays (n, height, width, 3), a list of (height, width, 3), paths, or a DataFrame with `path`."""

_KINDS = "give uint8 RGB arrays (n, height, width, 3), paths, or a DataFrame with a column 'path'"


def given(images: Images, progress: Progress) -> Given:
    """The images in one of two forms; DatasetError for what is no image, or not one that can be taken."""
    if isinstance(images, pd.DataFrame):
        return Given(sources=_of_table(images))
    if isinstance(images, str | os.PathLike):
        return Given(sources=_of_paths(_paths([images]), progress))
    if isinstance(images, pd.Series):
        return _of_list(images.tolist(), progress)
    if isinstance(images, np.ndarray):
        return Given(arrays=_of_array(images))
    if isinstance(images, Iterator | bytes | bytearray) or not isinstance(images, Sequence):
        raise DatasetError(f"A {type(images).__name__} is not taken for images; {_KINDS}.")
    return _of_list(images, progress)


def _of_list(images: Sequence[PathLike] | Sequence[Image8], progress: Progress) -> Given:
    if not len(images):
        raise DatasetError(f"An empty list holds 0 images; {_KINDS}.")
    if _are_paths(images):
        return Given(sources=_of_paths(_paths(images), progress))
    if all(isinstance(one, np.ndarray) for one in images):
        return Given(arrays=tuple(_one(np.asarray(one)) for one in images))
    kinds = sorted({type(one).__name__ for one in images})
    raise DatasetError(f"A list of {' and '.join(kinds)} is not taken for images; {_KINDS}.")


def _are_paths(images: Images) -> TypeGuard[Sequence[PathLike]]:
    return (
        isinstance(images, Sequence)
        and len(images) > 0
        and all(isinstance(one, str | os.PathLike) for one in images)
    )


def photos_of(photos: Images, folder: Path) -> list[Path]:
    """Photos as paths; arrays are written into the folder as PNG files, which hold every pixel."""
    if isinstance(photos, str | os.PathLike):
        return _paths([photos])
    if _are_paths(photos):
        return _paths(photos)  # folders and zips among them are listed later
    taken = given(photos, Silent())
    for place, image in enumerate(taken.arrays):
        write_bytes(folder / f"photo_{place:03d}.png", png_bytes(image))
    return [source.path for source in taken.sources] or sorted(folder.glob("photo_*.png"))


def title_of(photos: Sequence[Path], drawn: Path) -> str:
    """What a report on these photos is called: by the folder that holds them all, or by their number."""
    folders = {photo.absolute() if photo.is_dir() else photo.absolute().parent for photo in photos}
    if len(photos) == 1 and zips.is_zip(photos[0]):
        return photos[0].stem
    name = "" if drawn in folders or len(folders) > 1 else next(iter(folders)).name
    return name or f"{len(photos)} photo{'s' if len(photos) > 1 else ''}"


def _paths(given: Sequence[PathLike]) -> list[Path]:
    for one in given:
        check_place(one, "An image", DatasetError)
    return [Path(one) for one in given]


def _of_paths(paths: Sequence[Path], progress: Progress) -> tuple[Source, ...]:
    """Each file that was named stays one row, also twice; folders and zips are listed."""
    if len(paths) > 1 and all(map(_is_image_file, paths)):
        return tuple(map(Source, paths))
    found = images_of(paths)
    progress.tell(found.passed_over.sentence)
    return found.images


def _is_image_file(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() != ".zip" and not is_manifest(path)


def _of_table(table: pd.DataFrame) -> tuple[Source, ...]:
    if PATH not in table.columns:
        columns = ", ".join(map(str, table.columns)) or "none"
        raise DatasetError(f"The DataFrame has no column 'path' (its columns: {columns}); name one so.")
    check_columns(table)
    if not len(table):
        raise DatasetError("The DataFrame has 0 rows; give one row an image.")
    missing = table.index[table[PATH].isna()].tolist()
    if missing:
        raise DatasetError(f"Row {missing[0]} of the DataFrame has no path; give one or drop the row.")
    for row, path in zip(table.index, table[PATH], strict=True):
        check_place(path, f"The path in row {row} of the DataFrame", DatasetError)
    return tuple(Source(Path(path)) for path in table[PATH])


def _of_array(images: npt.NDArray[np.generic]) -> tuple[Image8, ...]:
    if images.ndim != 4 or images.shape[-1] != 3:  # noqa: PLR2004 - (n, height, width, 3)
        raise DatasetError(
            f"Images are an array (n, height, width, 3) in RGB, but this one is {images.shape}"
            f"{_advice(images.shape)}."
        )
    if not images.size:
        raise DatasetError(f"The array {images.shape} holds 0 pixels; give at least one image.")
    _check_type(images)
    return tuple(np.asarray(image, np.uint8) for image in images)


def _advice(shape: tuple[int, ...]) -> str:
    """How to make RGB images of an array of this shape; empty where it is not known what it holds."""
    match shape:
        case (_, _, 3):
            return "; write images[np.newaxis] for one image"
        case (_, _, 4) | (_, _, _, 4):
            return "; write images[..., :3] to leave out the transparency"
        case (_, _) | (_, _, _):
            return "; write np.repeat(images[..., np.newaxis], 3, axis=-1) for gray images"
        case (_, _, _, 1):
            return "; write np.repeat(images, 3, axis=-1) for gray images"
    return ""


def _one(image: npt.NDArray[np.generic]) -> Image8:
    """An image of a list; it may be an array that holds one image."""
    several = image[np.newaxis] if image.ndim == 3 else image  # noqa: PLR2004 - (height, width, 3)
    found = _of_array(several)
    if len(found) > 1:
        raise DatasetError(
            f"A list holds images (height, width, 3), but one of them is {image.shape}, which is "
            f"{len(found)} images; give np.concatenate of such arrays, or each image on its own."
        )
    return found[0]


def _check_type(images: npt.NDArray[np.generic]) -> None:
    if images.dtype == np.uint8:
        return
    if not np.issubdtype(images.dtype, np.number):
        raise DatasetError(f"Images are uint8 from 0 to 255, but these are {images.dtype}; convert them.")
    low, high = float(np.min(images)), float(np.max(images))
    advice = (
        "multiply by 255, round and convert to uint8"
        if low >= 0 and high <= 1
        else "scale to 0 to 255 and convert to uint8"
    )
    raise DatasetError(
        f"Images are uint8 from 0 to 255, but these are {images.dtype} from {low:g} to {high:g}; {advice}."
    )
