"""Finds the images below a folder or in a zip; both look the same to whoever asks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from normocyte.core import zips
from normocyte.core.errors import DatasetError
from normocyte.core.types import Source

ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".dcm"})
_ENDINGS_SAID = "PNG, JPEG, WebP, BMP, TIFF or DICOM"


def images_below(root: Path) -> list[Source]:
    """Every file with the ending of an image below a folder or in a zip, sorted; hidden ones are ignored.

    DatasetError when the folder or zip is missing, cannot be read, is unsafe, or holds no image.
    """
    found = sorted(_members(root) if zips.is_zip(root) else _files(root))
    if not found:
        raise DatasetError(f"There are no images in {root}. Give a folder or zip with {_ENDINGS_SAID} files.")
    return found


def place_below(root: Path, source: Source) -> PurePosixPath:
    """Where an image of `images_below(root)` stands, relative to the folder or zip."""
    if source.member:
        return PurePosixPath(source.member)
    return PurePosixPath(source.path.relative_to(root).as_posix())


def _members(archive: Path) -> Iterator[Source]:
    for member in zips.members(archive):
        parts = member.split("/")
        if _is_image(parts[-1]) and not any(_is_hidden(part) for part in parts):
            yield Source(archive, member)


def _files(root: Path) -> Iterator[Source]:
    if not root.is_dir():
        raise DatasetError(f"There is no folder or zip file at {root}. Check the path.")
    seen: set[str] = set()
    for folder, below, names in os.walk(root, followlinks=True, onerror=_cannot_list):
        seen.add(os.path.realpath(folder))
        below[:] = [
            name
            for name in below
            if not _is_hidden(name) and os.path.realpath(Path(folder, name)) not in seen  # a link in a circle
        ]
        place = Path(folder)
        yield from (Source(place / name) for name in names if _is_image(name) and not _is_hidden(name))


def _cannot_list(error: OSError) -> None:
    raise DatasetError(
        f"Cannot look into {error.filename}: {error.strerror}. Check the permissions."
    ) from error


def _is_image(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in ENDINGS  # noqa: PTH122 - ten times as fast as Path on 27,000 names


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"
