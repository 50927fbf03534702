"""Healthy images that set a threshold should not be those that the detector has learnt from."""

from pathlib import Path

import pytest

from normocyte.core.types import Part, Record, Source
from normocyte.datasets.support.patients import UNKNOWN
from normocyte.pipeline.bundle.facts import Facts, PartFacts
from normocyte.workflows.site.learnt import learnt_from

PARTS = (
    PartFacts(Part.TRAIN, 2, ("healthy/1.png", "healthy/2.png")),
    PartFacts(Part.HELD_OUT, 1, ("healthy/3.png",)),
    PartFacts(Part.CALIBRATION, 1, ("healthy/4.png",)),
)
FACTS = Facts("set", "ab" * 32, PARTS, patients_by=UNKNOWN)


def images(folder, *names):
    return [Record(Source(Path(folder) / name), 0, "") for name in names]


@pytest.mark.parametrize("folder", ["set/healthy", "elsewhere"])
def test_images_called_as_those_of_the_training_are_told_wherever_their_folder_lies(folder):
    told = learnt_from(FACTS, images(folder, "1.png", "3.png", "4.png", "9.png"))
    assert told.startswith("2 of 4 images are called as some that the bundle has learnt from, such as 1.png.")


def test_images_are_known_from_a_folder_above_too():
    told = learnt_from(FACTS, [*images("set/healthy", "1.png"), *images("set/tumour", "1.png")])
    assert told.startswith("1 of 2 images is called as one that the bundle has learnt from")


def test_nothing_is_told_of_other_images_or_of_known_patients():
    assert not learnt_from(FACTS, images("new", "4.png", "9.png"))
    assert not learnt_from(Facts("set", "ab" * 32, PARTS), images("set/healthy", "1.png"))
