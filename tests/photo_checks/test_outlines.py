"""What is cut out of stained matter is no thin film; round cells of one size are, few or many."""

from functools import partial

import cv2
import numpy as np
import pytest

from normocyte.core.types import CellKind, SegmentedCell
from normocyte.photo_checks.contract import Photo
from normocyte.photo_checks.gate import FieldGate
from normocyte.photo_checks.outlines import Outlines
from normocyte.results.verdict import Grade
from normocyte.wording.causes import sentences

GROUND, STAIN = (196, 216, 200), (140, 104, 132)


def matter(seed: int, scale: float, share: float) -> np.ndarray:
    """A photo of stained matter without a cell, its patches about `scale` pixels wide."""
    rng = np.random.default_rng(seed)
    waves = cv2.GaussianBlur(rng.normal(size=(480, 640)), (0, 0), scale)
    soft = 1 / (1 + np.exp(-(waves - np.quantile(waves, 1 - share)) / waves.std() * 14))[..., None]
    picture = np.array(GROUND) * (1 - soft) + np.array(STAIN) * soft
    return np.clip(picture + rng.normal(0, 1, picture.shape), 0, 255).astype(np.uint8)


def cut_up(pixels: np.ndarray, step: int = 40) -> list[SegmentedCell]:
    """The stained part of a photo in squares, as a segmenter that knows nothing better cuts it."""
    stained = pixels[..., 1] < 160
    pieces = []
    for top in range(0, 480, step):
        for left in range(0, 640, step):
            mask = np.ascontiguousarray(stained[top : top + step, left : left + step])
            if mask.sum() > step**2 / 4:
                pieces.append(SegmentedCell(left, top, mask, CellKind.OVERLAPPING))
    return pieces


def cells_apart() -> tuple[np.ndarray, list[SegmentedCell]]:
    """A photo of round cells that lie apart, and these one by one; the rightmost 100 columns are empty."""
    chance, picture, pieces = np.random.default_rng(0), np.full((480, 640, 3), GROUND, np.uint8), []
    for row in range(40, 480, 60):
        for column in range(40, 520, 60):
            axes = tuple(int(axis) for axis in chance.integers(18, 23, 2))
            mask = np.zeros((480, 640), np.uint8)
            cv2.ellipse(mask, (column, row), axes, 0, 0, 360, 1, -1)
            picture[mask > 0] = STAIN
            x, y, width, height = cv2.boundingRect(mask)
            pieces.append(SegmentedCell(x, y, mask[y : y + height, x : x + width] > 0, CellKind.RED_CELL))
    return cv2.GaussianBlur(picture, (0, 0), 0.9), pieces


def photo(pixels: np.ndarray, pieces: list[SegmentedCell]) -> Photo:
    return Photo(pixels, pixels[..., 1] < 160, 40.0, len(pieces), pieces)


def values(pixels, pieces):
    return {measure.name: measure.value for measure in Outlines().measures(photo(pixels, pieces))}


@pytest.mark.parametrize("make", [partial(matter, 0, 9.0, 0.4), partial(matter, 1, 25.0, 0.5)])
def test_stained_matter_in_pieces_is_no_thin_film(make):
    finding = FieldGate([Outlines()]).assess(photo(make(), cut_up(make())))
    assert finding.grade is Grade.UNUSABLE
    assert sentences(finding.causes)[0].startswith("This is no thin film: the outlines are"), sentences(
        finding.causes
    )
    assert "photograph the thin part of the smear (" in sentences(finding.causes)[0], sentences(
        finding.causes
    )


def test_round_cells_of_one_size_are_a_thin_film():
    found = values(*cells_apart())
    assert found["circles"] > 0.9, found
    assert found["sizes"] < 0.1, found
    assert FieldGate([Outlines()]).assess(photo(*cells_apart())).grade is Grade.GOOD


def test_a_few_pieces_alone_say_less_than_many():
    pixels = matter(0, 9.0, 0.4)
    few, many = values(pixels, cut_up(pixels)[:3]), values(pixels, cut_up(pixels))
    assert few["circles"] > many["circles"] + 0.15, (few, many)


@pytest.mark.parametrize("kind", [CellKind.LEUCOCYTE, CellKind.BORDER, CellKind.PLATELET])
def test_what_is_no_whole_red_cell_has_no_say(kind):
    pixels, pieces = cells_apart()
    strange = SegmentedCell(550, 40, np.ones((300, 60), bool), kind)
    assert values(pixels, [*pieces, strange]) == pytest.approx(values(pixels, pieces), abs=0.02)


def test_where_a_segmenter_found_nothing_there_is_no_thin_film(field):
    finding = FieldGate([Outlines()]).assess(Photo(field, pieces=()))
    assert sentences(finding.causes)[0].startswith(
        "This is no thin film: nothing in it has the outline of a cell"
    )


def test_where_nobody_has_segmented_the_photo_nothing_is_said_of_outlines(field):
    assert FieldGate([Outlines()]).assess(Photo(field)).causes == ()


def test_pieces_of_one_pixel_are_borne(field):
    dots = [SegmentedCell(40 * n, 50, np.ones((1, 1), bool), CellKind.DEBRIS) for n in range(5)]
    found = values(field, dots)
    assert all(np.isfinite(value) and value >= 0 for value in found.values()), found
