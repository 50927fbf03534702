"""What every configuration reaches on one labelled set: the page on a finished comparison.

    normocyte compare configs/*.toml --data DIR --seeds 3 --reference contrast --out COMPARED
    python -m studies.results --data DIR --compared COMPARED

Takes the tables of the comparison as they are, adds how the configurations do on weakly stained parasites,
from the scores that each run kept, and writes all into --page and the figure beside it. Trains nothing. What
is said by hand stands in page.md.in.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

from normocyte.core.files import write_bytes, write_text
from normocyte.core.progress import Silent
from normocyte.datasets.opening.detect import open_cohort
from normocyte.engine.copies import with_copies
from normocyte.workflows.comparison.figures import seed_cells
from normocyte.workflows.comparison.run import cells_of_seed
from studies.results.compared import Compared
from studies.results.weak import weak_outcome, weak_parasites, weak_table

PLACE = "page.md.in"
TABLES = ("All labels", "Without doubtful labels")


def page(compared: Compared, data: Path, figure: str) -> str:
    """The page; what the comparison lacks (doubtful labels, failures, a figure) is left out."""
    cohort = with_copies(open_cohort(data), Silent())
    compared.check(cohort)
    records = [cells_of_seed(cohort, seed) for seed in range(compared.told["seeds"])]
    tests = [seed_cells(cohort, own) for own in records]
    weak = weak_parasites(compared.runs(records, tests), records, tests, compared.reference)
    filled = (
        Path(__file__)
        .with_name(PLACE)
        .read_text(encoding="utf-8")
        .format(
            command=compared.command,
            outcome=compared.sections[""],
            figure=figure,
            spread=spread(compared),
            tables=sections(compared, *TABLES),
            costs=sections(compared, "Costs", "Failures"),
            weak=weak_table(weak),
            weak_outcome=weak_outcome(weak),
            weak_cells=", ".join(map(str, weak.cells)),
            highest=", ".join(f"{value:.2f}" for value in weak.highest),
            done=sections(compared, "How it was done"),
            reference=compared.reference,
        )
    )
    return filled.replace("\n\n\n", "\n\n")


def sections(compared: Compared, *titles: str) -> str:
    """Those parts of the comparison that there are, each under its heading."""
    return "\n\n".join(
        f"## {title}\n\n{compared.sections[title]}" for title in titles if compared.sections[title]
    )


def spread(compared: Compared) -> str:
    """How much the reference differs from seed to seed, that is from patients to patients."""
    if compared.reference not in compared.names:
        return ""
    found = {
        name: statistics.pstdev(compared.by_seed(compared.reference, key))
        for name, key in (("AUROC", "auroc"), ("sensitivity at 99 %", "sensitivity_at_specificity_99"))
    }
    said = " and ".join(f"{value:.4f} in {name}" for name, value in found.items())
    return f"From seed to seed, `{compared.reference}` has a standard deviation of {said}."


def copied_figure(compared: Compared, page: Path) -> str:
    """The Pareto figure beside the page, as Markdown; nothing where nothing could be drawn."""
    source = compared.folder / "figures" / "pareto.png"
    if not source.is_file():
        return ""
    place = page.parent / "figures" / f"{page.stem}.png"
    write_bytes(place, source.read_bytes())
    return f"![Sensitivity at 99 % specificity over milliseconds a cell](figures/{place.name})"


def main() -> None:
    """Write the page and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--compared", type=Path, required=True)
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/results.md"))
    options = parser.parse_args()
    compared = Compared.of(options.compared)
    text = page(compared, options.data, copied_figure(compared, options.page))
    write_text(options.page, text)
    print(text)


if __name__ == "__main__":
    main()
