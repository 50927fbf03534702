"""What a person who looked at the cells said of them, read from a table that a report brings."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from normocyte.core.errors import DatasetError
from normocyte.core.inputs.tables import Column, Row, Table, read_table
from normocyte.core.names.hidden import shown, without_mark
from normocyte.parasitaemia.support.decision import Review
from normocyte.reports.drawing.formatting import count
from normocyte.results.smear import NO_PARASITE, PARASITE, REVIEW, Detection, PhotoResult
from normocyte.workflows.smear.judge import Judged, OddCell

_WORDS = (PARASITE, NO_PARASITE)
_PLACE = ("photo", "x", "y", "width", "height")
_SEEN = "seen"
COLUMNS = tuple(Column(name) for name in (*_PLACE, _SEEN))
_ADVICE = "fill in the column seen of the review.csv that normocyte smear wrote"
_MOST_FAULTS = 5
_PAGE = re.compile(r"-page-[0-9]+$")

Place = tuple[str, str, str, str, str]
"""A photo as the table of cells names it, and the box of a cell in it."""


@dataclass(frozen=True)
class Seen:
    """What was said of each cell that was looked at, and the table that says so.

    `name` is that of a table that holds all of it, at the latest when the report is written.
    """

    cells: Mapping[Place, str] = field(default_factory=dict)
    table: Path = Path()
    name: str = REVIEW


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
            read.faults.add(row.number, f"another row has '{cells[place]}' of the same cell")
    read.faults.raise_all(f"In the column {_SEEN} write one of these two words, or nothing.")
    return Seen(cells, table)


def review_for(table: Path | None, folder: Path) -> Seen:
    """The review that the report in this folder holds, with this table's words over it: none is lost.

    DatasetError as in `read_review`.
    """
    kept = folder / REVIEW
    before = read_review(kept) if kept.is_file() else Seen()
    if table is None:
        return before
    found = read_review(table)
    holds_all = before.cells.keys() <= found.cells.keys()
    return Seen({**before.cells, **found.cells}, table, table.name if holds_all else REVIEW)


def check_photos(seen: Seen, names: Collection[str]) -> None:
    """DatasetError where a review is of none of these photos, as they are called: before they are judged."""
    known = {_plain(name) for name in names}
    strange = sorted({photo for photo, *_ in seen.cells if not {photo, _PAGE.sub("", photo)} & known})
    if strange:
        photos = "1 photo" if len(strange) == 1 else f"{len(strange):,} photos"
        raise DatasetError(
            f"The review {seen.table} is of {photos} not given under this name: {_some(strange)}. A photo is "
            "called by its file name, after as many folders as distinguish it; write its name into "
            "the column photo, or choose another folder for the report."
        )


def reviewed(photos: Sequence[PhotoResult], seen: Seen) -> tuple[PhotoResult, ...]:
    """The photos with what was said of their cells.

    DatasetError where the review names a cell that is not in them: it belongs to other photos or another run.
    """
    if not seen.cells:
        return tuple(photos)
    left = dict(seen.cells)
    found = tuple(
        replace(
            photo,
            detections=tuple(
                _with(detection, left.pop(_place_of(photo, detection), "")) for detection in photo.detections
            ),
        )
        for photo in photos
    )
    if left:
        names = [f"{place[0]} at ({place[1]}, {place[2]})" for place in left]
        raise DatasetError(
            f"The review {seen.table} names {count(len(left), 'cell')} that these photos do not have: "
            f"{_some(names)}. Give the review of the same photos, judged by the same version, with "
            "photo, x, y, width and height as they were, or another folder for the report."
        )
    return found


def suspects_of(judged: Judged, photo: PhotoResult) -> list[OddCell]:
    """The cells that may be shown of a photo, with what was said of them."""
    return [replace(one, seen=photo.detections[one.number - 1].seen) for one in judged.suspects]


def review_of(photos: Sequence[PhotoResult]) -> Review:
    """How many flagged cells were looked at, and how many parasites were seen in all."""
    detections = [detection for photo in photos for detection in photo.detections]
    return Review(
        looked_at=sum(detection.is_flagged and bool(detection.seen) for detection in detections),
        confirmed=sum(detection.seen == PARASITE for detection in detections),
    )


def _with(detection: Detection, said: str) -> Detection:
    return replace(detection, seen=said) if said else detection


def _place(row: Row, table: Table) -> Place:
    """Where the cell lies; a program may write 230 as 230.0."""
    box = (table.number(row[name]) for name in _PLACE[1:])
    return _plain(row["photo"]), *(f"{side:.0f}" for side in box)  # type: ignore[return-value]


def _place_of(photo: PhotoResult, detection: Detection) -> Place:
    cell = detection.cell
    return _plain(photo.name), str(cell.x), str(cell.y), str(cell.width), str(cell.height)


def _plain(name: str) -> str:
    """The name of a photo as a table keeps it, whatever a program makes of its spaces and line ends."""
    return without_mark(" ".join(shown(name).replace("\\r", " ").split()))


def _some(parts: Sequence[str]) -> str:
    more = len(parts) - _MOST_FAULTS
    return ", ".join(parts[:_MOST_FAULTS]) + (f" and {more:,} more" if more > 0 else "")
