"""The tables and the figure of the page on the statistics of a smear."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from normocyte.core.files import write_bytes
from normocyte.reports.drawing import theme
from studies.error_rates.page import per_cent
from studies.kit.common import Row
from studies.kit.tables import Table
from studies.parasitaemia.measures import CHOSEN, SHARES, SIZES, USUAL, estimators
from studies.parasitaemia.worlds import RATES

TITLES = {
    "fitted": "Simulated from the NIH rates",
    "many": "The same with more calibration patients",
    "redrawn": "Real cells, calibration redrawn",
    "drawn": "Real cells, calibration as it is",
    "normal": "Simulated scores, normal",
    "exponential": "Simulated scores, exponential",
}
SHORT = {
    "fitted": "NIH rates",
    "many": "NIH rates,\nmore calibration",
    "redrawn": "real cells,\nredrawn",
    "drawn": "real cells,\nas they are",
    "normal": "normal scores",
    "exponential": "exponential\nscores",
}
CUTS = [f"{rate:g}" for rate in RATES]
CHOSEN_NAME = "chosen in calibration"
NOWHERE = 2.5e-4
Found = dict[str, Row]


def tables(found: Found) -> dict[str, Table]:
    """Every table of the page."""
    return {
        **{f"called {name}": _called(own) for name, own in found.items()},
        **{f"sizes {name}": _sizes(own) for name, own in found.items()},
        "coverage": _coverage(found),
        "covered": _covered(found),
        "choices": _choices(found),
    }


def _name(cut: str) -> str:
    return CHOSEN_NAME if cut == CHOSEN else f"{100 * float(cut):g} %"


def _called(own: Row) -> Table:
    """The share of smears of the usual size called infected, and what the calibration foretold."""
    columns = ("threshold", "healthy", *(f"{100 * share:g} %" for share in SHARES[1:]), "planned")
    rows = [
        [_name(cut), *_shares(own[cut]["called"][f"{USUAL}"]), _planned(own[cut])] for cut in (*CUTS, CHOSEN)
    ]
    return Table.of(columns, rows)


def _shares(by_share: Row) -> list[str]:
    return [per_cent(by_share[f"{share:g}"], 1) for share in SHARES]


def _planned(own: Row) -> str:
    return "none" if own["detectable"] is None else f"{per_cent(own['detectable'], 2)} %"


def _sizes(own: Row) -> Table:
    """Healthy smears and those of 2 % called infected, by number of cells."""
    sizes = [f"{size:,} cells: {what}" for size in SIZES for what in ("healthy", "2 %")]
    rows = []
    for cut in (*CUTS, CHOSEN):
        called = own[cut]["called"]
        values = [per_cent(called[f"{size}"][share], 1) for size in SIZES for share in ("0", "0.02")]
        once = "-" if own[cut]["own"] is None else per_cent(own[cut]["own"], 1)
        rows.append([_name(cut), *values, once])
    return Table.of(("threshold", *sizes, "own cells once: healthy"), rows)


def _coverage(found: Found) -> Table:
    """How often each interval held the truth, over all parasitaemias, in each world."""
    rows = [
        [_name(cut), f"`{name}`", *(per_cent(_held(own[cut], name), 1) for own in found.values())]
        for cut in (*CUTS, CHOSEN)
        for name in estimators()
    ]
    return Table.of(("threshold", "estimator", *(TITLES[name] for name in found)), rows)


def _held(own: Row, name: str) -> float:
    return float(np.mean([by_share["held"] for by_share in own["intervals"][name].values()]))


def _covered(found: Found) -> Table:
    """The same for each parasitaemia at the cut that calibrations choose, and how wide the interval was."""
    rows = []
    for world, own in found.items():
        for name in estimators():
            by_share = own[CHOSEN]["intervals"][name]
            held = [per_cent(by_share[f"{share:g}"]["held"], 0) for share in SHARES]
            rows.append([TITLES[world], f"`{name}`", *held, per_cent(by_share["0.02"]["width"], 1)])
    columns = ("world", "estimator", *(f"{100 * share:g} %" for share in SHARES), "width at 2 %")
    return Table.of(columns, rows)


def _choices(found: Found) -> Table:
    """How often each cut was the best by the calibration's own plan."""
    rows = [[TITLES[name], *(f"{own['choices'][cut]}" for cut in CUTS)] for name, own in found.items()]
    return Table.of(("calibrations that choose", *(f"{100 * float(cut):g} %" for cut in CUTS)), rows)


def write_figure(found: Found, place: Path) -> None:
    """A panel a world: smears called infected against their parasitaemia, a line a cut, as PNG and SVG."""
    with theme.styled():
        figure = theme.new_figure(width=13.0, height=4.2)
        panels = figure.subplots(1, len(found), sharey=True)
        for axes, (name, own) in zip(panels, found.items(), strict=True):
            _draw(axes, own)
            axes.set_title(SHORT[name], fontsize=10, loc="left")
        panels[0].set_ylabel(f"smears of {USUAL:,} cells called infected")
        panels[len(found) // 2].set_xlabel("parasitaemia")
        theme.legend_below(figure)
        for ending, content in ((".png", theme.png_of(figure)), (".svg", theme.svg_of(figure))):
            write_bytes(place.with_suffix(ending), content)


def _draw(axes: Axes, own: Row) -> None:
    """Healthy smears stand at the left, where a logarithmic axis has no place for them."""
    places = [NOWHERE, *SHARES[1:]]
    for line, label in ((0.05, "5 % and 95 %"), (0.95, None)):
        axes.axhline(line, color=theme.MUTED, lw=1.0, ls="--", label=label)
    for step, cut in enumerate(CUTS):
        called = [own[cut]["called"][f"{USUAL}"][f"{share:g}"] for share in SHARES]
        shade = 0.3 + 0.7 * step / (len(CUTS) - 1)
        axes.plot(
            places,
            called,
            color=theme.HEALTHY,
            alpha=shade,
            lw=1.8,
            marker="o",
            ms=3,
            label=f"threshold at {_name(cut)}",
        )
    chosen = [own[CHOSEN]["called"][f"{USUAL}"][f"{share:g}"] for share in SHARES]
    axes.plot(places, chosen, color=theme.ANOMALOUS, lw=2.2, ls=":", label="chosen in calibration")
    axes.set_xscale("log")
    axes.set_xticks([NOWHERE, 0.001, 0.01, 0.1], ["0", "0.1", "1", "10 %"])
    axes.set_xticks([], minor=True)
    axes.set_yticks([0, 0.5, 1], ["0", "50 %", "100 %"])
