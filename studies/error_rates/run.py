"""What every rule that needs no labelled anomaly really gives on patients whom nobody has seen.

    normocyte train configs/default.toml --data DIR --seed 0 --out runs/error-rates/bundle
    python -m studies.error_rates --data DIR --bundle runs/error-rates/bundle [--site-data SITE]

Scores the cells of all patients whom the bundle was not trained on, once, and divides these patients --draws
times into --calibrating ones, whose healthy cells calibrate a rule, and the rest, whom it judges. Labels of
test patients are used to count, never to fit. Each finished piece of each rule is a file in --out, so the
study can be stopped and goes on; the page and its figure are made of all.

With --site-data, a folder of the IML malaria fields, a second page says what the rules give on cells of that
laboratory, scored by --site-bundle, before and after calibration with a few of its healthy cells.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from normocyte.core.files import write_text
from normocyte.core.seeds import generator
from normocyte.pipeline.bundle.folder import SHIPPED, bundle_folder
from normocyte.thresholds.contract import Threshold
from normocyte.thresholds.support.calibration import Calibration
from studies.error_rates import page
from studies.error_rates.cells import Cells, Draw, Groups, draws, draws_with_replacement, score
from studies.error_rates.discoveries import KINDS, discoveries, procedures
from studies.error_rates.figure import write_figure
from studies.error_rates.rules import LEVELS, fitted, has_p_values, p_value_rates, realised, rules
from studies.error_rates.simulated import WORLDS, simulated
from studies.error_rates.sites_page import write_site_page
from studies.kit.common import Row, kept, machine

DIRT = (0, 1, 5, 10)
DIRTY_RATE = 0.01
MANY = 100_000
PLAIN = "quantile"
"""Has the p-values that a rule has by default."""


class Study:
    """The unseen cells and the draws; measures each rule piece by piece, what is not kept yet."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        score(options.bundle, options.data, options.out / "scores.npz")
        self.cells = Cells.load(options.out / "scores.npz")
        given = (options.draws, self.cells.patients, options.calibrating)
        self.draws = draws(*given)
        self.population = draws_with_replacement(*given)

    def each(self, piece: str, parts: dict[str, Any], measure: Callable[[Any], Row]) -> dict[str, Row]:
        """A piece of the study for each part by name, from its file or anew."""
        folder = self.options.out / piece.replace(" ", "-")
        return {
            name: kept(folder / f"{name}.json", lambda part=part: measure(part))
            for name, part in parts.items()
        }

    def at_levels(self, chosen: list[Draw]) -> Callable[[Threshold], Row]:
        """Measures a rule in these draws at every rate."""
        return lambda rule: {f"{rate:g}": realised(rule, self.cells, chosen, rate) for rate in LEVELS}

    def simulated(self, name: str) -> Callable[[Threshold], Row]:
        """Measures a rule on simulated patients at every rate."""
        given = (self.options.draws, self.options.calibrating)
        return lambda rule: {f"{rate:g}": simulated(rule, WORLDS[name], rate, *given) for rate in LEVELS}

    def dirty(self, rule: Threshold) -> Row:
        """A rule with infected cells unnoticed among those that it is calibrated on."""
        return {f"{level}": realised(rule, self.cells, self.draws, DIRTY_RATE, level) for level in DIRT}

    def listed(self, kind: str) -> Callable[[Any], Row]:
        """Measures a procedure on smears of this kind."""
        given = (self.options.smears, self.options.calibrating)
        return lambda procedure: discoveries(procedure, self.cells, kind, *given)

    def seconds(self, rule: Threshold) -> Row:
        """How long the p-values of many cells take, the best of three, in seconds."""
        calibration = self.cells.calibration(self.draws[0].calibration, 0.0, 0)
        one = fitted(rule, LEVELS[0], *calibration)
        if one is None:
            return {"seconds": None}
        rows = generator(0, "speed").integers(0, len(self.cells.healthy.scores), MANY)
        cells, held = self.cells.healthy, Calibration.of(*calibration)
        names = np.array([f"{code}" for code in cells.codes[rows]])
        return {
            "seconds": min(timed(lambda: one.p_values(cells.scores[rows], held, names)) for _ in range(3))
        }


