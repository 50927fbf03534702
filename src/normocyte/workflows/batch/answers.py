"""What images come to: scored once a content, counted, and encoded as the rows of a Parquet file."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from normocyte.core.errors import ImageError, needs
from normocyte.core.names.hidden import shown
from normocyte.core.types import Image8, Source
from normocyte.images.reading import decode_each
from normocyte.pipeline.pipeline import Pipeline
from normocyte.pipeline.rows import rows_of
from normocyte.records.counts import Counts
from normocyte.records.manifest import Known, KnownResults
from normocyte.results.verdict import REFUSALS, Verdict
from normocyte.tables.arrow_columns import arrow_table
from normocyte.tables.writing import Row
from normocyte.workflows.batch.parquet import Stored

Answers = Sequence[tuple[Stored, Known]]


@dataclass(frozen=True)
class Done:
    """What came of a unit: its rows as a Parquet file, their counts, and what was learnt of new contents.

    The bytes of `unread` images could not be had, which may succeed another time. `decoded` images were
    decoded for it. `changed` names what was changed after it was listed; its rows then
    do not count.
    """

    part: bytes
    counts: Counts
    unread: int
    decoded: int
    known: tuple[Known, ...]
    changed: str = ""


@dataclass(frozen=True)
class Judge:
    """Scores stored images, each content once: what `results` knows is not decoded."""

    pipeline: Pipeline
    results: KnownResults

    def close(self) -> None:
        """Close the database of results."""
        self.results.close()

    def __call__(self, chunk: Sequence[Stored], new: dict[str, Known]) -> tuple[list[Known], int]:
        """What each image came to, in order, and how many were decoded; adds new contents to `new`."""
        hashes = [hashlib.sha256(one.data).hexdigest() if one.data else "" for one in chunk]
        known = self.results.of([one for one in dict.fromkeys(hashes) if one and one not in new]) | new
        fresh = {one: place for place, one in reversed([*enumerate(hashes)]) if one and one not in known}
        places = sorted(fresh.values())
        read = dict(
            zip(places, decode_each([(chunk[at].data, chunk[at].name) for at in places]), strict=True)
        )
        for hash_, row in self._rows({at: hashes[at] for at in places}, read):
            known[hash_] = new[hash_] = _known(hash_, row)
        faults = {at: one for at, one in read.items() if isinstance(one, ImageError)}
        answers = []
        for at, (one, hash_) in enumerate(zip(chunk, hashes, strict=True)):
            if not one.fault and hash_ not in known and at not in faults:  # a copy of a damaged one
                (faults[at],) = (
                    one for one in decode_each([(one.data, one.name)]) if isinstance(one, ImageError)
                )
            answers.append(known.get(hash_) or _failed(hash_, one, one.fault or str(faults[at])))
        return answers, len(read)

    def _rows(self, hashes: dict[int, str], read: dict[int, Image8 | ImageError]) -> list[tuple[str, Row]]:
        images = {hashes[at]: one for at, one in read.items() if not isinstance(one, ImageError)}
        rows = rows_of(self.pipeline, _nameless, (), [*images.values()]) if images else []
        return list(zip(images, rows, strict=True))


def _nameless(_: Sequence[Source], __: Sequence[Image8], verdicts: Sequence[Verdict]) -> list[Row]:
    """Rows without paths: several images may have the same content."""
    return [Row.of("", verdict) for verdict in verdicts]


def _known(hash_: str, row: Row) -> Known:
    cause = str(row.cause.code) if row.cause else None
    flagged = None if row.cause else row.flagged
    score, p_value = _number(row.score), _number(row.p_value)
    return Known(hash_, score, flagged, p_value, row.verdict, cause, row.error, row.picture)


def _failed(hash_: str, one: Stored, error: str) -> Known:
    return _known(hash_, Row.failed(one.path, error))


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def counted(answers: Answers) -> Counts:
    """The counts of these rows."""
    causes = [one.cause for _, one in answers if one.cause is not None]
    refused = sum(cause in REFUSALS for cause in causes)
    flagged = sum(bool(one.flagged) for _, one in answers)
    return Counts(len(answers), len(answers) - len(causes), flagged, refused, len(causes) - refused)


def unread(answers: Answers) -> int:
    """How many images have no content: their bytes could not be had."""
    return sum(not one.hash for _, one in answers)


def encoded(answers: Answers) -> bytes:
    """The rows as the bytes of a Parquet file, the same for the same rows."""
    arrow, parquet = needs("pyarrow", "batch"), needs("pyarrow.parquet", "batch")
    text, number = arrow.string(), arrow.float64()
    columns: dict[str, tuple[Any, Sequence[Any]]] = {
        "path": (text, [shown(stored.path) for stored, _ in answers]),
        "content_hash": (text, [one.hash for _, one in answers]),
        "score": (number, [one.score for _, one in answers]),
        "flagged": (arrow.bool_(), [one.flagged for _, one in answers]),
        "p_value": (number, [one.p_value for _, one in answers]),
        "verdict": (text, [one.verdict for _, one in answers]),
        "cause": (text, [one.cause for _, one in answers]),
        "error": (text, [one.error for _, one in answers]),
        "picture": (text, [one.picture for _, one in answers]),
        "site": (text, [stored.site for stored, _ in answers]),
        "day": (text, [stored.day for stored, _ in answers]),
    }
    schema = arrow.schema([(name, kind) for name, (kind, _) in columns.items()])
    table = arrow_table(schema, [values for _, values in columns.values()])
    file = io.BytesIO()
    parquet.write_table(table, file, compression="zstd")
    return file.getvalue()
