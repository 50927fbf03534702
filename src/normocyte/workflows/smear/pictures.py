"""Where the photos with outlines go that are drawn of a smear."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from normocyte.core.files import make_folder, write_bytes
from normocyte.workflows.smear.judge import Judged, page_ending


class Pictures(Protocol):
    """Takes pictures; a report, a database or a test may be behind it."""

    @property
    def is_wanted(self) -> bool:
        """False where nobody wants pictures, so that none is drawn."""

    def keep(self, name: str, jpeg: bytes) -> None:
        """Keep a JPEG under a name with `/`, unlike that of every other picture of this smear."""


@dataclass(frozen=True)
class FolderPictures:
    """Writes each picture into a folder; OutputError when that fails."""

    folder: Path
    is_wanted: bool = True

    def keep(self, name: str, jpeg: bytes) -> None:
        """Write it below the folder."""
        place = self.folder / name
        make_folder(place.parent)
        write_bytes(place, jpeg)


@dataclass(frozen=True)
class MemoryPictures:
    """Holds the pictures by their names."""

    found: dict[str, bytes] = field(default_factory=dict)
    is_wanted: bool = True

    def keep(self, name: str, jpeg: bytes) -> None:
        """Hold it."""
        self.found[name] = jpeg


@dataclass(frozen=True)
class NoPictures:
    """Drops every picture; none is drawn."""

    is_wanted: bool = False

    def keep(self, name: str, jpeg: bytes) -> None:
        """Drop it."""


def with_pictures(pages: Sequence[Judged], name: str, pictures: Pictures) -> list[Judged]:
    """The pages of one photo, whose pictures are kept and no longer held; their results name them."""
    return [
        _kept(page, name, page_ending(number, len(pages)), pictures)
        for number, page in enumerate(pages, start=1)
    ]


def _kept(page: Judged, name: str, ending: str, pictures: Pictures) -> Judged:
    if not page.picture:
        return page
    place = Path(name)
    own = place.with_stem(place.stem + ending).as_posix()
    pictures.keep(own, page.picture)
    return replace(page, photo=replace(page.photo, outlined=own), picture=b"")