def timed(work: Callable[[], object]) -> float:
    """How many seconds a piece of work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def tables(study: Study, real: dict[str, Row], parts: dict[str, Threshold]) -> dict[str, str]:
    """Every table of the page."""
    population = study.each("population", parts, study.at_levels(study.population))
    own = {name: rule for name, rule in parts.items() if name == PLAIN or has_p_values(rule)}
    p_values = study.each("p-values", own, lambda rule: p_value_rates(rule, study.cells, study.draws))
    speed = study.each("speed", own, study.seconds)
    lists = {kind: study.each(f"lists {kind}", procedures(), study.listed(kind)) for kind in KINDS}
    worlds = {name: study.each(f"simulated {name}", parts, study.simulated(name)) for name in WORLDS}
    return {
        "real": "\n\n".join(
            f"### Asked for {100 * rate:g} %\n\n{page.real_table(real, rate)}" for rate in LEVELS
        ),
        "population": page.truth_table(population),
        "p_values": page.p_value_table(p_values),
        "dirt": page.dirt_table(study.each("dirt", parts, study.dirty)),
        "speed": page.speed_table({name: own["seconds"] for name, own in speed.items()}),
        "lists": sections(lists, page.discovery_table, "Smears of {}"),
        "simulated": sections(worlds, page.truth_table, "Simulated, {} cells within a patient"),
    }


def sections(found: dict[str, dict[str, Row]], table: Callable[[dict[str, Row]], str], title: str) -> str:
    """One table under a heading for each kind that there is something of."""
    return "\n\n".join(f"### {title.format(kind)}\n\n{table(own)}" for kind, own in found.items() if own)


def facts(options: argparse.Namespace, cells: Cells) -> Row:
    """The numbers that the page's sentences name."""
    counted: dict[str, Groups] = {"healthy": cells.healthy, "infected": cells.infected}
    sizes = {name: f"{len(own.scores):,}" for name, own in counted.items()}
    left = cells.patients - options.calibrating
    given = {name: getattr(options, name) for name in ("draws", "calibrating", "smears")}
    return {**sizes, **given, "patients": cells.patients, "left": left, "machine": machine()}


def figure(real: dict[str, Row], place: Path) -> None:
    """The draws of every rule at every rate."""
    titles = {f"asked for {100 * rate:g} %": rate for rate in LEVELS}
    panels = {
        title: {name: page.numbers(own[f"{rate:g}"]["rate"]) for name, own in real.items()}
        for title, rate in titles.items()
    }
    write_figure(panels, titles, place)


def parsed() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--calibrating", type=int, default=45, help="calibration patients of a draw")
    parser.add_argument("--smears", type=int, default=500)
    parser.add_argument("--out", type=Path, default=Path("runs/error-rates"))
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/error-rates.md"))
    parser.add_argument("--site-data", type=Path, help="the IML malaria fields")
    parser.add_argument("--site-bundle", type=Path, default=bundle_folder(Path(SHIPPED)))
    parser.add_argument("--site-page", type=Path, default=Path("docs/measurements/error-rates-sites.md"))
    return parser.parse_args()


def main() -> None:
    """Measure what is missing, write the figure and the page, print the tables."""
    options = parsed()
    study, parts = Study(options), rules()
    real = study.each("real", parts, study.at_levels(study.draws))
    found = tables(study, real, parts)
    figure(real, options.page.parent / "figures" / f"{options.page.stem}.png")
    text = Path(__file__).with_name("page.md.in").read_text(encoding="utf-8")
    write_text(options.page, text.format(**found, **facts(options, study.cells)))
    print("\n\n".join(found.values()))
    if options.site_data:
        write_site_page(options, parts)


if __name__ == "__main__":
    main()
