"""What the statistics of a smear give: false alarms, parasites missed, and intervals that hold the truth.

    python -m studies.error_rates --data DIR --bundle runs/error-rates/bundle
    python -m studies.parasitaemia --data DIR --bundle runs/error-rates/bundle

Uses the scores of all patients whom the bundle was not trained on (made anew where --scores is not there).
In each of --draws draws, --calibrating patients say how often a cut flags healthy and infected cells, and
smears of others are judged. Each finished world is a file in --out, so the study can be stopped and goes on.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from normocyte.core.files import write_text
from studies.error_rates.cells import Cells, score
from studies.kit.common import Row, kept, machine
from studies.parasitaemia import page
from studies.parasitaemia.measures import JUDGED, SMEARS, measured
from studies.parasitaemia.tried import tried
from studies.parasitaemia.worlds import NEW, Cases, drawn, fitted, redrawn, simulated

MORE = 4
"""How many times as many calibration patients there are in the world of many."""


def worlds(cells: Cells, count: int, calibrating: int) -> dict[str, Callable[[], Iterator[Cases]]]:
    """Every world by the name that it has on the page."""
    given = (count, calibrating)
    return {
        "fitted": lambda: fitted(cells, *given),
        "many": lambda: fitted(cells, count, MORE * calibrating),
        "redrawn": lambda: redrawn(cells, *given),
        "drawn": lambda: drawn(cells, *given),
        "normal": lambda: simulated("normal", *given),
        "exponential": lambda: simulated("exponential", *given),
    }


def facts(options: argparse.Namespace, cells: Cells) -> Row:
    """The numbers that the page's sentences name."""
    given = {name: getattr(options, name) for name in ("draws", "calibrating")}
    counts = {"healthy": len(cells.healthy.scores), "infected": len(cells.infected.scores)}
    sizes = {name: f"{count:,}" for name, count in counts.items()}
    more = {"patients": cells.patients, "left": cells.patients - options.calibrating}
    return {
        **given,
        **sizes,
        **more,
        "new": NEW,
        "smears": SMEARS,
        "judged": JUDGED,
        "many": MORE * options.calibrating,
        "machine": machine(),
    }


def parsed() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--scores", type=Path, default=Path("runs/error-rates/scores.npz"))
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--calibrating", type=int, default=45, help="calibration patients of a draw")
    parser.add_argument("--out", type=Path, default=Path("runs/smear-statistics"))
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/parasitaemia-statistics.md"))
    return parser.parse_args()


def main() -> None:
    """Measure what is missing, write the figure and the page, print the tables."""
    options = parsed()
    score(options.bundle, options.data, options.scores)
    cells = Cells.load(options.scores)
    found = {
        name: kept(options.out / f"{name}.json", lambda world=world: measured(world()))
        for name, world in worlds(cells, options.draws, options.calibrating).items()
    }
    tables = {**page.tables(found), "tried": tried(cells)}
    page.write_figure(found, options.page.parent / "figures" / f"{options.page.stem}.png")
    text = Path(__file__).with_name("page.md.in").read_text(encoding="utf-8")
    write_text(options.page, text.format(**tables, **facts(options, cells)))
    print("\n\n".join(tables.values()))


if __name__ == "__main__":
    main()
