"""The exam of every shortcut baseline: numbers of any image, usual ones score low, unusual ones high."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normocyte.core.inputs.stored import StoredFile, StoredImage
from normocyte.core.registry import part_class, part_names

NAMES = part_names("shortcuts")
FILE = StoredFile(900, "PNG")


def noise(seed, side=32, file=FILE):
    pixels = np.random.default_rng(seed).integers(90, 130, (side, side, 3)).astype(np.uint8)
    return StoredImage(pixels, file)


@pytest.fixture(params=NAMES)
def baseline(request):
    return part_class("shortcuts", request.param)()


def numbers(baseline, images):
    return np.array([baseline.measure(image) for image in images], np.float64)


def test_it_has_a_title_for_sentences_and_no_more_measures_than_numbers(baseline):
    assert baseline.title[0].islower() or baseline.title.startswith("JPEG")
    assert len(set(baseline.measures)) == len(baseline.measures) <= len(baseline.measure(noise(0)))


@settings(max_examples=20)
@given(height=st.integers(8, 70), width=st.integers(8, 70), levels=st.integers(1, 256))
def test_any_image_has_as_many_finite_numbers(height, width, levels):
    pixels = np.random.default_rng(levels).integers(0, levels, (height, width, 3)).astype(np.uint8)
    for baseline in (part_class("shortcuts", name)() for name in NAMES):
        found = baseline.measure(StoredImage(pixels, FILE))
        assert len(found) == len(baseline.measure(noise(0)))
        assert np.isfinite(found).all()


def test_an_image_in_memory_has_numbers_or_none_at_all(baseline):
    found = np.asarray(baseline.measure(noise(0, file=None)), np.float64)
    assert len(found) == len(baseline.measure(noise(0)))
    assert np.isfinite(found[1:]).all() or np.isnan(found).all()


def test_every_image_has_one_finite_score(baseline):
    baseline.fit(numbers(baseline, [noise(seed) for seed in range(20)]))
    scores = baseline.score(numbers(baseline, [noise(seed) for seed in range(18, 25)]))
    assert scores.shape == (7,)
    assert np.isfinite(scores).all()


def test_healthy_images_that_are_all_the_same_can_be_learnt_from(baseline):
    baseline.fit(numbers(baseline, [noise(0)] * 12))
    assert np.isfinite(baseline.score(numbers(baseline, [noise(0), noise(1)]))).all()
