"""What the demo finds on synthetic cells of five seeds, and on as many real cells.

    python -m studies.demo_story --data DIR
    python -m studies.demo_story --kept

Runs `normocyte demo` once for each seed, and on samples of DIR of the same size. Finished runs are kept in
--out. What was found is kept in kept.json; with --kept the page is made from that.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from normocyte.core.files import write_text
from normocyte.core.percent import percent
from normocyte.datasets.opening.detect import open_cohort
from normocyte.reports.evaluation.demo.words import listed
from normocyte.workflows.demo import SYNTHETIC, DemoRequest, demo_side_by_side
from studies.demo_story.cells import hardness, proportions_from, sample_of
from studies.kit.common import Lines, Row, kept, machine, markdown
from studies.kit.pages import FILE, filled, keep, kept_results

SCHEMA = 1
PLACE = Path(__file__).with_name("page.md.jinja")
KEPT = Path(__file__).with_name(FILE)
SYNTHETIC_CELLS, REAL_CELLS = "synthetic", "real"
METHODS = ("baseline rule", "classic", "default")
SPOTS = (0.3, 0.5, 0.8, 1.2)
ODD = 0.9
_CLEARLY = 0.1


def measure(kind: str, seed: int, data: Path | None, out: Path) -> Row:
    """One run: what the methods reach, and how hard the cells are."""
    folder = out / f"{kind}-{seed}"
    cells = sample_of(open_cohort(data), seed, folder / "cells.csv") if data else None
    done = demo_side_by_side(DemoRequest(folder / "demo", cells, seed=seed), Lines())
    records = open_cohort(cells or folder / "demo" / "cells").records
    methods = json.loads((done.page.parent / "methods.json").read_text(encoding="utf-8"))["methods"]
    return {"methods": methods, "hardness": shares(hardness(records)), "machine": machine()}


def shares(cells: dict[str, list[tuple[float, float]]]) -> dict[str, dict[str, float]]:
    """Of each kind of cell, the share whose darkest spot is above each contrast, and that of odd outlines."""
    return {
        kind: {
            **{f"{level}": sum(spot > level for spot, _ in rows) / len(rows) for level in SPOTS},
            "odd": sum(round_ < ODD for _, round_ in rows) / len(rows),
        }
        for kind, rows in cells.items()
    }


def collected(data: Path | None, out: Path, seeds: int, real_seeds: int) -> dict[str, Any]:
    """Every run, by kind of cell."""
    kinds = {SYNTHETIC_CELLS: (None, seeds), **({REAL_CELLS: (data, real_seeds)} if data else {})}
    runs = {
        kind: [
            kept(out / f"{kind}-{seed}.json", lambda k=kind, s=seed, d=where: measure(k, s, d, out))
            for seed in range(count)
        ]
        for kind, (where, count) in kinds.items()
    }
    people = proportions_from(open_cohort(data)) if data else frozenset()
    return {"runs": runs, "set_on": len(people)}


def page(found: dict[str, Any]) -> str:
    """The page of what was found."""
    runs = found["runs"]
    return filled(
        PLACE,
        made=found["made"],
        seeds={kind: _seeds(len(rows)) for kind, rows in runs.items()},
        set_on=found["set_on"],
        outcome=[outcome(kind, rows) for kind, rows in runs.items()],
        table=table(runs),
        hard=hard_table(runs),
        classic=[classic_words(kind, rows) for kind, rows in runs.items()],
        tuning=tuning_table(runs),
        synthetic=SYNTHETIC,
        infected=percent(SYNTHETIC.infected_fraction),
        machine=next(iter(runs.values()))[0]["machine"],
    )


def values(rows: Sequence[Row], method: str, *keys: str) -> list[float]:
    """One figure of a method in every run."""
    found = []
    for row in rows:
        value = row["methods"][method]
        for key in keys:
            value = value[key]
        found.append(float(value))
    return found


def outcome(kind: str, rows: Sequence[Row]) -> str:
    """Who is behind at 99 % specificity, and in how many of the seeds."""
    found = {name: values(rows, name, "sensitivity_at_specificity_99", "value") for name in METHODS}
    clearly = sum(
        classic < min(others) - _CLEARLY
        for classic, *others in zip(found["classic"], found["baseline rule"], found["default"], strict=True)
    )
    means = listed([f"the {name} {percent(statistics.fmean(found[name]))}" for name in METHODS])
    return (
        f"On {kind} cells the methods find, on the mean of {_seeds(len(rows))}: {means}. In {clearly} of "
        f"{_seeds(len(rows))} classic finds fewer than both, by more than {percent(_CLEARLY)} of the cells."
    )


def table(runs: dict[str, list[Row]]) -> str:
    """Sensitivity and AUROC of each method on each kind of cell: mean, lowest and highest."""
    lines = [
        (
            f"{kind}: {name}",
            spread(values(rows, name, "sensitivity_at_specificity_99", "value")),
            spread(values(rows, name, "auroc", "value")),
        )
        for kind, rows in runs.items()
        for name in METHODS
    ]
    return markdown(("cells: method", "found at 99 % specificity", "AUROC"), lines)


def tuning_table(runs: dict[str, list[Row]]) -> str:
    """What tuning for F1 does to the shares found and flagged: means before and after."""
    lines = [
        (
            f"{kind}: {name}",
            *(
                percent(statistics.fmean(values(rows, name, when, key)))
                for key in ("recall", "false_positive_rate")
                for when in ("before_tuning", "after_tuning")
            ),
        )
        for kind, rows in runs.items()
        for name in METHODS
    ]
    heads = (
        "cells: method",
        "found before",
        "found after",
        "healthy flagged before",
        "healthy flagged after",
    )
    return markdown(heads, lines)


def hard_table(runs: dict[str, list[Row]]) -> str:
    """How hard the cells are, one column a kind."""
    lines = [
        (
            said,
            *(
                percent(statistics.fmean(row["hardness"][cells][key] for row in rows))
                for rows in runs.values()
            ),
        )
        for cells in ("healthy", "infected")
        for key, said in _said(cells)
    ]
    return markdown(("share of", *(f"{kind} cells" for kind in runs)), lines)


def _said(cells: str) -> list[tuple[str, str]]:
    spots = [
        (f"{level}", f"{cells} cells whose darkest spot has a contrast above {level}") for level in SPOTS
    ]
    return [*spots, ("odd", f"{cells} cells that fill less than {percent(ODD)} of their convex hull")]


def classic_words(kind: str, rows: Sequence[Row]) -> str:
    """What the classic network explains, where its error lies, and whether it had learnt enough."""
    explained = percent(statistics.fmean(values(rows, "classic", "variance_explained")), 3)
    outline = percent(statistics.fmean(values(rows, "classic", "outline_share")))
    short = sum(bool(row["methods"]["classic"]["is_under_trained"]) for row in rows)
    return (
        f"On {kind} cells classic explains {explained} of the variance of held-out healthy cells. In the "
        f"healthy cells with the largest error {outline} of it lies at the outline. It is under-trained in "
        f"{short} of {_seeds(len(rows))}."
    )


def _seeds(count: int) -> str:
    return "1 seed" if count == 1 else f"{count} seeds"


def spread(found: Sequence[float]) -> str:
    """The mean, and in brackets the lowest and the highest."""
    return f"{statistics.fmean(found):.3f} ({min(found):.3f}\N{EN DASH}{max(found):.3f})"


def main() -> None:
    """Write the page and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="NIH malaria cells; without them, synthetic cells alone")
    parser.add_argument("--out", type=Path, default=Path("runs/demo_story"))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--real-seeds", type=int, default=3, help="seeds on real cells, which cost as much")
    parser.add_argument("--kept", action="store_true", help="make the page from kept.json")
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/demo-story.md"))
    parser.add_argument("--keep", type=Path, default=KEPT, help="where results are kept")
    options = parser.parse_args()
    if not options.kept:
        keep(options.keep, SCHEMA, collected(options.data, options.out, options.seeds, options.real_seeds))
    text = page(kept_results(options.keep, SCHEMA))
    write_text(options.page, text)
    print(text)


if __name__ == "__main__":
    main()
