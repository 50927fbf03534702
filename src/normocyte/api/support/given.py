"""Images that were given, and what is made of them: rows of scores, and pixels."""

from dataclasses import dataclass
from pathlib import Path

from normocyte.core.errors import ImageError
from normocyte.core.progress import Progress
from normocyte.core.types import Image8, Source
from normocyte.engine.pool import read_all
from normocyte.pipeline.pipeline import Pipeline
from normocyte.pipeline.rows import MakeRows, rows_of
from normocyte.tables.writing import Row
from normocyte.workflows.scoring.score import ScoreOptions, rows

_CHUNK = 64


@dataclass(frozen=True)
class Given:
    """Images that were given: either `arrays` in memory, or `sources` to be read."""

    arrays: tuple[Image8, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What each image is called: its path, or its place among the arrays from 0."""
        return tuple(map(str, self.sources)) or tuple(map(str, range(len(self.arrays))))


def rows_given(
    pipeline: Pipeline, taken: Given, make: MakeRows, workers: int, progress: Progress
) -> list[Row]:
    """One row an image, in their order."""
    if taken.sources:
        return list(rows(pipeline, taken.sources, progress, ScoreOptions(workers, make)))
    sources = [Source(Path(name)) for name in taken.names]
    progress.begin("Scoring", len(sources))
    found: list[Row] = []
    for begin in range(0, len(sources), _CHUNK):
        chunk = slice(begin, begin + _CHUNK)
        found += rows_of(pipeline, make, sources[chunk], taken.arrays[chunk])
        progress.advance(len(sources[chunk]))
    return found


def pixels_given(taken: Given) -> tuple[Image8, ...]:
    """The pixels of each image; ImageError for the first file that cannot be read."""
    if taken.arrays:
        return taken.arrays
    images, faults = read_all(taken.sources)
    if faults:
        raise ImageError(next(iter(faults.values())))
    return tuple(images)
