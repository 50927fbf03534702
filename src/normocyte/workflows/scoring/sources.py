"""The images that are to be scored: files, folders, zips, and manifests that name them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from normocyte.core.errors import DatasetError
from normocyte.core.inputs.dicom import with_frames
from normocyte.core.inputs.signatures import HEAD_BYTES, format_of
from normocyte.core.inputs.sources import Found, PassedOver
from normocyte.core.inputs.tables import is_table
from normocyte.images.listing import listed


def images_of(paths: Sequence[Path]) -> Found:
    """As `listed`, and the images that CSV manifests name in their column path; each image once.

    DatasetError also for a manifest that names no image, or one that is not there, with its rows.
    """
    if not any(map(is_manifest, paths)):
        return _of_frames(listed(paths))
    found = [_named(path) if is_manifest(path) else listed([path]) for path in paths]
    images = tuple(dict.fromkeys(source for one in found for source in one.images))
    others = tuple(pair for one in found for pair in one.passed_over.files)
    return _of_frames(Found(images, PassedOver(others, len(images))))


def _of_frames(found: Found) -> Found:
    """The same, in place of each DICOM of several frames its frames."""
    return replace(found, images=tuple(with_frames(found.images)))


def is_manifest(path: Path) -> bool:
    """True for a file that is called as a table is and does not begin as an image does."""
    if not (is_table(path) and path.is_file()):
        return False
    try:
        with path.open("rb") as file:
            return not format_of(file.read(HEAD_BYTES))
    except OSError:  # reading it says why
        return True


def _named(manifest: Path) -> Found:
    from normocyte.datasets.support.manifest import images_in

    images = tuple(images_in(manifest))
    if not images:
        raise DatasetError(f"{manifest} names 0 images; give a row an image, with its path.")
    return Found(images)
