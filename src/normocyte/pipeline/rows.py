"""The rows of images in memory: their verdicts, and fingerprints that tell copies."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from normocyte.core.types import Image8, Source
from normocyte.images.fingerprints import quick_fingerprint
from normocyte.pipeline.pipeline import Pipeline
from normocyte.results.verdict import Cause, CauseCode, Verdict
from normocyte.tables.writing import Row

PHOTO_SIDE = 400
"""A picture whose shorter side has so many pixels is rather a photo than a crop of one cell."""

MakeRows = Callable[[Sequence[Source], Sequence[Image8], Sequence[Verdict]], list[Row]]
"""One row for each image and its verdict, in order; it may do more with them, such as draw."""


def only_rows(sources: Sequence[Source], _: Sequence[Image8], verdicts: Sequence[Verdict]) -> list[Row]:
    """The rows and nothing else."""
    return [Row.of(str(source), verdict) for source, verdict in zip(sources, verdicts, strict=True)]


def rows_of(
    pipeline: Pipeline, make_rows: MakeRows, sources: Sequence[Source], images: Sequence[Image8]
) -> list[Row]:
    """The rows of images in memory, each called by its source."""
    rows = make_rows(sources, images, pipeline.verdicts(images))
    return [_known_by(row, image) for row, image in zip(rows, images, strict=True)]


def _known_by(row: Row, image: Image8) -> Row:
    """The row with the fingerprint of its image and, where it is refused, the size of a large one."""
    cause = _with_size(row.cause, image) if row.cause else None
    picture = quick_fingerprint(image)
    values = row.path, row.score, row.flagged, row.p_value, row.verdict
    return Row(*values, cause, row.map, row.quality, picture)  # a third of the time of `replace`


def _with_size(cause: Cause | None, image: Image8) -> Cause | None:
    """The refusal of a picture as large as a photo, with its width and height; else as it is."""
    height, width = image.shape[:2]
    if cause is None or not cause.is_refusal or min(height, width) < PHOTO_SIDE:
        return cause
    return Cause(CauseCode.PERHAPS_A_PHOTO, limits=(width, height), inner=cause)
