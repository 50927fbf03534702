"""A threshold of a bundle tuned with labels: on a site's healthy cells and on anomalous ones beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from normocyte.core.errors import DatasetError
from normocyte.core.progress import Progress
from normocyte.core.types import ANOMALY, HEALTHY, Record
from normocyte.metrics.f1 import F1
from normocyte.metrics.precision import Precision
from normocyte.metrics.recall import Recall
from normocyte.pipeline.pipeline import Pipeline
from normocyte.thresholds.contract import Threshold
from normocyte.thresholds.support.calibration import Calibration
from normocyte.workflows.site.examination import Admitted, Examination, examine_once


@dataclass(frozen=True)
class Tuned:
    """What a rule that uses labels gives on the very cells that it was tuned on."""

    anomalous: int
    precision: float
    recall: float
    f1: float


def examined_anomalous(
    pipeline: Pipeline, records: Sequence[Record], healthy: Examination, progress: Progress
) -> Admitted | None:
    """The anomalous cells that tune the rule, each once, behind the bundle's gate; None without any."""
    if not records:
        return None
    examined = examine_once(pipeline, records, False, progress, "Examining anomalous cells")
    both = replace(examined, cells=(*healthy.cells, *examined.cells)).copies.contradicting
    if both:
        pictures = "1 image is" if len(both) == 1 else f"{len(both):,} images are"
        raise DatasetError(
            f"{pictures} both among the healthy and among the anomalous cells, such as {both[0]}; correct "
            "what is given."
        )
    admitted = examined.without(examined.copies).admitted(pipeline.gate)
    if not admitted.records:
        raise DatasetError(
            f"0 of {len(records)} anomalous cells can be used; the first: {admitted.faults[0]}. Give others."
        )
    return admitted


def tuned_on(rule: Threshold, healthy: Calibration, others: Admitted) -> tuple[Threshold, Tuned]:
    """The rule with its threshold, chosen on healthy and anomalous cells, and what it gives on them."""
    rule = replace(rule)
    labels = np.repeat([HEALTHY, ANOMALY], [len(healthy), len(others.scores)]).astype(np.int8)
    scores = np.concatenate([healthy.scores, others.scores])
    rule.fit(scores, np.concatenate([healthy.patients, others.patients]), labels)
    kinds = (kind(threshold=rule.cut) for kind in (Precision, Recall, F1))
    figures = (float(kind.points(scores, labels, np.ones((1, len(scores))))[0]) for kind in kinds)
    return rule, Tuned(len(others.scores), *figures)
