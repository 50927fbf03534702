"""What stands in a TIFF or BigTIFF beside its pixels: the chain of directories, and their values."""

import struct
from dataclasses import dataclass

from normocyte.images.contract import MOST_PAGES, Cut, Fault

KIND, OLD_KIND, WIDTH, HEIGHT = 254, 255, 256, 257
_REDUCED, _MASK, _OLD_REDUCED = 1, 4, 2
_MOST_ENTRIES = 50_000
_MOST_VALUES = 64
_MOST_TEXT = 2**22


@dataclass(frozen=True)
class Form:
    """How numbers stand in a file: their order of bytes, and the sizes of places and entries."""

    order: str
    is_big: bool

    @property
    def counts(self) -> str:
        """The number of entries of a directory."""
        return self.order + ("Q" if self.is_big else "H")

    @property
    def room(self) -> int:
        """How many bytes of values an entry holds itself."""
        return 8 if self.is_big else 4

    @property
    def place(self) -> str:
        """A place in the file."""
        return self.order + ("Q" if self.is_big else "I")


FORMS = {
    b"II*\0": Form("<", False),
    b"MM\0*": Form(">", False),
    b"II+\0": Form("<", True),
    b"MM\0+": Form(">", True),
}
_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_LETTERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}


@dataclass(frozen=True)
class Directory:
    """The properties of one page: for each tag its type, how many values there are, and where they stand."""

    data: bytes
    form: Form
    entries: dict[int, tuple[int, int, int]]

    def first(self, tag: int, default: int = 0) -> int:
        """The first whole number of a tag."""
        return next(iter(self.numbers(tag)), default)

    def numbers(self, tag: int) -> tuple[int, ...]:
        """The whole numbers of a tag, at most 64; none where it is missing or holds something else."""
        kind, count, start = self.entries.get(tag, (0, 0, 0))
        letter = _LETTERS.get(kind)
        if not letter or not count:
            return ()
        return struct.unpack_from(f"{self.form.order}{min(count, _MOST_VALUES)}{letter}", self.data, start)

    def text(self, tag: int) -> str:
        """The text of a tag, or nothing."""
        _, count, start = self.entries.get(tag, (0, 0, 0))
        return self.data[start : start + min(count, _MOST_TEXT)].rstrip(b"\0").decode("utf-8", "replace")


def directories(data: bytes) -> list[tuple[int, Directory]]:
    """Every page of full size with its number in the file, at least one; a Fault when they have no end.

    A reduced copy of another page, and a mask, is none.
    """
    form = FORMS[data[:4]]
    try:
        (start,) = struct.unpack_from(form.place, data, 8 if form.is_big else 4)
        found = _chain(data, form, start)
    except struct.error as error:
        raise Cut(data, "the list of its properties (IFD)") from error
    whole = [(number, one) for number, one in enumerate(found) if number == 0 or not _is_beside(one)]
    if not whole:
        raise Fault("is a TIFF with 0 pages of full size; export the file again")
    return whole


def _chain(data: bytes, form: Form, start: int) -> list[Directory]:
    found: list[Directory] = []
    seen: set[int] = set()
    entries = 0
    while start or not seen:
        if start in seen or len(seen) == MOST_PAGES:
            raise Fault(f"is a TIFF of more than {len(seen)} pages or in a circle; save each as a file")
        seen.add(start)
        directory, start = _directory(data, form, start)
        found.append(directory)
        entries += len(directory.entries)
        if entries > _MOST_ENTRIES:
            raise Fault(f"is a damaged TIFF: it has {entries:,} properties; copy or export the file again")
    return found


def _directory(data: bytes, form: Form, start: int) -> tuple[Directory, int]:
    """The properties at a place, and the place of the next ones, 0 after the last."""
    if start > len(data):
        raise struct.error(f"byte {start} of {len(data)}")
    (count,) = struct.unpack_from(form.counts, data, start)
    if count > _MOST_ENTRIES:
        raise Fault(f"is a damaged TIFF: it has {count:,} properties; copy or export the file again")
    head, size = struct.calcsize(form.counts), 20 if form.is_big else 12
    end = start + head + size * count
    (following,) = struct.unpack_from(form.place, data, end)
    rows = struct.iter_unpack(f"{form.order}HH{form.place[1]}{form.room}s", data[start + head : end])
    entries = {
        tag: (kind, values, _place(form, kind, values, inline, end - size * (count - row) + size - form.room))
        for row, (tag, kind, values, inline) in enumerate(rows)
    }
    return Directory(data, form, entries), following


def _place(form: Form, kind: int, values: int, inline: bytes, here: int) -> int:
    """Where the values of an entry stand: in itself, if they fit, or elsewhere."""
    if _SIZES.get(kind, 1) * values <= form.room:
        return here
    return int.from_bytes(inline, "little" if form.order == "<" else "big")


def _is_beside(directory: Directory) -> bool:
    is_reduced = directory.first(KIND) & (_REDUCED | _MASK)
    return bool(is_reduced) or directory.first(OLD_KIND) == _OLD_REDUCED
