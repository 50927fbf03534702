import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from normocyte.metrics.support.confusion import confusion


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 1)), min_size=1))
def test_counts_agree_with_scikit_learn(rows):
    flagged, labels = np.array([row[0] for row in rows]), np.array([row[1] for row in rows], np.int8)
    counted = confusion(flagged, labels)
    (tn, fp), (fn, tp) = confusion_matrix(labels, flagged, labels=[0, 1])
    assert counted == (tp, fp, tn, fn)


def test_no_cells_count_as_nothing():
    assert confusion(np.zeros(0, np.bool_), np.zeros(0, np.int8)) == (0, 0, 0, 0)
