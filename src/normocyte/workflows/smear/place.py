"""Where a report of a smear goes when nobody has named a folder: one for each set of photos."""

import hashlib
import itertools
from collections.abc import Sequence
from pathlib import Path

from normocyte.core.files import write_text

_MARK = ".photos"
"""A file in the folder that says by a digest which photos it is of."""


def place_for(photos: Sequence[Path]) -> Path:
    """NAME-smear in the current folder, by the name of the first photo or folder; NAME-smear-2 and so on.

    The same photos get the same folder again, so that a review counts. A folder that is there and not of
    these photos is left alone.
    """
    name = f"{photos[0].resolve().stem}-smear"
    places = itertools.chain([Path(name)], (Path(f"{name}-{number}") for number in itertools.count(2)))
    return next(place for place in places if not place.exists() or _is_of(place, photos))


def mark(place: Path, photos: Sequence[Path]) -> None:
    """Note that a report that was begun is of these photos."""
    if place.is_dir():
        write_text(place / _MARK, _digest(photos))


def _is_of(place: Path, photos: Sequence[Path]) -> bool:
    noted = place / _MARK
    return noted.is_file() and noted.read_text(encoding="utf-8") == _digest(photos)


def _digest(photos: Sequence[Path]) -> str:
    return hashlib.sha256("\n".join(str(photo.resolve()) for photo in photos).encode()).hexdigest()
