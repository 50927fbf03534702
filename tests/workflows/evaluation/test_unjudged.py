"""What is said of test images that give no score."""

from pathlib import Path

import numpy as np
import pytest

from normocyte.core.types import Record, Source
from normocyte.core.words import Words
from normocyte.workflows.evaluation.examine import Examined
from normocyte.workflows.evaluation.needed import NoAnomalyJudgedError, need_judged
from normocyte.workflows.evaluation.words import unjudged_of

RECORDS = (Record(Source(Path("healthy/2.png")), 0, "a"),)


@pytest.mark.parametrize(
    ("faults", "anomalies", "said"),
    [(0, 0, "0"), (3, 0, "3"), (9, 7, "9, of which 7 tumour"), (1200, 1200, "1,200, of which 1,200 tumour")],
)
def test_it_is_said_how_many_of_them_are_anomalous(faults, anomalies, said):
    nothing = np.zeros((0, 1))
    test = Examined(
        (),
        np.zeros(0, np.int8),
        np.zeros(0, "U1"),
        nothing,
        ("a.png: why",) * faults,
        (),
        ("a.png: why",) * anomalies,
    )
    assert unjudged_of(test, Words("image", "tumour")) == said


def test_where_no_anomaly_is_judged_the_example_is_an_anomalous_image_and_no_healthy_one():
    faults = ("healthy/1.png: too dark", "tumour/1.png: too small")
    labels = np.zeros(1, np.int8)
    test = Examined(RECORDS, labels, np.array(["a"]), np.zeros((1, 1)), faults, (), faults[1:])
    with pytest.raises(NoAnomalyJudgedError) as refused:
        need_judged(test, Words("image", "tumour"))
    assert refused.value.why.endswith("The first of them: tumour/1.png: too small.")
