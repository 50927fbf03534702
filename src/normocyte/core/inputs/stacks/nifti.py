"""NIfTI volumes as slices: gray of 8 bits, between two percentiles of the volume."""

import gzip
import zlib
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import DatasetError
from normocyte.core.types import Image8

AXES = {"sagittal": 0, "coronal": 1, "axial": 2}
"""Which axis of a volume in the order right, anterior, superior the slices of each kind follow."""
BLACK, WHITE = 0.5, 99.5
"""These percentiles of the volume become 0 and 255."""
_DARK = 25
_LEAST_BRIGHT = 0.02
_MOST_VOXELS = 2**31
_DIMENSIONS = 3
_CHUNK = 2**20
_DAMAGE = (OSError, EOFError, ValueError, LookupError, TypeError, ArithmeticError, MemoryError, zlib.error)


def volume(path: Path) -> Image8:
    """The volume, turned to the order right, anterior, superior; DatasetError says why it cannot be used."""
    try:
        nibabel: Any = import_module("nibabel")
    except ImportError as error:
        raise DatasetError(
            f"{path} is a NIfTI volume; install what reads it: pip install 'normocyte[nifti]'."
        ) from error
    try:
        _check_packed(path)
        image = nibabel.load(path)
        _check_shape(path, image)
        turned = nibabel.as_closest_canonical(nibabel.funcs.squeeze_image(image))
        with np.errstate(all="ignore"):  # of a damaged scale, whose voxels are then no numbers
            voxels = np.asarray(turned.dataobj, np.float32)
        return _gray(path, voxels)
    except DatasetError:
        raise
    except _damage(nibabel) as error:
        raise DatasetError(
            f"{path} is a damaged NIfTI volume, or none: it cannot be read; copy or export it again."
        ) from error


def _check_packed(path: Path) -> None:
    """Unpack a `.gz` to its end, where its checksum stands, which nibabel does not read."""
    if path.suffix.lower() == ".gz":
        with gzip.open(path) as file:
            while file.read(_CHUNK):
                pass


def _damage(nibabel: Any) -> tuple[type[Exception], ...]:
    """What is raised for a damaged file: by nibabel for its header, and by Python."""
    return (
        *_DAMAGE,
        nibabel.filebasedimages.ImageFileError,
        nibabel.spatialimages.HeaderDataError,
        nibabel.orientations.OrientationError,
    )


def _check_shape(path: Path, image: Any) -> None:
    shape = tuple(int(side) for side in image.shape)
    while len(shape) > _DIMENSIONS and shape[-1] == 1:
        shape = shape[:-1]
    said = " x ".join(map(str, shape))
    if len(shape) != _DIMENSIONS:
        raise DatasetError(
            f"{path} has {len(shape)} dimensions ({said}), not 3; save the volume you mean as a file of its "
            "own."
        )
    kind = image.get_data_dtype()
    if kind.kind not in "iuf":
        raise DatasetError(f"{path} holds voxels of the kind {kind}, not one gray each; save it as gray.")
    if int(np.prod(shape)) > _MOST_VOXELS:
        raise DatasetError(f"{path} has {said} voxels; cut it into pieces of at most {_MOST_VOXELS:,}.")


def _gray(path: Path, values: npt.NDArray[np.float32]) -> Image8:
    odd = int(np.count_nonzero(~np.isfinite(values)))
    if odd:
        voxels = "1 voxel that is" if odd == 1 else f"{odd:,} voxels that are"
        raise DatasetError(f"{path} has {voxels} no number (NaN or infinite); write 0 there.")
    black, white = np.percentile(values, (BLACK, WHITE))
    if white <= black:
        black, white = float(values.min()), float(values.max())
    if white <= black:
        raise DatasetError(f"{path} is {black:g} in every voxel; give a volume that shows something.")
    values -= black
    values *= 255 / (white - black)
    return np.rint(np.clip(values, 0, 255, out=values)).astype(np.uint8)


def slices(voxels: Image8, path: Path, axis: str) -> list[str]:
    """The names of the slices along an axis that show something; DatasetError when none does."""
    if axis not in AXES:
        raise DatasetError(f"There is no axis '{axis}'; choose one of: {', '.join(AXES)}.")
    along = np.moveaxis(voxels, AXES[axis], 0)
    bright = (along > _DARK).mean(axis=(1, 2))
    shown = [f"{axis}_{number:03}" for number in np.flatnonzero(bright >= _LEAST_BRIGHT)]
    if not shown:
        raise DatasetError(f"{path} has no slice that shows something along the axis {axis}.")
    return shown


def slice_of(voxels: Image8, name: str) -> Image8 | None:
    """The slice of this name, its upper side up, (height, width) uint8; None where there is none."""
    axis, _, number = name.partition("_")
    if axis not in AXES or not number.isdecimal() or int(number) >= voxels.shape[AXES[axis]]:
        return None
    plane = np.take(voxels, int(number), axis=AXES[axis])
    return np.ascontiguousarray(np.rot90(plane))
