"""Reads the folder that `normocyte compare` wrote: what it says, and the runs behind each configuration."""

from __future__ import annotations

import json
import re
import shlex
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from normocyte.core.errors import DatasetError
from normocyte.core.types import Record
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.metrics.differences.paired import Cells, draw_patients, drawn
from normocyte.workflows.comparison.figures import SeedCells, compared_metrics
from normocyte.workflows.comparison.run import Run, kept_run
from studies.kit.common import Row
from studies.results.about import CONFIGS

_METRICS = compared_metrics()
FARTHEST = 0.005
"""So near do the figures of a run lie to those stated, which leave out what any run could not judge."""

Figures = tuple[float, ...]
Runs = dict[str, tuple[Run, ...]]
Places = dict[str, tuple[Path, ...]]


@dataclass(frozen=True)
class Compared:
    """A comparison: its numbers, and its Markdown by heading, "" being what stands before the first."""

    folder: Path
    told: Row
    sections: defaultdict[str, str]

    @classmethod
    def of(cls, folder: Path) -> Compared:
        """DatasetError when the folder holds no finished comparison."""
        places = [folder / f"comparison.{ending}" for ending in ("json", "md")]
        if not all(place.is_file() for place in places):
            raise DatasetError(f"{folder} holds no finished comparison; run normocyte compare to its end.")
        told, text = (place.read_text(encoding="utf-8") for place in places)
        first, *parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
        sections = dict(zip(parts[::2], map(str.strip, parts[1::2]), strict=True))
        return cls(
            folder, json.loads(told), defaultdict(str, sections | {"": first.partition("\n")[2].strip()})
        )

    @property
    def names(self) -> list[str]:
        """The configurations that did not fail."""
        return [name for name, row in self.told["configurations"].items() if not row["failure"]]

    @property
    def reference(self) -> str:
        """With which the others are compared."""
        return str(self.told["reference"])

    @property
    def command(self) -> str:
        """What made it, with DIR for the data and COMPARED for the folder."""
        stems = dict.fromkeys(name.partition("[")[0] for name in self.told["configurations"])
        is_all = set(stems) == {path.stem for path in CONFIGS.glob("*.toml")}
        files = "configs/*.toml" if is_all else " ".join(f"configs/{stem}.toml" for stem in stems)
        given = f"--seeds {self.told['seeds']} --reference {shlex.quote(self.reference)}"
        return f"normocyte compare {files} --data DIR {given} --out COMPARED"

    def check(self, cohort: Cohort) -> None:
        """DatasetError unless these are the data that were compared."""
        stated = self.told["facts"]["Fingerprint of the data"]
        if not cohort.fingerprint.startswith(stated):
            raise DatasetError(
                f"The comparison is of data with the fingerprint {stated}, these have "
                f"{cohort.fingerprint[: len(stated)]}. Give the data it was made with."
            )

    def by_seed(self, name: str, key: str) -> list[float]:
        """One metric of a configuration for each seed, on all labels."""
        return list(self.told["configurations"][name]["all_labels"][key]["by_seed"])

    def runs(self, records: Sequence[Sequence[Record]], tests: Sequence[SeedCells]) -> tuple[Runs, Places]:
        """The runs of each finished configuration by seed, and their folders, known by their figures.

        A folder may also hold runs of an earlier state of a configuration, and one run may stand for two
        names. DatasetError when none has the figures that the comparison states.
        """
        found: dict[str, list[tuple[Run, Path]]] = {name: [] for name in self.names}
        for seed, (own, test) in enumerate(zip(records, tests, strict=True)):
            places = sorted(self.folder.glob(f"runs/*-seed{seed}-*"))
            kept = [(run, place) for place in places if (run := kept_run(place, own))]
            figures = np.array([_figures(run, test) for run, _ in kept]).reshape(len(kept), len(_METRICS))
            for name, runs in found.items():
                stated = [self.by_seed(name, shown.key)[seed] for shown, _ in _METRICS]
                runs.append(kept[_nearest(figures, stated, f"{name}, seed {seed}")])
        runs_of = {name: tuple(run for run, _ in runs) for name, runs in found.items()}
        return runs_of, {name: tuple(place for _, place in runs) for name, runs in found.items()}


def _figures(run: Run, test: SeedCells) -> Figures:
    cells = Cells(run.scores, test.labels[run.rows], test.patients[run.rows])
    metrics = [metric for _, metric in _METRICS]
    return tuple(one.value for one in drawn([cells], metrics, draw_patients([cells.patients], 0)))


def _nearest(figures: np.ndarray, stated: Sequence[float], who: str) -> int:
    """Which row has these figures."""
    away = np.abs(figures - np.array(stated)).max(axis=1)
    if not len(away) or away.min() > FARTHEST:
        raise DatasetError(
            f"No run in the folder has the figures stated for {who}: AUROC {stated[0]:.4f}. Run normocyte "
            "compare again."
        )
    return int(np.argmin(away))
