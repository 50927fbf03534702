"""How far what `normocyte new` chooses without labels is from the best candidate on real anomalies.

    python -m studies.choosing --data DIR

DIR holds brain-mri, chest-xray, nih-malaria/cell_images and iml-malaria-fields; a kind that is not there is
left out. Every candidate learns from healthy images, ranks synthetic anomalies of held-out ones, and is then
judged on real anomalies of other patients. Finished kinds are kept in --out. Prints the tables and writes the
page.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from normocyte.core.progress import Progress
from normocyte.core.types import HEALTHY, Part, Record
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.engine.pool import read_all
from normocyte.metrics.auroc import Auroc
from normocyte.metrics.support.sweep import sweep
from normocyte.workflows.training.choosing.candidates import BACKBONE, WITHOUT, Candidate, candidates_for
from normocyte.workflows.training.choosing.choose import fractions_for, learn_candidates
from normocyte.workflows.training.choosing.criterion import (
    CLEARLY,
    fused_by,
    judge,
    member_scores,
    members_of,
)
from normocyte.workflows.training.choosing.survey import survey_of
from studies.choosing.findings import BEST, CHOSEN, FEATURES, KIND, LOSS, NAIVE, PAGE
from studies.choosing.kinds import Places, kinds
from studies.kit.common import Lines, Row, kept, machine
from studies.kit.tables import Table

MARGINS = (0.0, 0.02, 0.05, CLEARLY, 1.0)
SAID = {BACKBONE: "network", WITHOUT: "gradients"}


def measured(cohort: Cohort, backbone: str, seed: int, progress: Progress) -> Row:
    """Of every candidate its AUROC on real anomalies and on each kind of synthetic ones."""
    healthy = [record for record in cohort.records if record.label == HEALTHY]
    parts = cohort.split(fractions_for(len(healthy), has_anomalies=True), seed, "mixed")
    candidates = candidates_for(survey_of(healthy, 0, progress), backbone)
    learn_candidates(candidates, parts, seed, progress)
    held_out = parts.part(Part.HELD_OUT)
    judged = judge(candidates, held_out, seed, progress)
    return {
        "names": [one.name for one in candidates],
        "usual": next(row for row, one in enumerate(candidates) if one.is_usual),
        "synthetic": judged.aurocs.mean(axis=1).tolist(),
        "real": _real(candidates, held_out, parts.part(Part.TEST), progress),
    }


def _real(
    candidates: tuple[Candidate, ...], held_out: list[Record], test: list[Record], progress: Progress
) -> list[float]:
    """The AUROC of each candidate on the test images, fused on held-out healthy ones."""
    members = members_of(candidates)
    progress.begin("Scoring test", len(held_out) + len(test))
    known, found = (
        np.concatenate([member_scores(members, images, progress) for images in _in_parts(records)])
        for records in (held_out, test)
    )
    labels = np.array([record.label for record in test], np.int8)
    aurocs = []
    for candidate in candidates:
        own = [members.index(member) for member in candidate.members]
        scores = fused_by(known[:, own], candidate.weights)(found[:, own])
        aurocs.append(float(Auroc().of_sweep(sweep(scores, labels, np.ones((1, len(scores)))))[0]))
    return aurocs


def _in_parts(records: list[Record], size: int = 32) -> list[Any]:
    """The images of the records, some at a time."""
    chunks = [records[start : start + size] for start in range(0, len(records), size)]
    return [read_all([record.source for record in chunk])[0] for chunk in chunks]


def picked(row: Row, margin: float) -> int:
    """The usual candidate, or the best on synthetic anomalies where it is better by the margin."""
    means = row["synthetic"]
    best = int(np.argmax(means))
    return best if means[best] >= means[row["usual"]] + margin else int(row["usual"])


def loss(row: Row, margin: float) -> float:
    """What the pick loses against the best candidate on real anomalies."""
    return float(max(row["real"]) - row["real"][picked(row, margin)])


def tables_of(rows: dict[tuple[str, str], Row]) -> dict[str, Table]:
    """What is chosen, with one kind left out, and every candidate."""
    chosen, left_out = [], []
    for (kind, features), row in rows.items():
        own, best = picked(row, CLEARLY), int(np.argmax(row["real"]))
        chosen.append(
            [
                kind,
                features,
                f"{row['names'][own]} ({row['real'][own]:.3f})",
                f"{row['names'][best]} ({row['real'][best]:.3f})",
                f"{loss(row, CLEARLY):.3f}",
                f"{loss(row, 0.0):.3f}",
            ]
        )
        others = [one for (other, same), one in rows.items() if same == features and other != kind]
        if others:
            margin = max(MARGINS, key=lambda one: (-float(np.mean([loss(row, one) for row in others])), one))
            left_out.append([kind, features, f"{margin:g}", f"{loss(row, margin):.3f}"])
    return {
        "chosen": Table.of((KIND, FEATURES, CHOSEN, BEST, LOSS, NAIVE), chosen),
        "left_out": Table.of((KIND, FEATURES, "margin", LOSS), left_out),
        "candidates": _candidates(rows),
    }


def _candidates(rows: dict[tuple[str, str], Row]) -> Table:
    """Each candidate of each kind of features, a column a kind of image."""
    names = list(dict.fromkeys(kind for kind, _ in rows))
    lines = []
    for features in dict.fromkeys(features for _, features in rows):
        found = [rows[kind, features] for kind in names if (kind, features) in rows]
        for place, candidate in enumerate(found[0]["names"]):
            cells = [f"{row['real'][place]:.3f} / {row['synthetic'][place]:.3f}" for row in found]
            lines.append([features, candidate, *cells])
    return Table.of((FEATURES, "candidate", *names), lines)


def main() -> None:
    """Measure what is missing, print the tables and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--healthy", type=int, default=240, help="images of each kind (default: 240)")
    parser.add_argument("--anomalous", type=int, default=80, help="the same (default: 80)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("runs/choosing"))
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/choosing.md"))
    options = parser.parse_args()
    places = Places(
        *(
            place if place.is_dir() else None
            for place in (
                options.data / "brain-mri",
                options.data / "chest-xray",
                options.data / "nih-malaria" / "cell_images",
                options.data / "iml-malaria-fields",
            )
        ),
        options.out,
    )
    rows = {}
    for name, cohort in kinds(places, options.healthy, options.anomalous, options.seed):
        for backbone, said in SAID.items():
            place = options.out / f"{name.replace(' ', '-')}-{said}.json"
            rows[name, said] = kept(
                place,
                lambda cohort=cohort, backbone=backbone: measured(cohort, backbone, options.seed, Lines()),
            )
    tables = tables_of(rows)
    facts = {"healthy": options.healthy, "anomalous": options.anomalous, "machine": machine()}
    PAGE.keep(tables, facts)
    PAGE.write(options.page)
    print(*tables.values(), sep="\n\n")


if __name__ == "__main__":
    main()
