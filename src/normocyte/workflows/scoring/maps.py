"""Draws a picture of each scored cell into a folder, beside its row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from normocyte.core.errors import ImageError, OutputError
from normocyte.core.files import keep_apart, make_folder, replacing
from normocyte.core.names.hidden import shown
from normocyte.core.names.safe import map_names
from normocyte.core.types import Image8, Sample, Source
from normocyte.pipeline.heat import HeatScale, heat_scale, not_finite, views
from normocyte.pipeline.pipeline import Pipeline
from normocyte.reports.cell_map import HEAD_BYTES, CellMap, draw_cell_map, is_cell_map
from normocyte.results.evaluation import View
from normocyte.results.verdict import Cause, CauseCode, Outcome, Verdict
from normocyte.tables.writing import NAN, Row


@dataclass(frozen=True)
class DrawMaps:
    """Makes rows and, for every cell that can be assessed, a picture that the row names."""

    pipeline: Pipeline
    folder: Path
    names: dict[Source, str]
    scale: HeatScale
    strength: float
    thing: str = "cell"

    def __call__(
        self, sources: Sequence[Source], images: Sequence[Image8], verdicts: Sequence[Verdict]
    ) -> list[Row]:
        """One row an image, in order; OutputError when a picture cannot be written."""
        prepared = (
            None if verdict.cause and verdict.cause.is_refusal else self._prepared(image)
            for image, verdict in zip(images, verdicts, strict=True)
        )
        samples = {index: sample for index, sample in enumerate(prepared) if sample}
        shown = views(self.pipeline, self.scale, [images[place] for place in samples], [*samples.values()])
        rows = [Row.of(str(source), verdict) for source, verdict in zip(sources, verdicts, strict=True)]
        for place, view in zip(samples, shown, strict=True):
            rows[place] = self._row(sources[place], view, verdicts[place])
        return rows

    def _prepared(self, image: Image8) -> Sample | None:
        try:
            return self.pipeline.prepare(image)
        except ImageError:
            return None  # its verdict says why

    def _row(self, source: Source, view: View, verdict: Verdict) -> Row:
        bad = not_finite(view)
        if bad:
            cause = Cause(CauseCode.MAP_NOT_FINITE, value=bad, detail=shown(source.name))
            return Row.of(str(source), Verdict(Outcome.NOT_ASSESSABLE, NAN, NAN, cause))
        if verdict.cause:
            return Row.of(str(source), verdict)
        self._draw(source, view, verdict)
        return replace(Row.of(str(source), verdict), map=self.names[source])

    def _draw(self, source: Source, view: View, verdict: Verdict) -> None:
        drawn = draw_cell_map(
            CellMap(
                view,
                source.name,
                str(verdict.outcome),
                verdict.is_flagged,
                verdict.score,
                self.pipeline.threshold.cut,
                verdict.p_value,
                self.strength,
                self.thing,
            )
        )
        with replacing(self.folder / self.names[source]) as temporary:
            temporary.write_bytes(drawn)  # not forced to disk one by one: there may be thousands


def draw_maps(
    pipeline: Pipeline, images: Sequence[Source], paths: Sequence[Path], folder: Path, thing: str = "cell"
) -> DrawMaps:
    """What draws the pictures of these images, found in these paths, into this folder; `thing` names one.

    A picture of an earlier run is replaced, everything else in the folder stays. OutputError when it lies
    among the images, where the next run would take pictures for cells, or holds another file in the place of
    a picture.
    """
    keep_apart(folder, paths)
    names = map_names(images)
    _need_free(make_folder(folder), names)
    scale = heat_scale(pipeline)
    return DrawMaps(pipeline, folder, names, scale, scale.strength(), thing)


def _need_free(folder: Path, names: dict[Source, str]) -> None:
    others = [name for name in names.values() if _is_other(folder / name)]
    if others:
        raise OutputError(
            f"{folder / others[0]} exists and was not made by normocyte score ({len(others)} such files). "
            "It is left as it is; choose another folder."
        )


def _is_other(place: Path) -> bool:
    try:
        with place.open("rb") as file:
            return not is_cell_map(file.read(HEAD_BYTES))
    except FileNotFoundError:
        return False
    except OSError:  # a folder, or what cannot be read
        return True
