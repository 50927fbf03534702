"""Every metric agrees with scikit-learn, with ties and with weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from normocyte.core.registry import part_class

CUT_METRICS = {
    "accuracy": sk.accuracy_score,
    "precision": sk.precision_score,
    "recall": sk.recall_score,
    "f1": sk.f1_score,
    "specificity": lambda labels, flagged, sample_weight: sk.recall_score(
        1 - labels, ~flagged, sample_weight=sample_weight
    ),
}
SCORES = st.integers(-3, 4).map(float)


@st.composite
def cells(draw):
    """Scores with many ties, labels of both classes, and weights as a resample gives them."""
    rows = draw(st.lists(st.tuples(SCORES, st.integers(0, 1), st.integers(0, 3)), max_size=30))
    both = [(draw(SCORES), 0, 1), (draw(SCORES), 1, 1)]
    scores, labels, weights = np.array(rows + both).T
    return scores, labels.astype(np.int8), weights[None, :]


def point(name, cells, **fields):
    return part_class("metrics", name)(**fields).points(*cells)[0]


@given(cells())
def test_auroc(cells):
    scores, labels, weights = cells
    assert point("auroc", cells) == pytest.approx(sk.roc_auc_score(labels, scores, sample_weight=weights[0]))


@given(cells())
def test_average_precision_at_the_own_prevalence(cells):
    scores, labels, weights = cells
    expected = sk.average_precision_score(labels, scores, sample_weight=weights[0])
    assert point("average_precision", cells) == pytest.approx(expected)


@given(cells(), st.floats(0.001, 0.999))
def test_average_precision_at_another_prevalence(cells, prevalence):
    scores, labels, (weights,) = cells
    anomalies, healthy = weights @ labels, weights @ (1 - labels)
    balance = np.where(labels == 1, prevalence / anomalies, (1 - prevalence) / healthy)
    expected = sk.average_precision_score(labels, scores, sample_weight=weights * balance)
    assert point("average_precision", cells, prevalence=prevalence) == pytest.approx(expected)


@given(cells(), st.sampled_from([0.0, 0.5, 0.9, 0.95, 1.0]))
def test_sensitivity_at_specificity(cells, specificity):
    scores, labels, weights = cells
    false, true, _ = sk.roc_curve(labels, scores, sample_weight=weights[0], drop_intermediate=False)
    expected = true[1 - false >= specificity - 1e-12].max()
    assert point("sensitivity_at_specificity", cells, specificity=specificity) == pytest.approx(expected)


@pytest.mark.parametrize("name", CUT_METRICS)
@given(cells=cells(), cut=st.floats(-3.5, 3.5))
def test_metrics_at_a_cut(name, cells, cut):
    scores, labels, weights = cells
    flagged = scores > cut
    nothing = {"zero_division": np.nan} if name == "precision" else {}
    expected = CUT_METRICS[name](labels, flagged, sample_weight=weights[0], **nothing)
    assert point(name, cells, threshold=cut) == pytest.approx(expected, nan_ok=True)
