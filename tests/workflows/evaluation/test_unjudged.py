"""What is said of test images that give no score."""

import numpy as np
import pytest

from normocyte.core.words import Words
from normocyte.workflows.evaluation.examine import Examined
from normocyte.workflows.evaluation.words import unjudged_of


@pytest.mark.parametrize(
    ("faults", "anomalies", "said"),
    [(0, 0, "0"), (3, 0, "3"), (9, 7, "9, of which 7 tumour"), (1200, 1200, "1,200, of which 1,200 tumour")],
)
def test_it_is_said_how_many_of_them_are_anomalous(faults, anomalies, said):
    nothing = np.zeros((0, 1))
    test = Examined(
        (), np.zeros(0, np.int8), np.zeros(0, "U1"), nothing, ("a.png: why",) * faults, (), anomalies
    )
    assert unjudged_of(test, Words("image", "tumour")) == said
