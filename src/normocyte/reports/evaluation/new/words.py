"""The sentences of the page on a new detector."""

import math

from normocyte.reports.drawing import formatting
from normocyte.reports.evaluation.words import with_span
from normocyte.results.evaluation import AUROC, Contents
from normocyte.results.new import NewContents, Tried
from normocyte.wording.articles import a

_CLOSE = 0.02


def title(contents: Contents) -> str:
    """What the page shows."""
    return f"Normocyte: what was learnt from healthy {contents.unit}s, and what did not fit"


def verdict(contents: NewContents, learnt_from: int) -> str:
    """From how many images was learnt, and the main figure with its interval."""
    about = contents.evaluation
    learnt = f"Learnt from {formatting.count(learnt_from, f'healthy {about.unit}')}"
    auroc = about.first(AUROC)
    if not about.has_anomalies or not math.isfinite(auroc.value):
        return (
            f"{learnt}: how many anomalies this detector finds cannot be known, because no {about.unit} of "
            "the data is anomalous."
        )
    return (
        f"{learnt}, this detector scores {a(about.anomaly)} {about.anomaly} {about.unit} above a healthy one "
        f"{100 * auroc.value:.1f} times in 100 (AUROC {with_span(auroc)})."
    )


def how(contents: NewContents) -> str:
    """How the candidates were compared."""
    about, chosen = contents.evaluation, contents.chosen
    if not chosen.tried:
        return ""
    best = next(one for one in chosen.tried if one.is_chosen)
    return (
        f"No label was used. Healthy {about.unit}s that no candidate had learnt from were given synthetic "
        f"anomalies of {len(chosen.kinds)} kinds, and each candidate had to score them above the same "
        f"{about.unit}s without. The usual ensemble is taken unless another "
        f"candidate has a mean that is higher by 0.1 or more. Taken is {best.name}. These figures compare "
        "candidates; they do not say how well real anomalies are found."
    )


def kind_headings(contents: NewContents) -> list[str]:
    """What the columns of the table are called."""
    return list(contents.chosen.kinds)


def cells(tried: Tried) -> list[str]:
    """The figures of a row."""
    return [formatting.figure(value) for value in (*tried.aurocs, tried.mean)]
