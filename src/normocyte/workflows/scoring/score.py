"""Score: images in, one row an image out; what cannot be read becomes a row that says why."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from normocyte.core.cancel import CancelToken, Stopped
from normocyte.core.errors import Interrupted, NormocyteError, OutputError
from normocyte.core.progress import Progress
from normocyte.core.types import Source
from normocyte.engine.begin import holds_many
from normocyte.engine.pool import Engine, read_all
from normocyte.pipeline.bundle.bundle import Bundle, open_bundle
from normocyte.pipeline.bundle.folder import DEFAULT
from normocyte.pipeline.pipeline import Pipeline
from normocyte.pipeline.rows import MakeRows, only_rows, rows_of
from normocyte.tables.writing import COLUMNS, WITH_MAP, Row, RowWriter, row_writer
from normocyte.wording.of_the_data import in_words
from normocyte.workflows.scoring.sources import images_of
from normocyte.workflows.scoring.together import (
    DecisionOptions,
    WithQuality,
    quality_columns,
)


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
        if not self.copies:
            return ""
        from normocyte.datasets.cohort.cohort import copies_said

        return copies_said(self.copies, self.done)

    def plus(self, row: Row, is_copy: bool = False) -> Tally:
        """The tally with one more row."""
        if is_copy:
            return replace(self, copies=self.copies + 1)
        is_refused = row.cause is not None and row.cause.is_refusal
        return Tally(
            self.scored + (row.cause is None),
            self.flagged + row.flagged,
            self.failed + (row.cause is not None and not is_refused),
            self.refused + is_refused,
            self.copies,
        )


Judge = Callable[[Sequence[Row]], list[Row]]
"""Decides on all rows together; what it gives is what is written."""


@dataclass(frozen=True)
class ScoreOptions:
    """How to score: with how many workers (0 takes one a core), what makes the rows, what judges them all.

    `cancel` stops it after a chunk; without one the current token does. With `may_thread` few workers are
    threads; while they work, standard error may lose what is written to it by others than the bar. `begun`
    is what was begun before the images were known, in place of `workers`, `make_rows` and `may_thread`.
    """

    workers: int = 0
    make_rows: MakeRows = only_rows
    judge: Judge | None = None
    cancel: CancelToken | None = None
    may_thread: bool = False
    begun: Begun | None = None


@dataclass(frozen=True)
class _Judged:
    pipeline: Pipeline
    make_rows: MakeRows

    def __call__(self, chunk: Sequence[Source]) -> list[Row]:
        if not chunk:
            self.pipeline.open_networks()
            return []
        images, faults = read_all(chunk)
        readable = [source for source in chunk if source not in faults]
        made = iter(rows_of(self.pipeline, self.make_rows, readable, images))
        return [
            Row.failed(str(source), faults[source]) if source in faults else next(made) for source in chunk
        ]


@dataclass(frozen=True)
class Begun:
    """An engine, and the task that it has begun to get ready for."""

    engine: Engine
    task: _Judged


def rows(
    pipeline: Pipeline, images: Sequence[Source], progress: Progress, options: ScoreOptions
) -> Iterator[Row]:
    """One row an image, in order."""
    progress.begin("Scoring", len(images))
    with Engine(options.workers, options.may_thread, ends_even=True) as own:
        begun = options.begun or Begun(own, _Judged(pipeline, options.make_rows))
        for chunk in begun.engine.over(begun.task, images, progress, options.cancel):
            yield from chunk


def _held(rows: Iterator[Row], judge: Judge) -> Iterator[Row]:
    """The rows as they are judged together; when they end early, those so far, and then what ended them."""
    held: list[Row] = []
    fault: BaseException | None = None
    try:
        held.extend(rows)
    except (Stopped, NormocyteError) as error:
        fault = error
    try:
        yield from judge(held)
    except NormocyteError as refusal:
        yield from held
        refusal.add_note("The rows hold the bundle's own decisions.")
        raise
    if fault is not None:
        raise fault


def score_images(
    pipeline: Pipeline,
    images: Sequence[Source],
    writer: RowWriter,
    progress: Progress,
    options: ScoreOptions = ScoreOptions(),
) -> Tally:
    """Write one row an image.

    When it is stopped, or a process dies, the rows so far are kept and the error says how many.
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
        except Stopped as error:
            raise Interrupted(_kept("Scoring was stopped", tally, images, writer)) from error
        except NormocyteError as error:
            error.add_note(_kept("It happened", tally, images, writer))
            raise
    return tally


def _kept(what: str, tally: Tally, images: Sequence[Source], writer: RowWriter) -> str:
    return f"{what} after {tally.done} of {len(images)} images; the rows so far are in {writer.place}."


