"""How many images of whom a part of a set has, in words."""

import pytest

from normocyte.core.words import numbered
from normocyte.pipeline.bundle.facts import Facts, PartFacts
from normocyte.workflows.evaluation.words import people_of


@pytest.mark.parametrize(
    ("cells", "told"), [(0, "0 cells"), (1, "1 cell of 1 patient"), (2000, "2,000 cells of ")]
)
def test_one_is_counted_as_one(cells, told):
    part = PartFacts("test", cells, ("ann",))
    assert people_of(Facts("drawn", "", (part,)), part).startswith(told)


def test_a_thing_of_any_kind_is_counted():
    assert [numbered(count, "image") for count in (0, 1, 1200)] == ["0 images", "1 image", "1,200 images"]
