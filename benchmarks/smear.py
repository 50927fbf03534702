"""What `normocyte smear` finds in real fields of other laboratories: photos, cells, verdicts, time.

    python benchmarks/smear.py --data IML --bccd BCCD [--adapted BUNDLE]

Judges every field of the IML malaria fields and of BCCD (no malaria) as the command does, with the bundle
that comes along, and names each cell by the annotated box that it shares most with. With --adapted, a bundle
that `normocyte adapt` made of every second field by name, the other half is judged by it too. What was judged
is kept in --out; the page is written with --page.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from sklearn.metrics import roc_auc_score

from _common import Row, kept, machine, markdown
from _fields import HEALTHY, SCALE_BAR, STAGES
from _smear_boxes import Boxes, bccd_boxes, iml_boxes, labels_of
from normocyte.core.files import write_text
from normocyte.core.types import CellKind, Source
from normocyte.fields._gate import Grade
from normocyte.images.reading import read
from normocyte.pipeline.bundle import load_bundle
from normocyte.pipeline.shipped import bundle_folder
from normocyte.workflows._field_cells import photo_of
from normocyte.workflows._photos import JudgePhotos

SPECIFICITIES = (0.95, 0.99, 0.995)
SUSPICIOUS, UNASKED = "suspicious", "not assessable"
_ASKED = (CellKind.RED_CELL, CellKind.OVERLAPPING)
KIND, NAME, SCORE, VERDICT, REASON = range(5)


def judged(judge: JudgePhotos, path: Path, boxes: Boxes) -> Row:
    """What was found in one field: its grade, and for each thing kind, name, score, verdict and reason."""
    begin = time.process_time()
    pixels = read(Source(path))
    found = judge.segmenter.segment(pixels)
    finding = judge.gate.assess(photo_of(pixels, found))
    is_used = finding.grade is not Grade.UNUSABLE
    things = judge._things(found, judge._crops(pixels, found)) if is_used else ()
    seconds = time.process_time() - begin
    names = labels_of([thing.cell for thing in things], boxes)
    rows = [
        [
            str(thing.cell.kind),
            name,
            np.nan_to_num(thing.verdict.score),
            str(thing.verdict.outcome),
            thing.verdict.reason,
        ]
        for thing, name in zip(things, names, strict=True)
    ]
    return {"grade": str(finding.grade), "reasons": list(finding.reasons), "seconds": seconds, "rows": rows}


def all_judged(bundle: Path, fields: dict[Path, Boxes], out: Path) -> list[Row]:
    """Every field judged by a bundle, each kept in a file."""
    judge = JudgePhotos(load_bundle(bundle).pipeline, {}, out)
    return [
        kept(out / f"{path.stem}.json", lambda path=path, boxes=boxes: judged(judge, path, boxes))
        for path, boxes in fields.items()
    ]


def is_under_bar(box: tuple[float, float, float, float]) -> bool:
    """True for a box that touches the scale bar of the IML fields."""
    left, top, right, bottom = box
    return left <= SCALE_BAR[2] and right >= SCALE_BAR[0] and top <= SCALE_BAR[3] and bottom >= SCALE_BAR[1]


def photo_table(sets: dict[str, list[Row]]) -> str:
    """The grades of the photos and how long one takes."""
    rows = []
    for name, found in sets.items():
        grades = Counter(one["grade"] for one in found)
        seconds = np.median([one["seconds"] for one in found])
        rows.append([name, f"{len(found)}", *(f"{grades[grade]}" for grade in Grade), f"{seconds:.2f}"])
    return markdown(("fields", "number", *Grade, "processor seconds a field"), rows)


def cell_row(name: str, found: Sequence[Row], boxes: Sequence[Boxes]) -> list[str]:
    """What becomes of annotated cells: counted, ranked, flagged."""
    own = [row for one in found for row in one["rows"] if row[KIND] in _ASKED]
    healthy = [row for row in own if row[NAME] == HEALTHY]
    infected = [row for row in own if row[NAME] in STAGES]
    annotated = Counter(kind for one in boxes for kind, box in one if not is_under_bar(box))
    scores = [
        np.array([row[SCORE] for row in rows if row[VERDICT] != UNASKED]) for rows in (healthy, infected)
    ]
    cuts = np.quantile(scores[0], SPECIFICITIES)
    area = roc_auc_score(np.repeat([0, 1], [len(one) for one in scores]), np.concatenate(scores))
    flagged = [
        np.mean([row[VERDICT] == SUSPICIOUS for row in rows if row[VERDICT] != UNASKED])
        for rows in (healthy, infected)
    ]
    refused = [np.mean([row[VERDICT] == UNASKED for row in rows]) for rows in (healthy, infected)]
    stages = sum(annotated[stage] for stage in STAGES)
    return [
        name,
        f"{len(scores[0]):,} of {annotated[HEALTHY]:,}",
        f"{len(scores[1]):,} of {stages:,}",
        *(percent(share) for share in refused),
        f"{area:.3f}",
        *(f"{np.mean(scores[1] > cut):.2f}" for cut in cuts),
        *(percent(share) for share in flagged),
    ]


def stage_row(name: str, found: Sequence[Row]) -> list[str]:
    """The share of each stage above the 99 % quantile of healthy cells."""
    own = [r for one in found for r in one["rows"] if r[KIND] in _ASKED and r[VERDICT] != UNASKED]
    cut = np.quantile([row[SCORE] for row in own if row[NAME] == HEALTHY], 0.99)
    by_stage = {stage: np.array([row[SCORE] for row in own if row[NAME] == stage]) for stage in STAGES}
    return [name, *(f"{np.mean(one > cut):.2f} of {len(one)}" for one in by_stage.values())]


def blood_table(found: Sequence[Row]) -> str:
    """What is flagged where there is no malaria, and what becomes of white cells and platelets."""
    own = [row for one in found for row in one["rows"]]
    counted = [row for row in own if row[KIND] in _ASKED and row[VERDICT] != UNASKED]
    rows = [
        ["red cells counted", f"{len(counted):,}"],
        ["of them flagged", percent(np.mean([row[VERDICT] == SUSPICIOUS for row in counted]))],
    ]
    for name, kind in (("WBC", CellKind.LEUCOCYTE), ("Platelets", CellKind.PLATELET)):
        named = [row for row in own if row[NAME] == name]
        taken = Counter(row[KIND] for row in named)
        rows.append([f"{name} found, and called {kind}", f"{taken[kind]:,} of {len(named):,}"])
        rows.append([f"{name} counted as red cells", f"{sum(row in counted for row in named):,}"])
    return markdown(("BCCD, no malaria", ""), rows)


def percent(share: float) -> str:
    """A share in per cent."""
    return f"{100 * share:.2f} %"


def parsed() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the IML malaria fields")
    parser.add_argument("--bccd", type=Path, required=True, help="the BCCD fields")
    parser.add_argument("--bundle", type=Path, default=bundle_folder(Path("shipped")))
    parser.add_argument("--adapted", type=Path, help="a bundle adapted to every second IML field by name")
    parser.add_argument("--out", type=Path, default=Path("runs/smear-fields"))
    parser.add_argument("--page", type=Path, default=Path("docs/smears.md"))
    return parser.parse_args()


def main() -> None:
    """Judge what is missing, print the tables, write the page."""
    options = parsed()
    cv2.setNumThreads(1)
    fields, blood = iml_boxes(options.data), bccd_boxes(options.bccd)
    later = dict(list(fields.items())[1::2])
    found = {"IML": all_judged(options.bundle, fields, options.out / "iml")}
    half = [one for place, one in enumerate(found["IML"]) if place % 2]
    found["BCCD"] = all_judged(options.bundle, blood, options.out / "bccd")
    boxes = list(fields.values())
    rows = [
        cell_row("as it comes, all fields", found["IML"], boxes),
        cell_row("as it comes, every second field", half, boxes[1::2]),
    ]
    stages = [stage_row("as it comes, all fields", found["IML"])]
    if options.adapted:
        adapted = all_judged(options.adapted, later, options.out / "adapted")
        rows.append(cell_row("adapted to the other fields", adapted, boxes[1::2]))
        stages.append(stage_row("adapted, every second field", adapted))
    said: dict[str, Any] = {
        "photos": photo_table(found),
        "cells": markdown(
            (
                "bundle",
                "red cells counted",
                "infected counted",
                "red refused",
                "infected refused",
                "AUROC",
                *(f"sens. at {100 * share:g} %" for share in SPECIFICITIES),
                "red flagged",
                "infected flagged",
            ),
            rows,
        ),
        "stages": markdown(("bundle", *STAGES), stages),
        "blood": blood_table(found["BCCD"]),
    }
    template = Path(__file__).with_name("smear.md.in").read_text(encoding="utf-8")
    write_text(options.page, template.format(**said, machine=machine()))
    print(*said.values(), sep="\n\n")


if __name__ == "__main__":
    main()
