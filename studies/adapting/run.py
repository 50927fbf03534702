"""What `normocyte adapt` gains, and how many infected cells among the presumed-healthy ones it forgives.

    python -m studies.adapting --data IML

The cells that the segmentation finds in every second IML field by name teach, with a chosen share of
annotated infected cells among them, but for fields that overlap with one of the others; those of the others
are judged. Cells are cut and scored once,
below --out; each adapted bundle is kept there, so the study can be stopped and goes on. Writes --page.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, product
from pathlib import Path

import cv2
import numpy as np
from sklearn.metrics import roc_auc_score

from normocyte.cell_checks.gate import Gate
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.files import csv_text, make_folder, write_bytes, write_text
from normocyte.core.progress import Silent
from normocyte.core.seeds import generator
from normocyte.core.types import HEALTHY as CALLED_HEALTHY
from normocyte.core.types import Image8, Source
from normocyte.images.reading import read
from normocyte.images.writing import png_bytes
from normocyte.photo_checks.gate import FieldGate
from normocyte.pipeline.bundle.bundle import Bundle, load_bundle
from normocyte.pipeline.bundle.folder import bundle_folder
from normocyte.pipeline.pipeline import Pipeline
from normocyte.results.verdict import Grade, Outcome, Verdict
from normocyte.segmentation.support.crop import crop
from normocyte.segmentation.watershed import Watershed
from normocyte.workflows.site.adapt import AdaptOptions, adapt_to
from normocyte.workflows.site.cut_cells import Cut
from normocyte.workflows.smear.detections import lit_as_known, may_be_red, photo_of
from studies.adapting.apart import overlapping
from studies.adapting.findings import PAGE, SHARES, SHIPPED, adapted_with
from studies.kit.common import Row, kept, machine
from studies.kit.fields import HEALTHY, STAGES
from studies.kit.tables import Table
from studies.smears.boxes import NO_BOX, Boxes, iml_boxes, places_of

SPECIFICITIES = (0.95, 0.99, 0.995)


@dataclass(frozen=True)
class Cells:
    """The annotated cells of a field: pictures and names."""

    pictures: list[Image8]
    names: list[str]


def found(path: Path, boxes: Boxes) -> Cells:
    """Every red cell of a field that a box names, cut out; none of a photo that is no good."""
    pixels = read(Source(path))
    field = Watershed().segment(pixels)
    if FieldGate().assess(photo_of(pixels, field)).grade is Grade.UNUSABLE:
        return Cells([], [])
    places = zip(field.cells, places_of(field.cells, boxes), strict=True)
    named = [(cell, boxes[place][0]) for cell, place in places if place != NO_BOX and may_be_red(cell)]
    asked = [(cell, name) for cell, name in named if name in (HEALTHY, *STAGES)]
    return Cells([crop(pixels, cell) for cell, _ in asked], [name for _, name in asked])


def scores(pipeline: Pipeline, cells: Sequence[Image8]) -> list[float]:
    """What a pipeline gives them, whatever its checks say."""
    lit = lit_as_known(pipeline.gate, Thumbnails.of(cells))
    free = Pipeline(**{**vars(pipeline), "gate": Gate()})
    return [verdict.score for verdict in free.verdicts(lit)]


def written(given: Pipeline, fields: dict[Path, Boxes], folder: Path) -> Row:
    """The annotated cells of the fields as files, with what the given bundle says of each."""
    rows = []
    for path, boxes in fields.items():
        cells = found(path, boxes)
        make_folder(folder / path.stem)
        own = scores(given, cells.pictures) if cells.pictures else []
        for number, (picture, name, score) in enumerate(zip(cells.pictures, cells.names, own, strict=True)):
            place = f"{path.stem}/{number:04d}.png"
            write_bytes(folder / place, png_bytes(picture))
            rows.append({"path": place, "photo": path.stem, "name": name, "score": score})
    return {"rows": rows}


def drawn(rows: Sequence[Row], share: float, count: int, seed: int) -> list[Row]:
    """So many cells, this share of them infected, the others and these evenly over nothing but chance."""
    rng = generator(seed, "adapt")
    groups = [[row for row in rows if (row["name"] == HEALTHY) is is_healthy] for is_healthy in (True, False)]
    infected = round(share * count)
    chosen = [
        rng.permutation(len(own))[:most]
        for own, most in zip(groups, (count - infected, infected), strict=True)
    ]
    return [groups[0][row] for row in chosen[0]] + [groups[1][row] for row in chosen[1]]


def cut_of(rows: Sequence[Row], folder: Path, name: str) -> Cut:
    """These cells as `adapt` would have cut them: all called healthy, a photo the patient."""
    lines = [(row["path"], CALLED_HEALTHY, row["photo"]) for row in rows]
    manifest = folder / f"{name}.csv"
    write_text(manifest, csv_text(("path", "label", "patient"), lines))
    known = {folder / row["path"]: row["score"] for row in rows}
    return Cut(manifest, known, len({row["photo"] for row in rows}), ())


def judged(pipeline: Pipeline, rows: Sequence[Row], folder: Path) -> Row:
    """Scores and verdicts of the cells of the fields that were kept apart, lit photo by photo."""
    verdicts: list[Verdict] = []
    for _, own in groupby(rows, lambda row: row["photo"]):
        pictures = [read(Source(folder / row["path"])) for row in own]
        verdicts += pipeline.verdicts(lit_as_known(pipeline.gate, Thumbnails.of(pictures)))
    return {
        "names": [row["name"] for row in rows],
        "scores": [float(np.nan_to_num(verdict.score)) for verdict in verdicts],
        "outcomes": [str(verdict.outcome) for verdict in verdicts],
    }


def line(name: str, found: Row) -> list[str]:
    """A line of the table."""
    names, values, outcomes = (np.array(found[key]) for key in ("names", "scores", "outcomes"))
    answered = outcomes != str(Outcome.NOT_ASSESSABLE)
    healthy, infected = names == HEALTHY, names != HEALTHY
    one, other = values[answered & healthy], values[answered & infected]
    area = roc_auc_score(np.repeat([0, 1], [len(one), len(other)]), np.r_[one, other])
    flagged = outcomes == str(Outcome.SUSPICIOUS)
    return [
        name,
        f"{100 * np.mean(~answered[healthy]):.2f} %",
        f"{area:.3f}",
        *(f"{np.mean(other > cut):.2f}" for cut in np.quantile(one, SPECIFICITIES)),
        f"{100 * np.mean(flagged[answered & healthy]):.2f} %",
        f"{100 * np.mean(flagged[answered & infected]):.0f} %",
    ]


def apart(teaching: list[Row], others: list[Row], pairs: Sequence[Sequence[str]]) -> list[Row]:
    """The cells to learn from, without those of photos that share cells with a judged one."""
    judged_photos = {row["photo"] for row in others}
    shown = {name for pair in pairs if set(pair) & judged_photos for name in pair}
    return [row for row in teaching if row["photo"] not in shown]


def study(given: Bundle, fields: dict[Path, Boxes], asked: argparse.Namespace) -> list[list[str]]:
    """The given bundle and the adapted ones on the fields that were kept apart."""
    folder = make_folder(asked.out / "cells")
    teaching, others = (
        kept(
            asked.out / f"cells-{start}.json",
            lambda start=start: written(given.pipeline, dict(list(fields.items())[start::2]), folder),
        )["rows"]
        for start in (0, 1)
    )
    pairs = kept(asked.out / "overlapping.json", lambda: overlapping(list(fields)))["pairs"]
    teaching = apart(teaching, others, pairs)
    found = {SHIPPED: kept(asked.out / "given.json", lambda: judged(given.pipeline, others, folder))}
    for share, seed in product(SHARES, range(asked.seeds)):
        name = f"share-{share:g}-{seed}"
        cut = cut_of(drawn(teaching, share, asked.cells, seed), folder, name)

        def made(cut: Cut = cut, name: str = name, seed: int = seed) -> Row:
            adapted = adapt_to(given, cut, asked.out / name / "bundle", AdaptOptions(seed=seed), Silent())
            print(adapted.aside.sentence)
            return judged(adapted.trained.bundle.pipeline, others, folder)

        title = f"{adapted_with(share)}, draw {seed + 1}"
        found[title] = kept(asked.out / f"{name}.json", made)
    return [line(name, row) for name, row in found.items()]


def main() -> None:
    """Make what is missing, print the table, write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the IML malaria fields")
    parser.add_argument("--bundle", type=Path, default=bundle_folder(Path("shipped")))
    parser.add_argument("--cells", type=int, default=3000)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("runs/adapt"))
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/adapt.md"))
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    fields = iml_boxes(asked.data)
    lines = study(load_bundle(asked.bundle), fields, asked)
    columns = (
        "bundle",
        "healthy refused",
        "AUROC",
        *(f"sens. at {100 * share:g} %" for share in SPECIFICITIES),
    )
    table = Table.of((*columns, "healthy flagged", "infected flagged"), lines)
    facts = {"fields": len(fields), "cells": f"{asked.cells:,}", "machine": machine()}
    PAGE.keep({"adapted": table}, facts)
    PAGE.write(asked.page)
    print(table)


if __name__ == "__main__":
    main()
