"""The same picture counts once, whatever it is called, and so does a cell that two photos show."""

import functools

import numpy as np
import pytest

from normocyte.core.types import CellKind, SegmentedCell
from normocyte.results.smear import Detection, PhotoResult
from normocyte.results.verdict import Grade, Outcome, Verdict
from normocyte.wording.causes import sentence, sentences
from normocyte.workflows.smear.judge import Judged, OddCell
from normocyte.workflows.smear.repeats import without_repeats


def judged(name, digest):
    return Judged(PhotoResult(name, Grade.GOOD, ()), digest)


def grades(*photos):
    return [one.photo.grade for one in without_repeats(photos)]


def test_a_picture_that_comes_again_under_another_name_counts_once():
    assert grades(judged("a.png", "1"), judged("b.png", "1"), judged("c.png", "2")) == [
        "good",
        Grade.COUNTED_BEFORE,
        "good",
    ]


def test_a_picture_that_comes_again_under_its_own_name_from_another_folder_counts_once():
    assert grades(judged("a.png", "1"), judged("a.png", "1")) == ["good", Grade.COUNTED_BEFORE]


def test_different_pictures_of_one_name_both_count():
    assert grades(judged("a.png", "1"), judged("a.png", "2")) == ["good", "good"]


def test_photos_that_cannot_be_read_are_not_taken_for_each_other():
    assert grades(judged("a.png", ""), judged("b.png", "")) == ["good", "good"]


def test_the_reason_names_the_first():
    _, again = without_repeats([judged("a.png", "1"), judged("b.png", "1")])
    assert sentences(again.photo.causes) == ["The same picture as a.png, whose cells are counted there."]


SIDE = 40


@functools.cache
def film(seed=0, count=900):
    """Where cells lie on a slide of 2,000 x 2,000 pixels, none nearer to another than its width."""
    kept = np.empty((0, 2))
    for place in np.random.default_rng(seed).uniform(0, 2000, (4 * count, 2)):
        if len(kept) < count and (np.hypot(*(kept - place).T) > SIDE).all():
            kept = np.vstack([kept, place])
    return kept


def photo_at(name, x, y, slide=None, scale=1.0, jitter=0.0):
    """The photo of 800 x 600 pixels whose corner is there, each cell counted and flagged."""
    slide = film() if slide is None else slide
    inside = slide[((slide > [x, y]) & (slide < [x + 800, y + 600])).all(axis=1)]
    shaken = inside - [x, y] + np.random.default_rng(1).normal(0, jitter, inside.shape)
    side = round(scale * SIDE)
    mask = np.ones((side, side), bool)
    verdict = Verdict(Outcome.SUSPICIOUS, 9.0, 0.001)
    detections = tuple(
        Detection(SegmentedCell(*np.round(scale * place).astype(int), mask, CellKind.RED_CELL), verdict, True)
        for place in shaken
    )
    image = np.zeros((4, 4, 3), np.uint8)
    suspects = tuple(OddCell(name, at + 1, image, image, verdict) for at in range(len(detections)))
    return Judged(PhotoResult(name, Grade.GOOD, (), detections, "", scale * SIDE), name, suspects)


@pytest.mark.parametrize(("x", "y"), [(300, 0), (0, 250), (280, 140), (420, -100)])
def test_cells_that_two_photos_show_count_once(x, y):
    first, second = without_repeats([photo_at("a", 500, 500), photo_at("b", 500 + x, 500 + y, jitter=2)])
    moved = film()[:, None] - np.array([[500, 500], [500 + x, 500 + y]])
    union = ((moved > 0) & (moved < [800, 600])).all(axis=2).any(axis=1).sum()
    assert first.photo.cells + second.photo.cells == pytest.approx(union, rel=0.03)
    assert len(second.suspects) == second.photo.flagged == second.photo.cells
    assert sentence(second.photo.causes[0]).endswith("of its cells are seen in a, too, and counted there.")


def test_what_counts_elsewhere_says_so_in_its_row():
    _, second = without_repeats([photo_at("a", 0, 0), photo_at("b", 300, 0)])
    causes = {detection.verdict.cause for detection in second.photo.detections if not detection.is_counted}
    assert sentences(causes) == ["counted in another photo (a)"]


@pytest.mark.parametrize("scale", [0.6, 1.0, 2.5])
def test_a_copy_of_another_size_or_compression_counts_nothing(scale):
    _, copy = without_repeats([photo_at("a", 0, 0), photo_at("b", 0, 0, scale=scale, jitter=1)])
    assert (copy.photo.grade, copy.photo.cells) == (Grade.COUNTED_BEFORE, 0)
    assert sentences(copy.photo.causes) == ["It shows the same cells as a, whose cells are counted there."]


@pytest.mark.parametrize("seed", range(1, 6))
def test_photos_of_different_fields_share_no_cell(seed):
    photos = [photo_at("a", 0, 0), photo_at("b", 0, 0, film(seed)), photo_at("c", 900, 900, film(seed))]
    assert without_repeats(photos) == photos


def test_three_photos_of_one_field_count_it_once():
    photos = [photo_at(name, 0, 0, jitter=jitter) for name, jitter in (("a", 0), ("b", 1), ("c", 1))]
    assert [one.photo.grade for one in without_repeats(photos)] == [
        "good",
        Grade.COUNTED_BEFORE,
        Grade.COUNTED_BEFORE,
    ]


def test_a_handful_of_cells_is_never_taken_for_a_repeat():
    few = film(0, 30)
    assert without_repeats([photo_at("a", 0, 0, few), photo_at("b", 0, 0, few, jitter=1)])[1].photo.cells > 0
