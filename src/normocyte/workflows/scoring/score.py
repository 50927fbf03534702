"""Score: images in, one row an image out; what cannot be read becomes a row that says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from normocyte.cell_checks.gate import Gate, is_refusal
from normocyte.core.arrays import Image8
from normocyte.core.errors import ConfigError, Interrupted, NormocyteError
from normocyte.core.progress import Progress
from normocyte.core.types import Source
from normocyte.datasets.cohort.copies import copies_said
from normocyte.engine.decoding import read_all
from normocyte.engine.pool import over_chunks
from normocyte.images.fingerprints import fingerprint
from normocyte.images.listing import listed
from normocyte.pipeline.pipeline import Pipeline
from normocyte.results.verdict import Verdict
from normocyte.tables.writing import QUALITY, Columns, Row, RowWriter

PRINT = 32
"""So many hexadecimal digits of a fingerprint tell pictures apart; no two differ by chance."""


@dataclass(frozen=True)
class Tally:
    """How many images were scored and flagged, how many the gate refused, and how many failed.

    That a picture is not assessable is an answer; that it cannot be read is a failure. A copy of a picture
    that came before is counted as a copy and as nothing else.
    """

    scored: int = 0
    flagged: int = 0
    failed: int = 0
    refused: int = 0
    copies: int = 0

    @property
    def done(self) -> int:
        """How many images have a row."""
        return self.scored + self.failed + self.refused + self.copies

    @property
    def sentence(self) -> str:
        """The counts in words."""
        judged = f"{self.scored} scored, {self.flagged} flagged"
        return f"{judged}, {self.refused} not assessable, {self.failed} failed"

    @property
    def copied(self) -> str:
        """How many images are copies, in words; empty where none is."""
        return copies_said(self.copies, self.done)

    def plus(self, row: Row, is_copy: bool = False) -> Tally:
        """The tally with one more row."""
        if is_copy:
            return replace(self, copies=self.copies + 1)
        is_refused = is_refusal(row.error)
        return Tally(
            self.scored + (not row.error),
            self.flagged + row.flagged,
            self.failed + (bool(row.error) and not is_refused),
            self.refused + is_refused,
            self.copies,
        )


PHOTO_SIDE = 400
"""A picture whose shorter side has so many pixels is rather a photo than a crop of one cell."""

MakeRows = Callable[[Sequence[Source], Sequence[Image8], Sequence[Verdict]], list[Row]]
"""One row for each image and its verdict, in order; it may do more with them, such as draw."""


def only_rows(sources: Sequence[Source], _: Sequence[Image8], verdicts: Sequence[Verdict]) -> list[Row]:
    """The rows and nothing else."""
    return [Row.of(str(source), verdict) for source, verdict in zip(sources, verdicts, strict=True)]


Judge = Callable[[Sequence[Row]], list[Row]]
"""Decides on all rows together; what it gives is what is written."""


@dataclass(frozen=True)
class ScoreOptions:
    """How to score: in how many processes (0 takes one a core), what makes the rows, what judges them all."""

    workers: int = 0
    make_rows: MakeRows = only_rows
    judge: Judge | None = None


@dataclass(frozen=True)
class WithQuality:
    """Makes the same rows with what the gate measures of each image beside."""

    make_rows: MakeRows
    gate: Gate

    def __call__(
        self, sources: Sequence[Source], images: Sequence[Image8], verdicts: Sequence[Verdict]
    ) -> list[Row]:
        """One row an image, in order."""
        rows = self.make_rows(sources, images, verdicts)
        table = {name: column.tolist() for name, column in self.gate.measures(images).items()}
        return [
            replace(row, quality={name: column[index] for name, column in table.items()})
            for index, row in enumerate(rows)
        ]


def quality_columns(gate: Gate) -> Columns:
    """The columns of its measures; ConfigError when it takes none."""
    if not gate.checks:
        raise ConfigError(
            "This bundle has 0 checks of quality, so that there is nothing to add to the rows. Train it with "
            "[[cell_checks]] in its recipe, or leave --quality out."
        )
    return tuple(QUALITY + measure.name for measure in gate.known)


@dataclass(frozen=True)
class _Judged:
    pipeline: Pipeline
    make_rows: MakeRows

    def __call__(self, chunk: Sequence[Source]) -> list[Row]:
        images, faults = read_all(chunk)
        readable = [source for source in chunk if source not in faults]
        rows = self.make_rows(readable, images, self.pipeline.verdicts(images))
        made = (
            replace(row, picture=fingerprint(image)[:PRINT], error=_advised(row.error, image))
            for row, image in zip(rows, images, strict=True)
        )
        return [
            Row.failed(str(source), faults[source]) if source in faults else next(made) for source in chunk
        ]


def _advised(error: str, image: Image8) -> str:
    """The refusal of a picture as large as a photo, with the command that reads photos; else as it is."""
    height, width = image.shape[:2]
    if not is_refusal(error) or min(height, width) < PHOTO_SIDE:
        return error
    return (
        f"{error}; a picture of {width} x {height} pixels may be a photo of a smear, in which 'normocyte "
        "smear' finds the cells"
    )


def rows(
    pipeline: Pipeline, images: Sequence[Source], progress: Progress, options: ScoreOptions
) -> Iterator[Row]:
    """One row an image, in order."""
    progress.begin("Scoring", len(images))
    for chunk in over_chunks(_Judged(pipeline, options.make_rows), images, progress, options.workers):
        yield from chunk


def _held(rows: Iterator[Row], judge: Judge) -> Iterator[Row]:
    """The rows as they are judged together; when they end early, those so far, and then what ended them."""
    held: list[Row] = []
    fault: BaseException | None = None
    try:
        held.extend(rows)
    except (KeyboardInterrupt, NormocyteError) as error:
        fault = error
    try:
        yield from judge(held)
    except NormocyteError as refusal:
        yield from held
        raise NormocyteError(f"{refusal} The rows hold the bundle's own decisions.") from refusal
    if fault is not None:
        raise fault


def all_sources(paths: Sequence[Path]) -> list[Source]:
    """The images that these files, folders and zips hold, each once.

    DatasetError for a path that is not there.
    """
    return list(listed(paths).images)


def score(
    pipeline: Pipeline,
    images: Sequence[Source],
    writer: RowWriter,
    progress: Progress,
    options: ScoreOptions = ScoreOptions(),
) -> Tally:
    """Write one row an image.

    When the user stops it, or a process dies, the rows so far are kept and the error says how many.
    """
    tally = Tally()
    seen: set[str] = set()
    with writer:
        try:
            found = rows(pipeline, images, progress, options)
            for row in _held(found, options.judge) if options.judge else found:
                writer.write(row)
                tally = tally.plus(row, row.picture in seen)
                seen |= {row.picture} - {""}
        except KeyboardInterrupt as error:
            raise Interrupted(_kept("Scoring was stopped", tally, images, writer)) from error
        except NormocyteError as error:
            raise NormocyteError(f"{error} {_kept('It happened', tally, images, writer)}") from error
    return tally


def _kept(what: str, tally: Tally, images: Sequence[Source], writer: RowWriter) -> str:
    return f"{what} after {tally.done} of {len(images)} images; the rows so far are in {writer.place}."
