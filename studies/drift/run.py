"""How often `normocyte monitor` alarms where nothing changed, and how many patients a change needs.

    normocyte train configs/default.toml --data DIR --seed 0 --out runs/drift/bundle
    python -m studies.drift --data DIR --bundle runs/drift/bundle --fields DIR

Scores all cells of the NIH patients whom the bundle was not trained on, once, and divides these patients
--draws times into calibration patients and a stream in random order. With --fields, the images/ and
annotations.json of the IML malaria fields, cells of another stain are the stream. Also writes the rows of two
streams into --out, `nih.csv` (test patients in random order, healthy cells and up to 5 % infected ones) and
`fields.csv`, for `normocyte monitor`. Prints the tables and writes the page.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from normocyte.core.files import write_text
from normocyte.drift.contract import Values
from normocyte.drift.simple_jumper import SimpleJumper
from studies.drift.streams import Streams, field_values, nih_stream
from studies.kit.common import machine, markdown

WATCH, RECALIBRATE = 5.0, 20.0
INFECTED = (0.0, 0.01, 0.05)
FACTORS = (1.1, 1.25, 1.5, 2.0, 0.8, 0.5)


def highest(streams: Streams, draws: int, infected: float = 0.0, factor: float = 1.0) -> list[Values]:
    """The larger of both capitals after each patient, one row a draw."""
    found = []
    for number in range(draws):
        reference, stream = streams.divided(number, infected)
        found.append(SimpleJumper(number).wealth(reference, factor * stream).max(axis=1))
    return found


def reached(wealth: list[Values], bar: float) -> str:
    """The share of draws that ever reach the bar."""
    return f"{np.mean([row.max() >= bar for row in wealth]):.1%}".replace("%", " %")


def needed(wealth: list[Values], bar: float) -> str:
    """After how many patients half of the draws have reached the bar, and nine of ten."""
    first = [float(np.argmax(row >= bar) + 1) if row.max() >= bar else np.inf for row in wealth]
    places = [float(np.quantile(first, share, method="inverted_cdf")) for share in (0.5, 0.9)]
    return " / ".join("never" if np.isinf(place) else f"{place:.0f}" for place in places)


def false_alarms(streams: Streams, draws: int) -> str:
    """Where nothing changed but for a few infected cells."""
    rows = []
    for share in INFECTED:
        wealth = highest(streams, draws, infected=share)
        rows.append([f"{100 * share:g} %", reached(wealth, WATCH), reached(wealth, RECALIBRATE)])
    return markdown(("infected cells", "watch", "recalibrate"), rows)


def power(streams: Streams, draws: int, fields: Path | None) -> str:
    """Where every score of the stream is changed by a factor, or the stain is another."""
    found = {f"scores times {factor:g}": highest(streams, draws, factor=factor) for factor in FACTORS}
    if fields is not None:
        found["another stain (IML fields)"] = other_stain(streams, draws, field_values(fields))
    rows = [
        [name, reached(wealth, WATCH), reached(wealth, RECALIBRATE), needed(wealth, RECALIBRATE)]
        for name, wealth in found.items()
    ]
    return markdown(("change", "watch", "recalibrate", "patients until half / nine of ten are found"), rows)


def other_stain(streams: Streams, draws: int, fields: Values) -> list[Values]:
    """As many fields as there are patients in a stream, drawn anew for each draw."""
    found = []
    for number in range(draws):
        reference, stream = streams.divided(number, 0.0)
        rows = np.random.default_rng(number).permutation(len(fields))[: len(stream)]
        found.append(SimpleJumper(number).wealth(reference, fields[rows]).max(axis=1))
    return found


def main() -> None:
    """Score what is missing, print the tables and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, default=Path("runs/drift/bundle"))
    parser.add_argument("--fields", type=Path, help="the IML malaria fields (default: no other stain)")
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--out", type=Path, default=Path("runs/drift"))
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/drift.md"))
    options = parser.parse_args()
    streams = Streams.of(options.bundle, options.data, options.out)
    nih_stream(options.bundle, options.data, options.out / "nih.csv")
    fields = options.fields and Streams.score_fields(options.bundle, options.fields, options.out)
    tables = {
        "false_alarms": false_alarms(streams, options.draws),
        "power": power(streams, options.draws, fields),
    }
    template = Path(__file__).with_name("page.md.in").read_text(encoding="utf-8")
    said = {"patients": streams.patients, "half": streams.patients // 2, "draws": options.draws}
    write_text(options.page, template.format(**tables, **said, machine=machine()))
    print(*tables.values(), sep="\n\n")


if __name__ == "__main__":
    main()
