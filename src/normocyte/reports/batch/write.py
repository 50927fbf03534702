"""Writes the summary of a batch: numbers for programs and a figure."""

from pathlib import Path

from normocyte.core.files import make_folder, write_bytes, write_json
from normocyte.reports.batch import chart
from normocyte.reports.drawing import theme
from normocyte.results.batch import Summary

NAME = "summary"


def write_summary(summary: Summary, folder: Path) -> Path:
    """Write `summary.json`, `summary.png` and `summary.svg` into the folder; gives the PNG.

    Each file is whole or not there. OutputError when something cannot be written.
    """
    make_folder(folder)
    with theme.styled():
        figure = chart.draw(summary)
        write_bytes(folder / f"{NAME}.svg", theme.svg_of(figure))
        write_bytes(folder / f"{NAME}.png", theme.png_of(figure))
    write_json(folder / f"{NAME}.json", summary.as_json())
    return folder / f"{NAME}.png"