@dataclass(frozen=True)
class ScoreRequest:
    """Images to be scored, and where their rows go.

    Attributes:
        paths: files, folders, zips and CSV manifests.
        bundle: the folder of the bundle, or `shipped`.
        output: a file of rows, its form by its ending; None for CSV on standard output.
        maps: a folder for a picture of each cell; None for none.
        false_positive_rate: the share of healthy cells to be flagged; None for the bundle's own threshold.
        false_discovery_rate: takes the images for one smear; flags a list with this share of healthy cells.
        listed_by: the rule that makes this list.
        own_null: takes the images for one smear, judged by the bulk of its own cells.
        quality: adds what the gate measures of each image.
        workers: how many work at a time; 0 takes one a core. Below 1,200 images up to 4 are threads, unless
            maps are drawn.
    """

    paths: Sequence[Path]
    bundle: Path = DEFAULT
    output: Path | None = None
    maps: Path | None = None
    false_positive_rate: float | None = None
    false_discovery_rate: float | None = None
    listed_by: str = "benjamini_hochberg"
    own_null: bool = False
    quality: bool = False
    workers: int = 0


@dataclass(frozen=True)
class ScoreResult:
    """How many images got which verdict, and what the decisions state, in sentences."""

    tally: Tally
    stated: tuple[str, ...]


def score(request: ScoreRequest, progress: Progress, cancel: CancelToken | None = None) -> ScoreResult:
    """Write one row for each image.

    Args:
        request: the images, what scores them, and where the rows go.
        progress: hears how far it is, and sentences that a user should read at once.
        cancel: stops the work after a chunk; by default the current token.

    Returns:
        The counts and what the decisions state; the rows are in the file.

    Raises:
        Interrupted: it was stopped; it says how many rows are kept, and where.
        NormocyteError: of its kinds, for what cannot be used or written.
    """
    decision = DecisionOptions(
        request.false_positive_rate, request.false_discovery_rate, request.listed_by, request.own_null
    )
    together = decision.together(has_maps=request.maps is not None)
    bundle = open_bundle(request.bundle)
    pipeline = decision.at_rate(bundle.pipeline)
    columns = WITH_MAP if request.maps else COLUMNS
    writer = row_writer(
        request.output, (*columns, *quality_columns(pipeline.gate)) if request.quality else columns
    )
    with Engine(request.workers, may_thread=request.maps is None, ends_even=True) as engine:
        early = _early(request, bundle, pipeline, engine)
        found = images_of(request.paths)
        progress.tell(found.passed_over.sentence)
        _keep_inputs(request, found.images)
        task = early or _Judged(pipeline, _make_rows(request, bundle, pipeline, found.images))
        options = ScoreOptions(judge=together, cancel=cancel, begun=Begun(engine, task))
        tally = score_images(pipeline, found.images, writer, progress, options)
    stated = decision.stated(pipeline, together) if tally.scored else []
    return ScoreResult(tally, tuple(in_words(bundle.facts.words, sentence) for sentence in stated))


def _early(request: ScoreRequest, bundle: Bundle, pipeline: Pipeline, engine: Engine) -> _Judged | None:
    """For a large folder the task, with workers that begin before the images are listed; else None."""
    if request.maps is not None or not any(map(holds_many, request.paths)):
        return None
    task = _Judged(pipeline, _make_rows(request, bundle, pipeline, ()))
    engine.get_ready(task)
    return task


def _keep_inputs(request: ScoreRequest, images: Sequence[Source]) -> None:
    """OutputError for rows that would take the place of what is scored: a manifest, a zip, an image."""
    written = request.output and request.output.resolve()
    if written is None or not written.is_file():
        return
    taken = written.stat()
    named = {os.fspath(path) for path in (*request.paths, *(one.path for one in images))}
    alike = [Path(path) for path in named if _is(path, taken)]
    if written in map(Path.resolve, alike):
        raise OutputError(
            f"{request.output} is scored, so its rows cannot take its place; choose another file."
        )


def _is(path: str, there: os.stat_result) -> bool:
    """Whether a path leads to that file; to resolve thousands of paths would take longer."""
    try:
        return os.path.samestat(os.stat(path), there)  # noqa: PTH116 - half the time of Path.stat
    except OSError:
        return False


def _make_rows(
    request: ScoreRequest, bundle: Bundle, pipeline: Pipeline, images: Sequence[Source]
) -> MakeRows:
    make_rows: MakeRows = only_rows
    if request.maps is not None:
        from normocyte.workflows.scoring.maps import draw_maps

        thing = bundle.facts.words.thing
        make_rows = draw_maps(pipeline, images, request.paths, request.maps, thing)
    return WithQuality(make_rows, pipeline.gate) if request.quality else make_rows
