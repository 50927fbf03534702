"""Judges photos of a smear: grades them, finds their cells, cuts these out, asks the pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from normocyte.core.arrays import Image8
from normocyte.core.errors import ImageError
from normocyte.core.files import make_folder, write_bytes
from normocyte.core.types import SegmentedCell, Source
from normocyte.images.fingerprints import fingerprint
from normocyte.images.photos import read_pages
from normocyte.images.writing import jpeg_bytes
from normocyte.photo_checks.gate import FieldGate
from normocyte.pipeline.pipeline import NAN, Pipeline
from normocyte.pipeline.views import heat_scale, views
from normocyte.reports.smear.outlines import outlined
from normocyte.results.cause import Cause, CauseCode
from normocyte.results.grade import Grade
from normocyte.results.smear import Aside, Detection, PhotoResult, Suspect
from normocyte.results.verdict import Outcome, Verdict
from normocyte.segmentation.boxes.boxed import Boxes, boxed_cells
from normocyte.segmentation.contract import Field, Segmenter
from normocyte.segmentation.support.crop import crop
from normocyte.segmentation.support.eyepiece import evenly_lit
from normocyte.segmentation.watershed import Watershed
from normocyte.workflows.smear.boxes import path_of, slivers_of
from normocyte.workflows.smear.brightness import lit_as_known
from normocyte.workflows.smear.detections import may_be_red, photo_of
from normocyte.workflows.smear.one_finding import one_finding_each
from normocyte.workflows.smear.representative import with_share

_AROUND = 1.6
_MOST_ASIDE = 12

Crops = dict[int, Image8]
"""Cells that were cut out, by their place among the things of their photo."""


@dataclass(frozen=True)
class Judged:
    """A photo with the digest of its pixels, empty where it could not be read, and what is shown of it.

    That are its oddest cells, and what was set aside as no red cell with the least certainty.
    """

    photo: PhotoResult
    digest: str = ""
    suspects: tuple[Suspect, ...] = ()
    aside: tuple[Aside, ...] = ()


@dataclass(frozen=True)
class JudgePhotos:
    """Judges each page of each photo; a photo that cannot be read is one that says why.

    `names` are the pictures with outlines, below `folder`; at most `most` flagged cells of a photo are kept
    to be shown, and the nearest to these where there are fewer than `nearest`.
    Where there are `boxes`, they say where cells are. `called` is what a photo is called where its file name
    alone would not do.
    """

    pipeline: Pipeline
    names: dict[Source, str]
    folder: Path
    most: int = 200
    nearest: int = 24
    segmenter: Segmenter = field(default_factory=Watershed)
    gate: FieldGate = field(default_factory=FieldGate)
    boxes: Boxes = field(default_factory=lambda: Boxes({}, Path()))
    called: dict[Source, str] = field(default_factory=dict)

    def __call__(self, sources: Sequence[Source]) -> list[Judged]:
        """Every page of these photos, in order."""
        return [judged for source in sources for judged in self._pages(source)]

    def _pages(self, source: Source) -> Iterator[Judged]:
        name = self.called.get(source, source.name)
        try:
            pages = [(pixels, self._found(path_of(source), pixels)) for pixels in read_pages(source)]
        except ImageError as error:
            yield Judged(PhotoResult(name, Grade.NOT_READ, (Cause(CauseCode.NOT_READ, detail=str(error)),)))
            return
        for number, (pixels, found) in enumerate(pages, start=1):
            page = f"-page-{number}" if len(pages) > 1 else ""
            place = Path(self.names[source])
            picture = place.with_stem(place.stem + page).as_posix()
            judged = self._judged(name + page, pixels, found, picture)
            yield _with_causes(judged, slivers_of(self.boxes, path_of(source), pixels))

    def _found(self, path: str, pixels: Image8) -> Field:
        """The cells of a photo, found or given; ImageError for boxes that do not fit it."""
        found = self.segmenter.segment(pixels)
        if not self.boxes.source.name:
            return found
        cells = boxed_cells(pixels, self.boxes.of(path))
        sizes = [np.sqrt(cell.width * cell.height) for cell in cells]
        return Field(cells, float(np.median(sizes)) if sizes else NAN, found.bar_px)

    def _judged(self, name: str, pixels: Image8, found: Field, picture: str) -> Judged:
        finding = self.gate.assess(photo_of(pixels, found))
        if finding.grade is Grade.UNUSABLE:
            crops, detections = {}, _unasked(found, finding.causes[0])
        else:
            seen = evenly_lit(pixels)
            crops = self._crops(seen, found)
            finding, detections = with_share(finding, self._things(found, crops))
            detections = one_finding_each(seen, detections, found.diameter_px)
        size = pixels.shape[1], pixels.shape[0]
        photo = PhotoResult(name, finding.grade, finding.causes, detections, picture, found.diameter_px, size)
        make_folder((self.folder / picture).parent)
        write_bytes(self.folder / picture, jpeg_bytes(outlined(pixels, detections)))
        suspects = tuple(self._suspects(name, pixels, detections, crops))
        return Judged(photo, fingerprint(pixels), suspects, _aside(name, pixels, detections))

    def _crops(self, pixels: Image8, found: Field) -> Crops:
        """What may be a red cell, cut out."""
        return {index: crop(pixels, cell) for index, cell in enumerate(found.cells) if may_be_red(cell)}

    def _lit(self, cells: Sequence[Image8]) -> list[Image8]:
        """The cells as bright as those were that the bundle knows."""
        return lit_as_known(self.pipeline.gate, cells)

    def _things(self, found: Field, crops: Crops) -> tuple[Detection, ...]:
        """Everything in the photo, with a verdict on what was cut out."""
        cells = [*crops.values()]
        asked = self.pipeline.in_fields().verdicts(self._lit(cells), cells)
        verdicts = dict(zip(crops, asked, strict=True))
        return tuple(_thing(cell, verdicts.get(index)) for index, cell in enumerate(found.cells))

    def _suspects(
        self, name: str, pixels: Image8, detections: Sequence[Detection], crops: Crops
    ) -> Iterator[Suspect]:
        """The cells with the highest scores, with what the detector made of them."""
        counted = [index for index, detection in enumerate(detections) if detection.is_counted]
        most = max(sum(detection.is_flagged for detection in detections), self.nearest)
        order = sorted(counted, key=lambda place: -detections[place].verdict.score)[: min(most, self.most)]
        cells = self._lit([crops[place] for place in order])
        samples = [self.pipeline.prepare(cell) for cell in cells]
        for place, view in zip(
            order, views(self.pipeline, heat_scale(self.pipeline), cells, samples), strict=True
        ):
            around = _around(pixels, detections[place].cell)
            yield Suspect(name, place + 1, around, view, detections[place].verdict)


def _with_causes(judged: Judged, causes: tuple[Cause, ...]) -> Judged:
    photo = judged.photo
    return replace(judged, photo=replace(photo, causes=(*photo.causes, *causes))) if causes else judged


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
