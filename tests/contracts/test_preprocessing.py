"""The exam that every preprocessing step passes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ImageError
from normocyte.core.registry import own_parts, part_class, part_names
from normocyte.core.types import Sample
from normocyte.preprocessing.contract import Step

NAMES = part_names("preprocessing")
KEEPS_SIZE = [name for name in NAMES if name not in {"resize", "crop_to_mask"}]


def step_called(name: str) -> Step:
    return part_class("preprocessing", name)()


def drawn_cell(height: int, width: int, seed: int, background: float) -> Sample:
    """A noisy reddish ellipse that fills most of the picture, and a mask of ones."""
    rows, columns = np.mgrid[:height, :width]
    middle = ((rows + 0.5) / height - 0.5) ** 2 + ((columns + 0.5) / width - 0.5) ** 2
    noise = np.random.default_rng(seed).integers(-30, 30, (height, width, 3))
    pixels = np.where((middle < 0.2)[..., np.newaxis], np.array([200, 140, 150]) + noise, background)
    return Sample(pixels.astype(np.float32), np.ones((height, width), np.uint8))


def masked_cell(seed: int = 0) -> Sample:
    """The cell in padding with a mask of it: what the steps after `cell_mask` receive."""
    cell = drawn_cell(64, 64, seed, 0)
    return Sample(cell.pixels, (cell.pixels.max(axis=2) > 0).astype(np.uint8))


def outcome(step: Step, sample: Sample) -> Sample | str:
    """What the step gives, or the sentence with which it refuses the image."""
    try:
        return step.apply(sample)
    except ImageError as error:
        return str(error)


def assert_well_formed(sample: Sample) -> None:
    assert (sample.pixels.dtype, sample.mask.dtype) == (np.float32, np.uint8)
    assert sample.pixels.ndim == 3
    assert sample.pixels.shape[:2] == sample.mask.shape
    assert np.isfinite(sample.pixels).all()


sizes = st.integers(20, 140)
seeds = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("name", NAMES)
@given(height=sizes, width=sizes, seed=seeds, background=st.sampled_from([0.0, 250.0]))
def test_a_cell_becomes_finite_pixels_and_a_mask_of_their_size(name, height, width, seed, background):
    given_step = step_called(name).apply(drawn_cell(height, width, seed, background))
    assert_well_formed(given_step)
    assert given_step.mask.any()


@pytest.mark.parametrize("name", NAMES)
@given(seed=seeds)
def test_same_in_same_out_and_the_input_stays(name, seed):
    sample, copy = masked_cell(seed), masked_cell(seed)
    first, second = (step_called(name).apply(sample) for _ in range(2))
    np.testing.assert_array_equal(first.pixels, second.pixels)
    np.testing.assert_array_equal(first.mask, second.mask)
    np.testing.assert_array_equal(sample.pixels, copy.pixels)
    np.testing.assert_array_equal(sample.mask, copy.mask)


@pytest.mark.parametrize("name", KEEPS_SIZE)
@given(seed=seeds)
def test_what_did_not_count_never_counts_again(name, seed):
    sample = masked_cell(seed)
    after = step_called(name).apply(sample)
    if ("preprocessing", name) in own_parts() and after.mask.shape != sample.mask.shape:
        pytest.skip("it changes the size")
    assert not after.mask[sample.mask == 0].any()


@pytest.mark.parametrize("name", NAMES)
def test_the_mask_survives(name):
    sample = masked_cell()
    after = step_called(name).apply(sample)
    assert np.count_nonzero(after.mask) / after.mask.size == pytest.approx(sample.mask.mean(), abs=0.1)


@pytest.mark.parametrize("level", [0, 1, 128, 255])
@pytest.mark.parametrize("shape", [(64, 64), (1, 1), (3, 50)])
@pytest.mark.parametrize("name", NAMES)
def test_a_picture_of_one_colour_is_finite_or_refused_in_a_sentence(name, shape, level):
    flat = Sample(np.full((*shape, 3), level, np.float32), np.ones(shape, np.uint8))
    result = outcome(step_called(name), flat)
    sentence_or_pixels = len(result) > 30 if isinstance(result, str) else np.isfinite(result.pixels).all()
    assert sentence_or_pixels


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_mask_stays_empty_or_is_refused(name):
    cell = masked_cell()
    result = outcome(step_called(name), Sample(cell.pixels, np.zeros_like(cell.mask)))
    assert isinstance(result, str) or not result.mask.any()


@pytest.mark.parametrize("name", NAMES)
def test_pixels_may_lie_scattered_in_memory(name):
    cell = masked_cell()
    scattered = Sample(np.asfortranarray(cell.pixels), np.asfortranarray(cell.mask))
    after, expected = step_called(name).apply(scattered), step_called(name).apply(cell)
    np.testing.assert_array_equal(after.pixels, expected.pixels)
    np.testing.assert_array_equal(after.mask, expected.mask)


def assert_same(after: Sample | ImageError, alone: Sample | str) -> None:
    """Equal to the last bit, or refused in the same words."""
    if isinstance(after, ImageError):
        assert str(after) == alone
        return
    np.testing.assert_array_equal(after.pixels, alone.pixels)
    np.testing.assert_array_equal(after.mask, alone.mask)


@pytest.mark.parametrize("name", NAMES)
def test_several_at_once_are_what_each_is_alone(name):
    """Neighbours in a stack do not see each other, and one that is refused takes nobody along."""
    cells = [masked_cell(seed) for seed in range(5)]
    empty = Sample(cells[0].pixels, np.zeros_like(cells[0].mask))
    filled = drawn_cell(64, 64, 9, 250.0)
    for samples in ([*cells, filled], [cells[0], empty, cells[1]], [cells[0], drawn_cell(40, 90, 1, 0.0)]):
        step = step_called(name)
        together = step.apply_all(samples)
        for after, sample in zip(together, samples, strict=True):
            assert_same(after, outcome(step, sample))


@pytest.mark.parametrize("name", NAMES)
def test_no_step_depends_on_what_resize_leaves_unpainted_outside(name):
    resize, step = part_class("preprocessing", "resize")(size=40), step_called(name)
    unpainted, painted = resize.apply(masked_cell()), resize.apply(masked_cell())
    assert_same(step.apply(unpainted), outcome(step, Sample(painted.pixels, painted.mask)))
