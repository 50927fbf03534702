"""The tables of cells: which are counted, how they rank, which are flagged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from sklearn.metrics import roc_auc_score

from normocyte.core.types import CellKind
from normocyte.results.verdict import Grade
from studies.kit.fields import HEALTHY, STAGES
from studies.kit.tables import Table
from studies.smears.judged import ASKED, BOX, KIND, NAME, SCORE, SUSPICIOUS, VERDICT, Judged, is_counted

SPECIFICITIES = (0.95, 0.99, 0.995)
RANKS = ("AUROC", *(f"sens. at {100 * share:g} %" for share in SPECIFICITIES))
FLAGS = ("red flagged", "infected flagged")


def percent(share: float, digits: int = 2) -> str:
    """A share in per cent."""
    return f"{100 * share:.{digits}f} %"


def photo_table(sets: dict[str, Judged]) -> Table:
    """The grades of the photos and how long one takes."""
    rows = []
    for name, found in sets.items():
        grades = Counter(one["grade"] for one in found.fields)
        seconds = np.median([one["seconds"] for one in found.fields])
        rows.append(
            [name, f"{len(found.fields)}", *(f"{grades[grade]}" for grade in Grade), f"{seconds:.2f}"]
        )
    return Table.of(("fields", "number", *Grade, "processor seconds a field"), rows)


def cell_table(sets: dict[str, Judged]) -> Table:
    """What becomes of annotated cells, a row a bundle: counted, refused, ranked, flagged."""
    columns = ("red cells counted", "infected counted", "red refused", "infected refused")
    return Table.of(
        ("cells", *columns, *RANKS, *FLAGS), [[name, *_cells(found)] for name, found in sets.items()]
    )


def _cells(found: Judged) -> list[str]:
    own = [row for one in found.fields for row in one["rows"] if row[KIND] in ASKED]
    kinds = [[row for row in own if row[NAME] in names] for names in ((HEALTHY,), STAGES)]
    counted = [[row for row in rows if is_counted(row)] for rows in kinds]
    infected = int(found.infected.sum())
    annotated = (int(found.annotated.sum()) - infected, infected)
    return [
        *(f"{len(rows):,} of {total:,}" for rows, total in zip(counted, annotated, strict=True)),
        *(percent(1 - len(rows) / len(all_)) for rows, all_ in zip(counted, kinds, strict=True)),
        *_ranked(*counted),
    ]


def _ranked(healthy: Sequence[list], infected: Sequence[list]) -> list[str]:
    """How these cells rank, and how many of each are flagged."""
    scores = [np.array([row[SCORE] for row in rows]) for rows in (healthy, infected)]
    area = roc_auc_score(np.repeat([0, 1], [len(one) for one in scores]), np.concatenate(scores))
    cuts = np.quantile(scores[0], SPECIFICITIES)
    flagged = [np.mean([row[VERDICT] == SUSPICIOUS for row in rows]) for rows in (healthy, infected)]
    found = [f"{np.mean(scores[1] > cut):.2f}" for cut in cuts]
    return [f"{area:.3f}", *found, *(percent(share) for share in flagged)]


def same_table(sets: dict[str, Judged]) -> Table:
    """The annotated cells that each way of cutting them counts, ranked by each."""
    named = [_by_box(found) for found in sets.values()]
    both = sorted(set.intersection(*(set(own) for own in named)))
    rows = []
    for name, own in zip(sets, named, strict=True):
        kinds = [[own[key] for key in both if own[key][NAME] in names] for names in ((HEALTHY,), STAGES)]
        rows.append([name, *(f"{len(one):,}" for one in kinds), *_ranked(*kinds)])
    return Table.of(("the same cells", "red cells", "infected", *RANKS, *FLAGS), rows)


def _by_box(found: Judged) -> dict[tuple[int, int], list]:
    """Every counted cell that is annotated, by its field and its box."""
    return {
        (index, row[BOX]): row
        for index, rows in enumerate(found.counted)
        for row in rows
        if row[NAME] in (HEALTHY, *STAGES)
    }


def stage_table(sets: dict[str, Judged]) -> Table:
    """The share of each stage above the 99 % quantile of healthy cells."""
    return Table.of(("cells", *STAGES), [[name, *_stages(found)] for name, found in sets.items()])


def _stages(found: Judged) -> list[str]:
    own = [row for rows in found.counted for row in rows]
    cut = np.quantile([row[SCORE] for row in own if row[NAME] == HEALTHY], 0.99)
    by_stage = [np.array([row[SCORE] for row in own if row[NAME] == stage]) for stage in STAGES]
    return [f"{np.mean(one > cut):.2f} of {len(one)}" for one in by_stage]


def blood_table(found: Judged) -> Table:
    """What is flagged where there is no malaria, and what becomes of white cells and platelets."""
    own = [row for one in found.fields for row in one["rows"]]
    rows = [
        ["red cells counted", f"{found.cells.sum():,}"],
        ["of them flagged", percent(found.flagged.sum() / found.cells.sum())],
    ]
    for name, kind in (("WBC", CellKind.LEUCOCYTE), ("Platelets", CellKind.PLATELET)):
        named = [row for row in own if row[NAME] == name]
        taken = sum(row[KIND] == kind for row in named)
        rows.append([f"{name} found, and called {kind}", f"{taken:,} of {len(named):,}"])
        rows.append([f"{name} counted as red cells", f"{sum(is_counted(row) for row in named):,}"])
    return Table.of(("BCCD, no malaria", ""), rows)
