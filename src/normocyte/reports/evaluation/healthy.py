"""The words of a report on healthy cells alone: what these show, and what they cannot show."""

import numpy as np

from normocyte.reports.drawing import formatting
from normocyte.reports.drawing.html import KeyNumber
from normocyte.results.evaluation import Contents
from normocyte.wording.articles import a


def verdict(contents: Contents) -> str:
    """What is known, and what is not, in one sentence."""
    return (
        f"{contents.detectors[0]} has learnt healthy {contents.unit}s; how many anomalies it finds cannot be "
        f"known, because no anomalous {contents.unit} was judged."
    )


def key_numbers(contents: Contents) -> list[KeyNumber]:
    """The numbers that a reader looks for first."""
    cells = contents.cells
    flagged, count = int(np.sum(cells.flagged)), len(cells.labels)
    return [
        KeyNumber(formatting.score(contents.threshold), "threshold", "a score above it is flagged"),
        KeyNumber(
            formatting.percent(flagged / count if count else float("nan")),
            f"of the {contents.unit}s that it was chosen on lie above it",
            f"{flagged:,} of {count:,}",
        ),
        KeyNumber("not known", "sensitivity", f"needs anomalous {contents.unit}s"),
    ]


def to_know(contents: Contents) -> str:
    """What to do to know how many anomalies are found."""
    is_known = contents.are_patients_known
    others = (
        "of patients who are not among those here" if is_known else "of other patients, as far as you know"
    )
    return (
        f"To know how many anomalies the detector finds, collect {contents.unit}s that an expert has called "
        f"anomalous, and healthy ones, {others}, in the folders healthy and anomalous, and run normocyte "
        "evaluate with this bundle on them. Some dozens of anomalous ones of several patients give a first "
        "figure with a wide interval. Until then the detector points at what looks unusual, and how much it "
        "misses is not known."
    )


def scores_in_words(contents: Contents) -> str:
    """What the figure of the scores shows."""
    unit = contents.unit
    counted = formatting.count(len(contents.cells.labels), f"healthy {unit}")
    return (
        f"Each bar is a share of the {counted} that the threshold was chosen on. Right of the dashed line "
        f"{a(unit)} {unit} is flagged. A long tail to the right is worth a look: artefacts, "
        f"damaged {unit}s, or some that are not healthy. The outermost bars also count what is beyond them."
    )
