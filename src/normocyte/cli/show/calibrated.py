"""What a calibration gave, as a table: cells, patients, thresholds, and what so many cells can support."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from normocyte.core.percent import percent
from normocyte.core.words import numbered
from normocyte.wording.of_the_data import in_words

if TYPE_CHECKING:
    from normocyte.workflows.site.calibrate import Calibrated
    from normocyte.workflows.site.support import Support

SHOWN = 5
_ENDLESS = 10_000
_AS_IT_IS = ("", "bundle", "healthy cells", "old threshold", "new threshold")
"""Values that name files and rules."""
_INDEPENDENT = (
    "unknown, so that cells count as independent. Those of one patient resemble each other, so that for a "
    "new patient more may be flagged than these figures state; name the patients with --patients."
)


def show(calibrated: Calibrated, out: Path) -> None:
    """Print the table."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    words = calibrated.bundle.facts.words
    for name, value in lines(calibrated, out):
        said = value if name in _AS_IT_IS else in_words(words, value)
        table.add_row(in_words(words, name), Text(said))
    Console(width=None if sys.stdout.isatty() else _ENDLESS).print(table)


def lines(calibrated: Calibrated, out: Path) -> Iterator[tuple[str, str]]:
    """The names and values of the table."""
    from normocyte.workflows.evaluation.words import rule_words, with_fields

    pipeline, cells = calibrated.bundle.pipeline, len(calibrated.bundle.pipeline.calibration)
    yield "bundle", str(out)
    yield "healthy cells", f"{cells:,} of {calibrated.cells.name}"
    yield "patients", _patients(calibrated)
    yield from _left_out(calibrated)
    yield "old threshold", f"{calibrated.before.cut:.6g}, {rule_words(calibrated.before.rule)}"
    yield "  flags here", _of(calibrated.flagged_before, cells) + _surely(calibrated.flagged_before, cells)
    yield "new threshold", f"{pipeline.threshold.cut:.6g}, {with_fields(pipeline.threshold)}"
    yield "  flags here", _of(calibrated.flagged_now, cells)
    yield from _tuned(calibrated)
    yield "guarantee", calibrated.bundle.guarantee
    yield "smallest p-value", f"{calibrated.smallest_p_value:.2g}"
    yield from (("smallest rate", _rate(support)) for support in calibrated.support)
    yield (
        "highest scores",
        "check that these cells are healthy; an infected one among them raises the threshold",
    )
    yield from (("", source) for source in calibrated.highest)


def _tuned(calibrated: Calibrated) -> Iterator[tuple[str, str]]:
    """What a rule that was tuned with labels gives on these very cells."""
    tuned = calibrated.tuned
    if tuned:
        figures = f"precision {tuned.precision:.3f}, recall {tuned.recall:.3f}, F1 {tuned.f1:.3f}"
        yield "tuned with labels", f"{tuned.anomalous:,} anomalous cells and the healthy ones: {figures}"
        yield "  judged on", "the cells that chose the threshold, so too good; evaluate on others"


def _patients(calibrated: Calibrated) -> str:
    known = calibrated.bundle.pipeline.calibration.known_patient_count
    return f"{known}, {calibrated.cells.patients_by}" if known else _INDEPENDENT


def _left_out(calibrated: Calibrated) -> Iterator[tuple[str, str]]:
    if calibrated.cells.anomalies:
        yield "left out", f"{numbered(calibrated.cells.anomalies, 'cell')} labelled as anomalous"
    faults = calibrated.faults
    if faults:
        yield (
            "left out",
            f"{numbered(len(faults), 'image')} that cannot be used"
            + (f", the first {SHOWN}:" if len(faults) > SHOWN else ":"),
        )
    yield from (("", fault) for fault in faults[:SHOWN])


def _surely(flagged: int, cells: int) -> str:
    """Between what and what the share lies; it cannot be known for a threshold that these cells chose."""
    from normocyte.parasitaemia.support.cut import share_interval

    low, high = share_interval(flagged, cells)
    return f"; of all {100 * low:.1f} to {100 * high:.1f} % (90 % interval, cells taken for independent)"


def _rate(support: Support) -> str:
    """The smallest rate that these cells support by a rule."""
    if math.isnan(support.rate):
        return f"none up to 50 % is supported by {support.rule}"
    confidence = f"with {100 * support.confidence:.0f} % confidence"
    surely = "on average" if math.isnan(support.confidence) else confidence
    counted = "patients counted" if support.are_patients_counted else "cells taken for independent"
    return f"{percent(support.rate)} {surely}, by {support.rule}, {counted}"


def _of(flagged: int, cells: int) -> str:
    return f"{flagged:,} of these {cells:,} healthy cells, {100 * flagged / cells:.1f} %"
