"""What a person who looked at the cells said of them, read from a table that a report brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from normocyte.core.errors import DatasetError
from normocyte.core.tables import Column, Row, Table, read_table
from normocyte.reports._numbers import count, csv_text
from normocyte.reports._smear import PhotoFound, Suspect, Thing
from normocyte.smears._decision import Review
from normocyte.workflows._photos import Judged

PARASITE, NO_PARASITE = "parasite", "no parasite"
REVIEW = "review.csv"
_WORDS = (PARASITE, NO_PARASITE)
_PLACE = ("photo", "x", "y", "width", "height")
_SEEN = "seen"
COLUMNS = tuple(Column(name) for name in (*_PLACE, _SEEN))
_ADVICE = "fill in the column seen of the review.csv that normocyte smear wrote"
_MOST_FAULTS = 5

Place = tuple[str, str, str, str, str]
"""A photo as the table of cells names it, and the box of a cell in it."""


@dataclass(frozen=True)
class Seen:
    """What was said of each cell that was looked at, and the table that says so."""

    cells: Mapping[Place, str] = field(default_factory=dict)
    table: Path = Path()


def read_review(table: Path) -> Seen:
    """The rows of a `review.csv` whose column `seen` holds `parasite` or `no parasite`.

    DatasetError for a table that cannot be read, lacks a column, holds another word, or says both of one
    cell; all faults at once.
    """
    read = read_table(table, f"The review {table}", COLUMNS, _ADVICE)
    cells: dict[Place, str] = {}
    for row in read.rows:
        said, place = " ".join(row[_SEEN].lower().split()), _place(row, read)
        if said and said not in _WORDS:
            read.faults.add(row.number, f"'{row[_SEEN]}' is neither '{PARASITE}' nor '{NO_PARASITE}'")
        elif said and cells.setdefault(place, said) != said:
            read.faults.add(row.number, f"another row says '{cells[place]}' of the same cell")
    read.faults.raise_all(f"In the column {_SEEN} write one of these two words, or nothing.")
    return Seen(cells, table)


def review_for(table: Path | None, folder: Path) -> Seen:
    """The review in this table, or else the one that the report in this folder holds: none is lost.

    DatasetError as in `read_review`.
    """
    if table is not None:
        return read_review(table)
    kept = folder / REVIEW
    return read_review(kept) if kept.is_file() else Seen()


def reviewed(photos: Sequence[PhotoFound], seen: Seen) -> tuple[PhotoFound, ...]:
    """The photos with what was said of their cells.

    DatasetError where the review names a cell that is not in them: it belongs to other photos or another run.
    """
    if not seen.cells:
        return tuple(photos)
    left = dict(seen.cells)
    found = tuple(
        replace(
            photo, things=tuple(_with(thing, left.pop(_place_of(photo, thing), "")) for thing in photo.things)
        )
        for photo in photos
    )
    if left:
        names = [f"{place[0]} at ({place[1]}, {place[2]})" for place in left]
        raise DatasetError(
            f"The review {seen.table} names {count(len(left), 'cell')} that these photos do not have: "
            f"{_some(names)}. Give the review.csv of the same photos, judged by the same version, with "
            "photo, x, y, width and height as they were, or another folder for the report."
        )
    return found


def suspects_of(judged: Judged, photo: PhotoFound) -> list[Suspect]:
    """The cells that are shown of a photo, with what was said of them."""
    return [replace(one, seen=photo.things[one.number - 1].seen) for one in judged.suspects]


def review_of(photos: Sequence[PhotoFound]) -> Review:
    """How many flagged cells were looked at, and how many parasites were seen in all."""
    things = [thing for photo in photos for thing in photo.things]
    return Review(
        looked_at=sum(thing.is_flagged and bool(thing.seen) for thing in things),
        confirmed=sum(thing.seen == PARASITE for thing in things),
    )


def _with(thing: Thing, said: str) -> Thing:
    return replace(thing, seen=said) if said else thing


def _place(row: Row, table: Table) -> Place:
    """Where the cell lies; a program may write 230 as 230.0."""
    box = (table.number(row[name]) for name in _PLACE[1:])
    return row["photo"], *(f"{side:.0f}" for side in box)  # type: ignore[return-value]


def _place_of(photo: PhotoFound, thing: Thing) -> Place:
    cell = thing.cell
    return csv_text(photo.name), str(cell.x), str(cell.y), str(cell.width), str(cell.height)


def _some(parts: Sequence[str]) -> str:
    more = len(parts) - _MOST_FAULTS
    return ", ".join(parts[:_MOST_FAULTS]) + (f" and {more:,} more" if more > 0 else "")
