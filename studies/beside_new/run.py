"""anomalib's PatchCore and PaDiM with the same backbone, beside what `normocyte new` makes of the images.

    python -m studies.beside_new --data DIR [--env ENV] [--out DIR]

DIR holds brain-mri and chest-xray; a kind that is not there is left out. Runs `new` on each kind, takes its
split, gives the peers the same healthy images and judges all on its test images. The environment is that of
studies/peers, made from its lock file where it is not there (2 GB). The scores of the peers are kept in --out
as long as the split is the same; `new` is always run anew. Takes about 8 minutes of one core, 4 without the
peers. Prints the tables and writes the page.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from normocyte.core.files import replacing
from normocyte.core.types import Floats, Record
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.engine.copies import with_copies
from normocyte.engine.pool import read_all
from normocyte.engine.shortcuts.beside import draws_for
from normocyte.metrics.auroc import Auroc
from normocyte.metrics.differences.family import simultaneous
from normocyte.metrics.differences.paired import Cells, drawn
from normocyte.pipeline.bundle.bundle import open_bundle
from normocyte.results.shortcuts import Shortcuts
from normocyte.workflows.evaluation.examine import Chosen, Examined, choose, examine
from normocyte.workflows.new.new import New, NewRequest, new
from normocyte.workflows.new.opening import fewer, opened
from studies.beside_new.findings import (
    AUROC,
    DETECTOR,
    FITTED_ON,
    HEALTHY,
    IMAGES,
    LABELS,
    MORE,
    NEW,
    PAGE,
    SIDE,
)
from studies.choosing.kinds import BRAIN, CHEST, PATIENT_OF_XRAY
from studies.kit.common import Lines, Row, machine
from studies.kit.surroundings import SURROUNDINGS
from studies.kit.tables import Table

PEERS = Path(__file__).parents[1] / "peers"
NAMES = {"patchcore": "anomalib's PatchCore", "padim": "anomalib's PaDiM"}
LITE, PICTURES, SCORES = "lite0.npz", "pictures.npz", "scores.npz"
TORCH = "https://download.pytorch.org/whl/cpu/torch/"
BASELINE = "baseline"


@dataclass(frozen=True)
class Kind:
    """One kind of image: its name, its folders, and whose its images are."""

    name: str
    healthy: str
    anomalous: str
    patients: str = ""

    def request(self, data: Path, out: Path) -> NewRequest:
        """What `new` is asked for."""
        return NewRequest(out, data / self.healthy, (data / self.anomalous,), self.patients)


KINDS = (
    Kind(BRAIN, "brain-mri/healthy", "brain-mri/tumour"),
    Kind(CHEST, "chest-xray/healthy", "chest-xray/pneumonia", PATIENT_OF_XRAY),
)


@dataclass(frozen=True)
class Asked:
    """What `new` learnt from and what it was judged on."""

    cohort: Cohort
    chosen: Chosen

    @property
    def digest(self) -> str:
        """What says "the same images, split the same way"."""
        names = [
            str(record.source) for part in (self.chosen.learnt_from, self.chosen.test) for record in part
        ]
        return hashlib.sha256("\n".join(names).encode()).hexdigest()


def asked(request: NewRequest, bundle: Path) -> Asked:
    """The images as `new` took and split them."""
    found = opened(request.healthy, request.anomalous, request.patients).cohort
    cohort = with_copies(fewer(found, request.seed), Lines())
    return Asked(cohort, choose(open_bundle(bundle), cohort, has_new_patients=False))


def measured(kind: Kind, python: Path, options: argparse.Namespace) -> Row:
    """What `new`, the peers and the baselines reach on one kind of image."""
    place = options.out / kind.name.replace(" ", "-")
    request = kind.request(options.data, place / NEW)
    shutil.rmtree(request.out, ignore_errors=True)
    done = new(request, Lines())
    images = asked(request, done.bundle)
    peers = peer_scores(images, python, place, options.limit_s)
    records = images.cohort.in_groups(images.chosen.test)
    ours = examine((open_bundle(done.bundle).pipeline,), records, Lines(), "Scoring test")
    row_of = {record.source: row for row, record in enumerate(images.chosen.test)}
    rows = [row_of[record.source] for record in ours.records]
    scores = {name: peers[key][rows] for key, name in NAMES.items()}
    return {
        "figures": figures(kind.name, ours, scores),
        "baselines": baselines(kind.name, done.evaluated.contents.shortcuts),
        "counts": counts(kind.name, images.chosen, ours, done),
    }


def figures(kind: str, ours: Examined, scores: Mapping[str, Floats]) -> list[list[str]]:
    """A row for `new` and one for each of these scores, the best first."""
    draws = draws_for([ours.patients])
    found = {
        name: drawn([Cells(own, ours.labels, ours.patients)], [Auroc()], draws)[0]
        for name, own in {f"`{NEW}`": ours.of(0), **scores}.items()
    }
    first, *others = found.values()
    more = ["", *(f"{one:.3f}" for one in simultaneous(first, others))]
    order = sorted(zip(found, found.values(), more, strict=True), key=lambda one: -one[1].value)
    return [[kind, name, f"{area.estimate():.3f}", said] for name, area, said in order]


def baselines(kind: str, shortcuts: Shortcuts) -> list[list[str]]:
    """A row a baseline, the best first, as the report of `new` has them."""
    return [
        [kind, row.title, LABELS if row.uses_labels else HEALTHY, f"{row.auroc:.3f}", f"{row.difference:.3f}"]
        for row in shortcuts.rows
    ]


def counts(kind: str, chosen: Chosen, ours: Examined, done: New) -> str:
    """How many images there were, and what `new` chose."""
    anomalous = int(ours.labels.sum())
    picked = next((one.name for one in done.choices.tried if one.is_chosen), "the recipe of the survey")
    return (
        f"{kind.capitalize()}: {len(chosen.learnt_from):,} healthy images to learn from, "
        f"{len(ours.labels) - anomalous:,} healthy and {anomalous:,} anomalous test images. "
        f"`new` chose: {picked}."
    )


def peer_scores(images: Asked, python: Path, place: Path, limit_s: float) -> dict[str, Floats]:
    """The scores of each peer for all test images, kept as long as the split is the same."""
    kept = place / SCORES
    if kept.is_file():
        with np.load(kept) as told:
            if str(told["digest"]) == images.digest:
                return {key: told[key] for key in NAMES}
    place.mkdir(parents=True, exist_ok=True)
    given = place / PICTURES
    np.savez(given, learn=pictures(images.chosen.learnt_from), test=pictures(images.chosen.test))
    fresh = place / f"fresh-{SCORES}"
    call = [python, PEERS / "_kind.py", "--pictures", given, "--weights", place.parent / LITE, "--out", fresh]
    subprocess.run(list(map(str, call)), env=os.environ | SURROUNDINGS, timeout=limit_s, check=True)
    given.unlink()
    with np.load(fresh) as told:
        found = {key: told[key] for key in NAMES}
    with replacing(kept) as temporary, temporary.open("wb") as file:
        np.savez(file, digest=np.array(images.digest), **found)
    fresh.unlink()
    return found


def pictures(records: Sequence[Record]) -> np.ndarray:
    """The images as a network takes them, (n, 224, 224, 3) uint8."""
    images, faults = read_all([record.source for record in records])
    if faults:
        raise SystemExit(f"{len(faults)} images cannot be read, such as {next(iter(faults.values()))}")
    return np.stack([cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for image in images])


def prepared(options: argparse.Namespace) -> Path:
    """The Python of the peers, with the weights of the backbone in reach."""
    sys.path.append(str(PEERS))
    from _environment import environment
    from _weights import export_weights

    export_weights(options.out / LITE)
    return environment(options.env, options.wheels)


def main() -> None:
    """Measure each kind that is there, print the tables and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--env", type=Path, default=PEERS / ".venv", help="environment of the peers")
    parser.add_argument("--wheels", default=TORCH, help="where the torch wheel without CUDA lies")
    parser.add_argument("--limit-s", type=float, default=3600, help="seconds the peers may take on one kind")
    parser.add_argument("--out", type=Path, default=Path("runs/beside-new"))
    parser.add_argument("--page", type=Path, default=PAGE.place)
    options = parser.parse_args()
    python = prepared(options)
    found = [measured(kind, python, options) for kind in KINDS if (options.data / kind.healthy).is_dir()]
    tables = {
        "figures": Table.of(
            (IMAGES, DETECTOR, AUROC, MORE), [row for one in found for row in one["figures"]]
        ),
        "baselines": Table.of(
            (IMAGES, BASELINE, FITTED_ON, AUROC, MORE), [row for one in found for row in one["baselines"]]
        ),
    }
    PAGE.keep(tables, {"counts": [one["counts"] for one in found], "machine": machine()})
    PAGE.write(options.page)
    print(*tables.values(), sep="\n\n")


if __name__ == "__main__":
    main()
