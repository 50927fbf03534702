"""The pictures in a file of many, by names such as `train_00012` or `axial_031`, as gray or RGB of 8 bits."""

from functools import lru_cache
from pathlib import Path

from normocyte.core.errors import DatasetError, ImageError
from normocyte.core.inputs.signatures import VOLUMES
from normocyte.core.types import Image8, Source

_ARRAYS = ".npz"
_KEPT_OPEN = 2


def is_stack(path: Path) -> bool:
    """True for what is called as a stack is, also with classes behind it, as in `cells.npz:0`."""
    return is_volume(path.name) or is_arrays(path)


def is_arrays(path: Path) -> bool:
    """True for what is called as a `.npz` is, also with classes behind it."""
    return path.name.lower().partition(":")[0].endswith(_ARRAYS)


def is_volume(name: str) -> bool:
    """True for what is called as a NIfTI volume is."""
    return name.lower().endswith(VOLUMES)


def items(path: Path, axis: str = "axial") -> tuple[Source, ...]:
    """Every picture in the file, in order; of a volume the slices along an axis that are not empty.

    DatasetError when the file cannot be used.
    """
    if is_volume(path.name):
        from normocyte.core.inputs.stacks import nifti

        return tuple(Source(path, name) for name in nifti.slices(_volume(path), path, axis))
    from normocyte.core.inputs.stacks import npz

    return tuple(Source(npz.spelled(path)[0], name) for name in npz.names(path))


def pixels(source: Source) -> Image8:
    """One picture, (height, width) or (height, width, 3) uint8; ImageError when it is not there."""
    try:
        found = _item(source)
    except DatasetError as error:
        raise ImageError(str(error)) from error
    if found is None:
        raise ImageError(f"{source} does not exist. Check the name.")
    return found


def _item(source: Source) -> Image8 | None:
    if is_volume(source.path.name):
        from normocyte.core.inputs.stacks import nifti

        return nifti.slice_of(_volume(source.path), source.member)
    from normocyte.core.inputs.stacks import npz

    return npz.picture(source)


def _volume(path: Path) -> Image8:
    try:
        found = path.stat()
    except OSError as error:
        raise ImageError(f"{path} cannot be read: {error.strerror or error}. Check the path.") from error
    return _kept(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=_KEPT_OPEN)
def _kept(path: Path, changed: int, size: int) -> Image8:  # noqa: ARG001 - another file is read anew
    from normocyte.core.inputs.stacks import nifti

    return nifti.volume(path)
