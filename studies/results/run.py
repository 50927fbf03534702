"""What every configuration reaches on one labelled set: the page on a finished comparison.

    normocyte compare configs/*.toml --data DIR --seeds 3 --reference contrast --out COMPARED
    python -m studies.results --data DIR --compared COMPARED
    python -m studies.results --data DIR --further COMPARED
    python -m studies.results --kept

Takes the tables of the comparison as they are, adds how the configurations do on weakly stained parasites,
from the scores that each run kept, and how much each network explains, and writes all into --page and the
figure beside it. Trains nothing. What was found is kept in kept.json; with --kept the page is made from that.
--further adds a comparison of other configurations with the same reference, on the same data, as a section of
its own; the first comparison is taken from what was kept.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path
from typing import Any

from normocyte.core.errors import DatasetError
from normocyte.core.files import write_bytes, write_text
from normocyte.core.percent import percent
from normocyte.core.progress import Silent
from normocyte.datasets.opening.detect import open_cohort
from normocyte.engine.copies import with_copies
from normocyte.workflows.comparison.figures import seed_cells
from normocyte.workflows.comparison.run import cells_of_seed
from studies.kit.common import Row
from studies.kit.pages import FILE, filled, keep, kept_results, today
from studies.kit.words import listed
from studies.results.about import about, not_compared
from studies.results.compared import Compared
from studies.results.explained import explained_rows, explained_table
from studies.results.further import DONE, added, shown, still_further, with_further
from studies.results.verdicts import verdicts
from studies.results.weak import weak_outcome, weak_parasites, weak_table

SCHEMA = 1
PLACE = Path(__file__).with_name("page.md.jinja")
KEPT = Path(__file__).with_name(FILE)
TOLD = ("reference", "seeds", "metrics", "configurations")
"""What of the comparison is kept beside its tables."""
TABLES = ("All labels", "Without doubtful labels")
SHORTCUTS = "Shortcut baselines beside"


def collected(compared: Compared, data: Path) -> dict[str, Any]:
    """All that the page needs: what was compared, and what the runs say beyond it."""
    cohort = with_copies(open_cohort(data), Silent())
    compared.check(cohort)
    records = [cells_of_seed(cohort, seed) for seed in range(compared.told["seeds"])]
    tests = [seed_cells(cohort, own) for own in records]
    runs, places = compared.runs(records, tests)
    weak = weak_parasites(runs, records, tests, compared.reference)
    return {
        "command": compared.command,
        "told": {key: compared.told[key] for key in TOLD},
        "notes": compared.told["notes"],
        "not_compared": not_compared(compared.told),
        "sections": dict(compared.sections),
        "doubtful": [
            sum(bool(one) for one in test.doubtful) / len(test.labels) for test in tests if len(test.labels)
        ],
        "explained": explained_rows(places),
        "weak": {
            "table": weak_table(weak),
            "outcome": weak_outcome(weak),
            "cells": list(weak.cells),
            "highest": list(weak.highest),
        },
    }


def page(found: dict[str, Any], figure: str) -> str:
    """The page; what the comparison lacks (doubtful labels, failures, a figure) is left out."""
    told = found["told"]
    further = found.get("further", [])
    apart = {name for one in further for name in added(found, one)}
    return filled(
        PLACE,
        made=found["made"],
        command=found["command"],
        reference=told["reference"],
        outcome=found["sections"][""],
        figure=figure,
        spread=spread(told),
        doubtful=percent(statistics.mean(found["doubtful"])),
        verdicts=verdicts(told),
        about=about(told),
        not_compared=listed([name for name in found["not_compared"] if name not in apart]),
        further=[shown(found, one) for one in further],
        explained=explained_table(found["explained"]) if found["explained"] else "",
        tables=sections(found, *TABLES),
        shortcuts=sections(found, *(title for title in found["sections"] if title.startswith(SHORTCUTS))),
        costs=sections(found, "Costs", "Failures"),
        done=sections(found, DONE),
        weak=found["weak"],
    )


def sections(found: dict[str, Any], *titles: str) -> str:
    """Those parts of the comparison that there are, each under its heading."""
    texts = found["sections"]
    return "\n\n".join(f"## {title}\n\n{texts[title]}" for title in titles if texts.get(title))


def spread(told: Row) -> str:
    """How much the reference differs from seed to seed, that is from patients to patients."""
    row = told["configurations"].get(told["reference"])
    if row is None or row["failure"]:
        return ""
    found = {
        name: statistics.pstdev(row["all_labels"][key]["by_seed"])
        for name, key in (("AUROC", "auroc"), ("sensitivity at 99 %", "sensitivity_at_specificity_99"))
    }
    said = " and ".join(f"{value:.4f} in {name}" for name, value in found.items())
    return f"From seed to seed, `{told['reference']}` has a standard deviation of {said}."


def copied_figure(compared: Compared, page: Path) -> None:
    """Put the Pareto figure beside the page; nothing where nothing could be drawn."""
    source = compared.folder / "figures" / "pareto.png"
    if source.is_file():
        write_bytes(_figure_of(page), source.read_bytes())


def shown_figure(page: Path) -> str:
    """The figure beside the page, as Markdown; nothing where there is none."""
    place = _figure_of(page)
    if not place.is_file():
        return ""
    return f"![Sensitivity at 99 % specificity over milliseconds a cell](figures/{place.name})"


def _figure_of(page: Path) -> Path:
    return page.parent / "figures" / f"{page.stem}.png"


def _measure(options: argparse.Namespace) -> None:
    """Keep a first comparison, and what is still further beside it."""
    compared = Compared.of(options.compared)
    found = collected(compared, options.data)
    known = kept_results(options.keep, SCHEMA) if options.keep.is_file() else {}
    keep(options.keep, SCHEMA, found | {"further": still_further(found, known)})
    copied_figure(compared, options.page)


def _measure_further(options: argparse.Namespace) -> None:
    """Keep a further comparison beside the first, which keeps its day."""
    first = kept_results(options.keep, SCHEMA)
    own = {"made": today()} | collected(Compared.of(options.further), options.data)
    made = first.pop("made")
    keep(options.keep, SCHEMA, first | {"further": with_further(first, own)}, made)


def main() -> None:
    """Write the page and print it; one sentence where that cannot be done."""
    options = _arguments()
    try:
        if not options.kept:
            (_measure if options.further is None else _measure_further)(options)
        found = kept_results(options.keep, SCHEMA)
    except DatasetError as error:
        sys.exit(f"Error: {error}")
    text = page(found, shown_figure(options.page))
    write_text(options.page, text)
    print(text)


def _arguments() -> argparse.Namespace:
    """Which results make which page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path)
    parser.add_argument("--compared", type=Path)
    parser.add_argument("--further", type=Path, metavar="COMPARED", help="add this comparison to the page")
    parser.add_argument("--kept", action="store_true", help="make the page from kept.json")
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/results.md"))
    parser.add_argument("--keep", type=Path, default=KEPT, help="where results are kept")
    options = parser.parse_args()
    is_one = (options.compared is None) != (options.further is None)
    if not options.kept and (options.data is None or not is_one):
        parser.error("give --data and one of --compared and --further, or --kept")
    return options


if __name__ == "__main__":
    main()
