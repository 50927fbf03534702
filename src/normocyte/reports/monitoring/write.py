"""Writes what was found in a stream of patients: numbers for programs and a figure."""

from dataclasses import asdict
from pathlib import Path

from normocyte.core.files import make_folder, write_bytes
from normocyte.reports.drawing import theme
from normocyte.reports.monitoring import chart
from normocyte.reports.monitoring.words import sentences
from normocyte.results.json import to_json, write_result
from normocyte.results.monitoring import Monitored
from normocyte.results.scalars import Json

NAME = "monitor"


def write_monitored(contents: Monitored, folder: Path) -> Path:
    """Write `monitor.json`, `monitor.png` and `monitor.svg` into the folder; gives the PNG.

    Each file is whole or not there. Raises OutputError when something cannot be written.
    """
    make_folder(folder)
    with theme.styled():
        figure = chart.draw(contents)
        write_bytes(folder / f"{NAME}.svg", theme.svg_of(figure))
        write_bytes(folder / f"{NAME}.png", theme.png_of(figure))
    write_result(folder / f"{NAME}.json", monitored_json(contents))
    return folder / f"{NAME}.png"


def monitored_json(contents: Monitored) -> dict[str, Json]:
    """Every number, for programs; `evidence` and `medians` are lists over `patients`.

    The stream itself stands under `result`.
    """
    return to_json(contents, _summary(contents))


def _summary(contents: Monitored) -> dict[str, Json]:
    watch, recalibrate = contents.rates
    return {
        "finding": str(contents.finding),
        "sentences": list(sentences(contents)),
        "most_evidence": contents.most,
        "first_patient": contents.patients[contents.first[1]] if contents.first else None,
        "bars": {"watch": 1 / watch, "recalibrate": 1 / recalibrate},
        "false_alarm_rates": {"watch": watch, "recalibrate": recalibrate},
        "patients": list(contents.patients),
        "left_out": list(contents.left_out),
        "cells_of_each": contents.cells,
        "seed": contents.seed,
        "rows": contents.rows,
        "scored": contents.scored,
        "evidence": [
            {"column": one.column, "trait": one.trait, "after_patient": one.wealth.tolist()}
            for one in contents.accounts
        ],
        "medians": {
            one.name: {"calibration": one.reference.tolist(), "stream": one.stream.tolist()}
            for one in contents.columns
        },
        "tests": [asdict(one) for one in contents.compared],
    }
