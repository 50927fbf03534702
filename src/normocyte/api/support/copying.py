"""How a bundle of the Python face is copied and pickled, with the files that belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any, Self, TypeVar

from normocyte.api.support.folders import Folder
from normocyte.pipeline.bundle import bundle as stored
from normocyte.pipeline.bundle.layout import keras_file

Kind = TypeVar("Kind", bound="Copied")


class Copied:
    """Holds a bundle and the folder of its files, which stays as long as a copy of it is used."""

    def __init__(self, bundle: stored.Bundle, folder: Folder | None = None) -> None:
        self._bundle = replace(bundle, folder=bundle.folder.absolute())  # found after a chdir, too
        self._folder = folder  # a temporary one stands as long as the bundle that lies in it

    def __copy__(self) -> Self:
        """The same bundle."""
        return type(self)(self._bundle, self._folder)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """A bundle of its own with the files of this one, which stay as long as one of the two is used."""
        return type(self)(deepcopy(self._bundle, memo), self._folder)

    def __reduce__(self) -> tuple[Any, ...]:
        """What a pickle holds: where no lasting folder holds the files, these too."""
        if self._folder is None or not self._folder.is_temporary:
            return type(self), (self._bundle,)
        place = PurePath(self._bundle.folder.relative_to(self._folder.path))
        members = range(len(self._bundle.pipeline.members))
        beside = (PurePath(keras_file(Path(place), index)) for index in members)
        return _unpacked, (type(self), self._bundle, place, self._folder.packed((place, *beside)))


def _unpacked(
    kind: type[Kind], bundle: stored.Bundle, place: PurePath, files: Mapping[PurePath, bytes]
) -> Kind:
    """The bundle of a pickle, in a folder of its own."""
    folder = Folder.unpacked(files)
    return kind(replace(bundle, folder=folder.path / place), folder)
