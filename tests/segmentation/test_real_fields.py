"""On real fields, where they are at hand, the annotated cells are found and the burned-in bar too."""

import json
from pathlib import Path

import numpy as np
import pytest

from normocyte.core.types import CellKind, Source
from normocyte.images.reading import read
from normocyte.segmentation.boxes.boxed import read_boxes
from normocyte.segmentation.watershed import Watershed

FIELDS = Path(__file__).parents[2].parent / "shared" / "data" / "iml-malaria-fields"
BAR = (1125, 830, 1250, 915)
MARGIN = 0.12

pytestmark = pytest.mark.skipif(not FIELDS.is_dir(), reason="the IML malaria fields are not here")


def overlaps(first, second):
    """The intersection over union of each box (left, top, right, bottom) with each."""
    low = np.maximum(first[:, np.newaxis, :2], second[np.newaxis, :, :2])
    high = np.minimum(first[:, np.newaxis, 2:], second[np.newaxis, :, 2:])
    both = np.clip(high - low, 0, None).prod(axis=2)
    areas = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (first, second)]
    return both / (areas[0][:, np.newaxis] + areas[1] - both)


@pytest.fixture(scope="module")
def fields():
    """Five fields far apart in the set: what was found, and the annotated boxes."""
    boxes = read_boxes(FIELDS / "annotations.json")
    names = sorted(entry["image_name"] for entry in json.loads((FIELDS / "annotations.json").read_text()))
    chosen = names[20::43][:5]
    return [(Watershed().segment(read(Source(FIELDS / "images" / name))), boxes.of(name)) for name in chosen]


def test_the_annotated_cells_are_found(fields):
    best = []
    for found, boxes in fields:
        truth = np.array([(b.x, b.y, b.x + b.width, b.y + b.height) for b in boxes])
        cells = [(c.x, c.y, c.x + c.width, c.y + c.height) for c in found.cells]
        size = np.array([(c.width, c.height) for c in found.cells])
        grown = np.array(cells) + MARGIN / 2 * np.hstack([-size, size])
        best.append(overlaps(truth, grown).max(axis=1))
    assert np.mean(np.concatenate(best) >= 0.5) > 0.95


def test_the_bar_and_its_text_are_found_and_nothing_else_is_taken_for_them(fields):
    burnt = [c for found, _ in fields for c in found.cells if c.kind is CellKind.ANNOTATION]
    assert {found.bar_px for found, _ in fields} == {94.0}
    assert all(c.x > BAR[0] and c.y > BAR[1] and c.x < BAR[2] and c.y < BAR[3] for c in burnt)
