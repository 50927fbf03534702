"""The exam that every segmenter passes."""

import cv2
import numpy as np
import pytest

from normocyte.core.errors import ImageError
from normocyte.core.registry import part_class, part_names
from normocyte.core.types import CellKind

NAMES = part_names("segmentation")
GLASS, STAIN = (222, 226, 218), (196, 140, 158)
WHOLE = (CellKind.RED_CELL, CellKind.OVERLAPPING)


def drawn(width: int, height: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """A field of round cells that lie apart, and their centres and radii as shares of its width."""
    radius = 0.028
    rng = np.random.default_rng(seed)
    down, right = np.mgrid[0.07 : height / width - 0.05 : 0.09, 0.07:0.95:0.09]
    places = np.stack([right.ravel(), down.ravel()], axis=1) + rng.uniform(-0.012, 0.012, (right.size, 2))
    truth = np.column_stack([places, radius * rng.uniform(0.9, 1.1, len(places))])
    field = np.full((height, width, 3), GLASS, np.float32)
    for x, y, size in truth * width:
        cv2.circle(field, (round(x * 16), round(y * 16)), round(size * 16), STAIN, cv2.FILLED, cv2.LINE_AA, 4)
    field = cv2.GaussianBlur(field, (0, 0), 0.002 * width)
    noisy = field + rng.normal(0, 2, field.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8), truth


def found(field, width: int) -> np.ndarray:
    """Centres and radii of the whole cells, as shares of the width."""
    boxes = [(c.x + c.width / 2, c.y + c.height / 2, c.area_px) for c in field.cells if c.kind in WHOLE]
    x, y, area = np.array(boxes).T
    return np.column_stack([x, y, np.sqrt(area / np.pi)]) / width


@pytest.fixture(params=NAMES)
def segmenter(request):
    """Each segmenter in turn, with its own defaults."""
    return part_class("segmentation", request.param)()


def noise(kind: str) -> np.ndarray:
    rng = np.random.default_rng(5)
    if kind == "noise":
        return rng.integers(0, 256, (300, 400, 3), np.uint8)
    if kind == "faint noise":
        return np.clip(rng.normal(210, 4, (300, 400, 3)), 0, 255).astype(np.uint8)
    ramp = np.linspace(120, 220, 400)[np.newaxis, :, np.newaxis]
    return np.broadcast_to(ramp, (300, 400, 3)).astype(np.uint8)


EMPTY = {
    "black": np.zeros((300, 400, 3), np.uint8),
    "gray": np.full((300, 400, 3), 128, np.uint8),
    "white": np.full((300, 400, 3), 255, np.uint8),
    "noise": noise("noise"),
    "faint noise": noise("faint noise"),
    "uneven light": noise("uneven light"),
    "one pixel": np.full((1, 1, 3), 90, np.uint8),
    "one row": np.full((1, 500, 3), 200, np.uint8),
}


@pytest.mark.parametrize("kind", EMPTY)
def test_a_picture_without_cells_gives_none(segmenter, kind):
    field = segmenter.segment(EMPTY[kind])
    assert field.cells == []
    assert np.isnan(field.diameter_px)


@pytest.mark.parametrize("size", [(640, 480), (2000, 1500)])
def test_drawn_cells_are_found_where_they_are_at_any_size(segmenter, size):
    pixels, truth = drawn(*size)
    cells = found(segmenter.segment(pixels), size[0])
    assert len(cells) == len(truth)
    apart = np.hypot(*(cells[:, np.newaxis, :2] - truth[np.newaxis, :, :2]).transpose(2, 0, 1))
    assert sorted(apart.argmin(axis=1)) == list(range(len(truth)))
    assert apart.min(axis=1).max() < 0.004
    assert np.abs(cells[:, 2] - truth[apart.argmin(axis=1), 2]).max() < 0.004


def test_the_usual_diameter_is_that_of_the_drawn_cells(segmenter):
    pixels, truth = drawn(900, 700)
    assert segmenter.segment(pixels).diameter_px == pytest.approx(2 * 900 * np.median(truth[:, 2]), rel=0.07)


def test_the_same_picture_gives_the_same_cells_and_stays_as_it_is(segmenter):
    pixels, _ = drawn(500, 400)
    before = pixels.copy()
    first, second = segmenter.segment(pixels), segmenter.segment(pixels)
    assert [(c.x, c.y, c.kind, c.is_covered) for c in first.cells] == [
        (c.x, c.y, c.kind, c.is_covered) for c in second.cells
    ]
    assert all(np.array_equal(a.mask, b.mask) for a, b in zip(first.cells, second.cells, strict=True))
    np.testing.assert_array_equal(pixels, before)


def test_boxes_lie_inside_the_picture_and_fit_their_masks(segmenter):
    pixels = np.ascontiguousarray(drawn(700, 560)[0][30:-20, 25:-30])
    cells = segmenter.segment(pixels).cells
    assert all(c.x >= 0 and c.y >= 0 and c.x + c.width <= 645 and c.y + c.height <= 510 for c in cells)
    assert all(c.mask.dtype == bool and 0 < c.area_px <= c.width * c.height for c in cells)
    assert all(
        c.mask[0].any() and c.mask[-1].any() and c.mask[:, 0].any() and c.mask[:, -1].any() for c in cells
    )


def test_cells_that_the_edge_cuts_are_border_cells(segmenter):
    pixels, truth = drawn(640, 480)
    cut = np.ascontiguousarray(pixels[:, round(640 * truth[:, 0].min()) :])
    at_edge = [c for c in segmenter.segment(cut).cells if c.x == 0]
    assert at_edge
    assert {c.kind for c in at_edge} == {CellKind.BORDER}


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((9, 9), np.uint8),
        np.zeros((9, 9, 4), np.uint8),
        np.zeros((9, 9, 3)),
        np.zeros((0, 9, 3), np.uint8),
    ],
)
def test_what_is_no_picture_is_refused(segmenter, wrong):
    with pytest.raises(ImageError, match="give RGB pixels"):
        segmenter.segment(wrong)
