"""A made-up demo of three methods on the made-up evaluation; the second hardly beats guessing."""

from dataclasses import replace

import numpy as np
import pytest

from normocyte.core.types import Estimate
from normocyte.metrics.support.confusion import confusion
from normocyte.results.demo import DemoContents, Method, ShownCell
from normocyte.results.evaluation import ThresholdRow
from normocyte.results.training import TrainingCurve

TITLES = (
    "typical healthy cell",
    "healthy cell with an odd shape",
    "typical infected cell",
    "faint infected cell",
)


def estimate(value):
    return Estimate(value, value - 0.05, value + 0.05)


def row(rule, threshold, scores, labels):
    return ThresholdRow(rule, threshold, rule == "best_f1", *confusion(scores > threshold, labels))


def make_method(name, scores, labels, views, sensitivity, outline_share=0.2):
    high, low = (float(np.quantile(scores, share)) for share in (0.9, 0.6))
    return Method(
        name=name,
        detector="conv_autoencoder",
        scores=scores,
        sensitivity=estimate(sensitivity),
        auroc=estimate(0.9),
        strict=high,
        before=row("quantile", high, scores, labels),
        after=row("best_f1", low, scores, labels),
        training=TrainingCurve((1.0, 0.5), (1.0, 0.5), 2, 0.9),
        views=views,
        outline_share=outline_share,
    )


@pytest.fixture(scope="session")
def demo(contents):
    cells = contents.cells
    views = tuple(contents.gallery[place].pictures[0].view for place in range(4))
    noise = np.random.default_rng(2).normal(size=len(cells.labels))
    methods = (
        make_method("baseline rule", cells.scores, cells.labels, views, 0.8),
        make_method("classic", noise, cells.labels, views, 0.06, outline_share=0.96),
        make_method("default", cells.scores * 2, cells.labels, views, 0.9),
    )
    chosen = [np.flatnonzero(cells.labels == label)[0] for label in (0, 0, 1, 1)]
    shown = tuple(
        ShownCell(title, "<cell>.png", label, int(place))
        for title, label, place in zip(TITLES, (0, 0, 1, 1), chosen, strict=True)
    )
    names = ("default", "baseline rule")
    return DemoContents(
        methods, shown, replace(contents, detectors=names), "The rule quantile takes its place."
    )
