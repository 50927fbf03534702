"""Judges photos of a smear: grades them, finds their cells, cuts these out, asks the pipeline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.errors import ImageError
from normocyte.core.types import Image8, SegmentedCell, Source
from normocyte.foreground.lit import discs_kept
from normocyte.images.fingerprints import fingerprint
from normocyte.images.photos import read_pages
from normocyte.images.writing import jpeg_bytes
from normocyte.photo_checks.gate import FieldGate
from normocyte.pipeline.heat import heat_scale, views
from normocyte.pipeline.pipeline import NAN, Pipeline
from normocyte.reports.smear.outlines import outlined
from normocyte.results.smear import Aside, Detection, PhotoResult, Suspect
from normocyte.results.verdict import Cause, CauseCode, Grade, Outcome, Verdict
from normocyte.segmentation.boxes.box import Box
from normocyte.segmentation.boxes.boxed import Boxes, boxed_cells, slivers_said
from normocyte.segmentation.contract import Field, Segmenter
from normocyte.segmentation.support.crop import crop
from normocyte.segmentation.support.eyepiece import evenly_lit
from normocyte.segmentation.watershed import Watershed
from normocyte.wording.language import ENGLISH, speaking
from normocyte.workflows.smear.boxes import path_of
from normocyte.workflows.smear.detections import lit_as_known, may_be_red, photo_of
from normocyte.workflows.smear.one_finding import one_finding_each, with_share

_AROUND = 1.6
_MOST_ASIDE = 12


@dataclass(frozen=True)
class OddCell:
    """A cell that may be shown: the photo and its number there, its surroundings, and what a person saw.

    `cell` is what the pipeline was shown of it. A picture of what the detector made of it is drawn later, by
    `shown`, and only of those cells that are shown of all photos.
    """

    photo: str
    number: int
    image: Image8 = field(compare=False)
    cell: Image8 = field(compare=False)
    verdict: Verdict
    seen: str = ""


@dataclass(frozen=True)
class Judged:
    """A photo with the digest of its pixels, empty where it could not be read, and what is shown of it.

    That are its oddest cells, and what was set aside as no red cell with the least certainty. `picture` is
    the photo with outlines as a JPEG, empty where none was drawn.
    """

    photo: PhotoResult
    digest: str = ""
    suspects: tuple[OddCell, ...] = ()
    aside: tuple[Aside, ...] = ()
    picture: bytes = b""


@dataclass(frozen=True)
class PhotoJudge:
    """What judges photos: the pipeline, what finds their cells, and what grades them.

    At most `most` flagged cells of a photo are kept to be shown, and the nearest to these where there are
    fewer than `nearest`.
    """

    pipeline: Pipeline
    most: int = 200
    nearest: int = 24
    segmenter: Segmenter = field(default_factory=Watershed)
    gate: FieldGate = field(default_factory=FieldGate)


def judge_photo(pixels: Image8, name: str, judge: PhotoJudge, boxes: list[Box] | None = None) -> Judged:
    """One photo judged in memory: its grade, everything that was found in it, and the cells to be shown.

    Args:
        pixels: the photo, (height, width, 3) uint8 RGB.
        name: what the photo is called in the results.
        judge: what judges it.
        boxes: where its cells are; None to find them.

    Returns:
        The photo with a verdict on each red cell; nothing is written and no picture is drawn.

    Raises:
        ImageError: the pixels are no RGB photo, or the boxes do not fit it.
    """
    return _judged(pixels, name, judge, _found(pixels, judge, boxes), boxes)


def detected(pixels: Image8, found: Field, pipeline: Pipeline) -> tuple[Detection, ...]:
    """Everything that was found in a photo, with a verdict on what may be a red cell, whatever its grade."""
    return _asked(pixels, found, pipeline)[0]


def _asked(
    pixels: Image8, found: Field, pipeline: Pipeline
) -> tuple[tuple[Detection, ...], dict[int, Image8]]:
    """The same, and each cell with a verdict as the detector was shown it, by its place."""
    crops = {index: crop(pixels, cell) for index, cell in enumerate(found.cells) if may_be_red(cell)}
    cells = Thumbnails.of([*crops.values()])
    lit = lit_as_known(pipeline.gate, cells)
    verdicts = dict(zip(crops, pipeline.in_fields().verdicts(lit, cells), strict=True))
    detections = tuple(_thing(cell, verdicts.get(index)) for index, cell in enumerate(found.cells))
    return detections, dict(zip(crops, lit, strict=True))


@dataclass(frozen=True)
class JudgePhotos:
    """Judges each page of each file; a file that cannot be read is one photo that says why.

    `called` is what a photo is called where its file name alone would not do. Where there are `boxes`, they
    say where cells are. With `is_drawn` each photo is drawn with its outlines, on which the words are in
    `language`.
    """

    judge: PhotoJudge
    called: Mapping[Source, str] = field(default_factory=dict)
    boxes: Boxes = field(default_factory=lambda: Boxes({}, Path()))
    is_drawn: bool = True
    language: str = ENGLISH

    def __call__(self, sources: Sequence[Source]) -> list[Judged]:
        """Every page of these files, in order."""
        with discs_kept():
            return [judged for source in sources for judged in self._pages(source)]

    def _pages(self, source: Source) -> Iterator[Judged]:
        name = self.called.get(source, source.name)
        try:
            pages = [
                (pixels, _found(pixels, self.judge, self._boxes(source))) for pixels in read_pages(source)
            ]
        except ImageError as error:
            yield Judged(PhotoResult(name, Grade.NOT_READ, (Cause(CauseCode.NOT_READ, detail=str(error)),)))
            return
        for number, (pixels, found) in enumerate(pages, start=1):
            page = name + page_ending(number, len(pages))
            yield self._drawn(pixels, _judged(pixels, page, self.judge, found, self._boxes(source)))

    def _boxes(self, source: Source) -> list[Box] | None:
        return self.boxes.of(path_of(source)) if self.boxes.source.name else None

    def _drawn(self, pixels: Image8, judged: Judged) -> Judged:
        if not self.is_drawn:
            return judged
        with speaking(self.language):
            drawn = outlined(pixels, judged.photo.detections)
        return replace(judged, picture=jpeg_bytes(drawn))


def page_ending(number: int, pages: int) -> str:
    """What follows the name of a photo in that of one of its pages, from 1; nothing where it has only one."""
    return f"-page-{number}" if pages > 1 else ""


def _found(pixels: Image8, judge: PhotoJudge, boxes: list[Box] | None) -> Field:
    """The cells of a photo, found or given; ImageError for boxes that do not fit it."""
    found = judge.segmenter.segment(pixels)
    if boxes is None:
        return found
    cells = boxed_cells(pixels, boxes)
    sizes = [np.sqrt(cell.width * cell.height) for cell in cells]
    return Field(cells, float(np.median(sizes)) if sizes else NAN, found.bar_px)


def _judged(pixels: Image8, name: str, judge: PhotoJudge, found: Field, boxes: list[Box] | None) -> Judged:
    finding = judge.gate.assess(photo_of(pixels, found))
    lit: dict[int, Image8] = {}
    if finding.grade is Grade.UNUSABLE:
        detections = _unasked(found, finding.causes[0])
    else:
        seen = evenly_lit(pixels)
        detections, lit = _asked(seen, found, judge.pipeline)
        finding, detections = with_share(finding, detections)
        detections = one_finding_each(seen, detections, found.diameter_px)
    size = pixels.shape[1], pixels.shape[0]
    causes = (*finding.causes, *_left_out(boxes or (), size))
    photo = PhotoResult(name, finding.grade, causes, detections, "", found.diameter_px, size)
    suspects = tuple(_suspects(photo, pixels, lit, judge))
    return Judged(photo, fingerprint(pixels), suspects, _aside(name, pixels, detections))


def _left_out(boxes: Sequence[Box], size: tuple[int, int]) -> tuple[Cause, ...]:
    """That boxes of a photo are left out, if any are."""
    said = slivers_said(boxes, *size)
    return (Cause(CauseCode.BOXES_LEFT_OUT, detail=said),) if said else ()


def shown(cells: Sequence[OddCell], pipeline: Pipeline) -> tuple[Suspect, ...]:
    """The cells with what the detector made of each."""
    images = [one.cell for one in cells]
    made = views(pipeline, heat_scale(pipeline), images, [pipeline.prepare(image) for image in images])
    return tuple(
        Suspect(one.photo, one.number, one.image, view, one.verdict, one.seen)
        for one, view in zip(cells, made, strict=True)
    )


def _suspects(
    photo: PhotoResult, pixels: Image8, lit: Mapping[int, Image8], judge: PhotoJudge
) -> Iterator[OddCell]:
    """The cells with the highest scores; `lit` is what the detector was shown of each."""
    detections = photo.detections
    counted = [index for index, detection in enumerate(detections) if detection.is_counted]
    most = max(photo.flagged, judge.nearest)
    order = sorted(counted, key=lambda place: -detections[place].verdict.score)[: min(most, judge.most)]
    for place in order:
        around = _around(pixels, detections[place].cell)
        yield OddCell(photo.name, place + 1, around, lit[place], detections[place].verdict)


def _thing(cell: SegmentedCell, verdict: Verdict | None) -> Detection:
    if verdict is None:
        own = Cause(CauseCode.OTHER_KIND, detail=str(cell.kind))
        return _not_asked(cell, Cause(CauseCode.UNDER_ANNOTATION) if cell.is_covered else own)
    return Detection(cell, verdict, is_counted=verdict.outcome is not Outcome.NOT_ASSESSABLE)


def _unasked(found: Field, cause: Cause) -> tuple[Detection, ...]:
    """What was found in a photo that may not be assessed."""
    return tuple(_not_asked(cell, cause) for cell in found.cells)


def _not_asked(cell: SegmentedCell, cause: Cause) -> Detection:
    return Detection(cell, Verdict(Outcome.NOT_ASSESSABLE, NAN, NAN, cause), is_counted=False)


def _aside(name: str, pixels: Image8, detections: Sequence[Detection]) -> tuple[Aside, ...]:
    """What was set aside as no red cell with the least certainty."""
    unsure = [index for index, detection in enumerate(detections) if not np.isnan(detection.cell.certainty)]
    order = sorted(unsure, key=lambda place: detections[place].cell.certainty)[:_MOST_ASIDE]
    cells = [(place + 1, detections[place].cell) for place in order]
    return tuple(Aside(name, number, _around(pixels, cell), cell) for number, cell in cells)


def _around(pixels: Image8, cell: SegmentedCell) -> npt.NDArray[np.uint8]:
    """A square of the photo with the cell in its middle, as far as the photo goes."""
    side = round(_AROUND * max(cell.height, cell.width))
    top = max(0, cell.y + cell.height // 2 - side // 2)
    left = max(0, cell.x + cell.width // 2 - side // 2)
    return np.ascontiguousarray(pixels[top : top + side, left : left + side])
