"""Cuts red cells out of photos, once, into a folder that a training reads as a set; sets odd ones aside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from normocyte.cell_checks.gate import Gate
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.errors import DatasetError, ImageError
from normocyte.core.files import csv_text, make_folder, write_bytes, write_text
from normocyte.core.names.safe import folders_of, map_names
from normocyte.core.percent import percent
from normocyte.core.progress import Progress
from normocyte.core.seeds import generator
from normocyte.core.types import HEALTHY, Flags, Image8, Part, Source
from normocyte.datasets.splits.split import Split
from normocyte.engine.pool import over_chunks
from normocyte.images.fingerprints import duplicates, fingerprint
from normocyte.images.photos import read_pages
from normocyte.images.writing import png_bytes
from normocyte.photo_checks.gate import FieldGate
from normocyte.pipeline.pipeline import Pipeline
from normocyte.results.verdict import Grade
from normocyte.segmentation.contract import Segmenter
from normocyte.segmentation.support.crop import crop
from normocyte.segmentation.support.eyepiece import evenly_lit
from normocyte.segmentation.watershed import Watershed
from normocyte.wording.causes import sentence
from normocyte.workflows.smear.detections import lit_as_known, may_be_red, photo_of

MANIFEST = "cells.csv"
OF_LEARNING = 0.05
OF_CALIBRATION = 0.02


@dataclass(frozen=True)
class Cut:
    """What was cut: the manifest, the cells of how many photos, and the others with their reasons.

    `scores` is what the bundle gives each cell, by its path; NaN for one that it cannot score.
    """

    manifest: Path
    scores: dict[Path, float]
    photos: int
    unusable: tuple[str, ...]


@dataclass(frozen=True)
class _Photo:
    """The scores of a photo's cells by their paths, or why there are none, and its pages' fingerprints."""

    source: Source
    cells: dict[str, float]
    reason: str
    pictures: str = ""


@dataclass(frozen=True)
class _CutPhoto:
    """Cuts the cells of photos into a folder for each, and scores them, whatever a gate would say."""

    pipeline: Pipeline
    names: dict[Source, str]
    folder: Path
    most: int
    seed: int
    segmenter: Segmenter = field(default_factory=Watershed)
    gate: FieldGate = field(default_factory=FieldGate)

    def __call__(self, sources: Sequence[Source]) -> list[_Photo]:
        return [self._cut(source) for source in sources]

    def _cut(self, source: Source) -> _Photo:
        try:
            pages = list(read_pages(source))
        except ImageError as error:
            return _Photo(source, {}, str(error))
        cells: list[Image8] = []
        for pixels in pages:
            found = self.segmenter.segment(pixels)
            finding = self.gate.assess(photo_of(pixels, found))
            if finding.grade is Grade.UNUSABLE:
                return _Photo(source, {}, f"{source.name}: {sentence(finding.causes[0])}")
            seen = evenly_lit(pixels)
            cells += [crop(seen, cell) for cell in found.cells if may_be_red(cell)]
        chosen = sorted(generator(self.seed, "cut", source.name).permutation(len(cells))[: self.most])
        pictures = " ".join(fingerprint(pixels) for pixels in pages)
        paths = [self._written(source, number, cells[number]) for number in chosen]
        scores = self._scores([cells[number] for number in chosen])
        return _Photo(source, dict(zip(paths, scores, strict=True)), "", pictures)

    def _scores(self, cells: list[Image8]) -> list[float]:
        lit = lit_as_known(self.pipeline.gate, Thumbnails.of(cells))
        return [verdict.score for verdict in replace(self.pipeline, gate=Gate()).verdicts(lit)]

    def _written(self, source: Source, number: int, cell: Image8) -> str:
        place = Path(self.names[source]).with_suffix("") / f"{number + 1:04d}.png"
        make_folder(self.folder / place.parent)
        write_bytes(self.folder / place, png_bytes(cell))
        return place.as_posix()


def cut_cells(
    pipeline: Pipeline, photos: Sequence[Source], folder: Path, most: int, by_folder: bool, progress: Progress
) -> Cut:
    """At most so many cells, evenly over the photos, as PNG files with a manifest that calls them healthy.

    The photo stands for the patient, or its folder where patients have folders. A picture that comes twice,
    under whatever name, is used once. DatasetError when no photo can be used.
    """
    make_folder(folder)
    names = map_names(photos)
    progress.begin("Cutting cells", len(photos))
    task = _CutPhoto(pipeline, names, folder, max(1, -(-most // len(photos))), 0)
    chunks = over_chunks(task, list(photos), progress, size=1)
    results = _without_repeats([one for chunk in chunks for one in chunk])
    used = [one for one in results if one.cells]
    unusable = tuple(
        one.reason or f"{one.source.name} shows no red cell." for one in results if not one.cells
    )
    if not used:
        raise DatasetError(
            f"None of {len(photos)} photos shows cells that can be used. The first: {unusable[0]}"
        )
    patients = _patients(photos, names, by_folder)
    rows = [(path, HEALTHY, patients[one.source]) for one in used for path in one.cells]
    write_text(folder / MANIFEST, csv_text(("path", "label", "patient"), rows))
    scores = {folder / path: score for one in used for path, score in one.cells.items()}
    return Cut(folder / MANIFEST, scores, len(used), unusable)


def _without_repeats(photos: Sequence[_Photo]) -> list[_Photo]:
    """The same photos, where one whose picture came before gives no cells."""
    read = [index for index, one in enumerate(photos) if one.pictures]
    pairs = duplicates([photos[place].pictures for place in read])
    first = {read[later]: photos[read[earlier]] for later, earlier in pairs}
    return [_again(one, first[index]) if index in first else one for index, one in enumerate(photos)]


def _again(one: _Photo, first: _Photo) -> _Photo:
    return _Photo(one.source, {}, f"{one.source} is the same picture as {first.source}, which is used.")


def _patients(photos: Sequence[Source], names: dict[Source, str], by_folder: bool) -> dict[Source, str]:
    """The patient of each photo: its folder, with as many folders above it as it takes, or the photo."""
    if by_folder:
        return {source: "/".join(parts) for source, parts in folders_of(photos).items()}
    return {source: Path(names[source]).with_suffix("").as_posix() for source in photos}


@dataclass(frozen=True)
class SetAside:
    """How many of so many cells to learn from, and to calibrate with, were left out."""

    learning: int
    of_learning: int
    calibration: int
    of_calibration: int

    @property
    def sentence(self) -> str:
        """What was set aside, why, and what follows where those cells were healthy all the same."""
        share = self.calibration / self.of_calibration
        doubt = (
            f" If they are healthy, the threshold flags up to {percent(share)} more than it states."
            if self.calibration
            else ""
        )
        return (
            f"Set aside, because the given bundle flags them and they may be infected: "
            f"{self.learning:,} of {self.of_learning:,} cells to learn from and {self.calibration:,} of "
            f"{self.of_calibration:,} calibration cells.{doubt}"
        )


def set_aside(parts: Split, scores: Mapping[Path, float], cut: float) -> tuple[Split, SetAside]:
    """The split without the cells that are odd to a bundle which gave them these scores, by their path.

    Of the cells to learn from it leaves out the oddest 5 %: a network or a tail learns little from cells that
    are common, and 2 % infected ones spoil it. Of calibration cells only those above the bundle's own
    threshold, for each healthy one that is missing raises the rate at which healthy cells are flagged, and at
    most the oddest 2 %, for the bundle's threshold may not hold at this site.
    """
    own = np.array([scores[record.source.path] for record in parts.records])
    standing = np.array(parts.parts)
    learning = np.isin(standing, [Part.TRAIN, Part.HELD_OUT])
    calibration = standing == Part.CALIBRATION
    odd_learning = learning & _oddest(own, learning, OF_LEARNING)
    odd_calibration = calibration & (own > cut) & _oddest(own, calibration, OF_CALIBRATION)
    counts = (int(np.count_nonzero(rows)) for rows in (odd_learning, learning, odd_calibration, calibration))
    left_out = odd_learning | odd_calibration
    kept = tuple(Part.LEFT_OUT if odd else part for odd, part in zip(left_out, parts.parts, strict=True))
    return replace(parts, parts=kept), SetAside(*counts)


def _oddest(scores: npt.NDArray[np.float64], among: Flags, share: float) -> Flags:
    """Which lie above the quantile that this share of those `among` exceeds; never one without a score."""
    known = scores[among & np.isfinite(scores)]
    return scores > (np.quantile(known, 1 - share, method="higher") if len(known) else np.inf)
