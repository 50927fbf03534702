"""Finds the images that paths mean, and what stands among them that is not looked at."""

from collections.abc import Sequence
from pathlib import Path

from normocyte.core.inputs import zips
from normocyte.core.inputs.sources import Found, PassedOver, files_below, no_images
from normocyte.core.inputs.stacks.stacks import is_stack
from normocyte.core.types import Source


def listed(paths: Sequence[Path]) -> Found:
    """The images that these files, folders and zips hold, each once, and what else is there.

    A file is taken whatever its ending is, because reading decides by signature. DatasetError for a path that
    is not there or holds nothing, and when no path holds an image.
    """
    found = [
        Found((Source(path),)) if _is_one_file(path) else files_below(path, may_lack_images=True)
        for path in paths
    ]
    several = (source for one in found for source in one.images)
    images = found[0].images if len(found) == 1 else tuple(dict.fromkeys(several))
    others = dict(pair for one in found for pair in one.passed_over.files)
    for source in others.keys() & set(images) if others else ():
        del others[source]
    passed_over = PassedOver(tuple(others.items()), len(images))
    if not images:
        raise no_images(", ".join(map(str, paths)), passed_over)
    return Found(images, passed_over)


def _is_one_file(path: Path) -> bool:
    return path.is_file() and not zips.is_zip(path) and not is_stack(path)
