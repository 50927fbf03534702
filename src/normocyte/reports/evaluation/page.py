"""The page: one file that needs no other, with every name escaped."""

import numpy as np

from normocyte.core.types import Estimate
from normocyte.reports.drawing import formatting
from normocyte.reports.drawing.html import Cell, environment
from normocyte.reports.drawing.shortcuts import shortcut_section
from normocyte.reports.evaluation import gallery, healthy, optimism, words
from normocyte.reports.evaluation.figures import Shown
from normocyte.results.evaluation import Contents, MetricRow
from normocyte.wording.glossary import terms
from normocyte.wording.opening import opening
from normocyte.wording.shortcuts import Kinds

_MOST_PATIENTS = 8
_TERMS = (
    "anomaly score",
    "threshold",
    "calibration",
    "sensitivity (recall)",
    "specificity",
    "AUROC",
    "precision",
    "F1",
    "average precision",
    "shortcut baseline",
    "95 % interval",
)
"""The words of this page; the first three are those of a page on healthy cells alone."""


def render(contents: Contents, figures: dict[str, Shown]) -> str:
    """The HTML of the report."""
    values = page_values(contents, figures)
    return environment().get_template("evaluation/page.html.j2").render(**values)


def page_values(contents: Contents, figures: dict[str, Shown]) -> dict[str, object]:
    """What the template of the page shows, by name."""
    about = words if contents.has_anomalies else healthy
    return {
        "contents": contents,
        "figures": figures,
        "opening": opening(contents),
        "shortcut": shortcut_section(contents.shortcuts, Kinds.of(contents.unit, contents.anomaly)),
        "verdict": about.verdict(contents),
        "at_the_cut": words.at_the_cut(contents) if contents.has_anomalies else contents.guarantee,
        "key_numbers": about.key_numbers(contents),
        "to_know": "" if contents.has_anomalies else healthy.to_know(contents),
        "rows": [(row.name, _cells(row.all_labels), _undoubted(row, contents)) for row in contents.metrics],
        "has_undoubted": any(row.undoubted for row in contents.metrics),
        "doubtful": int(np.sum(contents.cells.doubtful)),
        "tuned": optimism.rows(contents),
        "tuned_words": optimism.words(contents),
        "gallery": gallery.cards(contents),
        "patients": _worst_patients(contents),
        "terms": terms(
            _TERMS if contents.has_anomalies else _TERMS[:3],
            contents.unit,
            contents.anomaly,
            are_patients_known=contents.are_patients_known,
        ),
    }


def _cells(estimates: tuple[Estimate, ...]) -> list[Cell]:
    """The places of one row; the best is marked where there is a choice."""
    values = [estimate.value for estimate in estimates]
    best = np.nanmax(values) if len(values) > 1 and np.isfinite(values).any() else np.nan
    return [Cell(formatting.figure(e.value), formatting.span(e), e.value == best) for e in estimates]


def _undoubted(row: MetricRow, contents: Contents) -> list[Cell]:
    """The second half of a row; dashes where only other rows have one."""
    nothing = Estimate(float("nan"), float("nan"), float("nan"))
    return _cells(row.undoubted or (nothing,) * len(contents.detectors))


def _worst_patients(contents: Contents) -> list[tuple[str, int, int, float]]:
    """Name, healthy cells, flagged cells and rate of the patients with the most false alarms."""
    table = contents.patients
    rates = table.flagged / np.maximum(table.healthy, 1)
    worst = np.argsort(-rates, kind="stable")[:_MOST_PATIENTS]
    return [
        (str(table.patients[i]), int(table.healthy[i]), int(table.flagged[i]), float(rates[i])) for i in worst
    ]
