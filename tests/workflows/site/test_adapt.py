"""What an adapted bundle is made of, and how many photos calibrate it."""

from pathlib import Path

import pytest

from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.pipeline.bundle.folder import bundle_folder
from normocyte.workflows.site.adapt import AdaptOptions, _fractions, _recipe


@pytest.fixture(scope="module")
def given():
    """The recipe of the bundle that comes along."""
    return load_bundle(bundle_folder(Path("shipped"))).recipe


def test_a_bundle_gets_neighbours_and_keeps_its_own_member(given):
    recipe, known = _recipe(given, AdaptOptions())
    assert known == 1
    assert recipe.members[0] == given.members[0]
    assert len(recipe.members) == 4


def test_a_bundle_that_was_adapted_does_not_grow_when_it_is_adapted_again(given):
    once, known = _recipe(given, AdaptOptions())
    again, still_known = _recipe(once, AdaptOptions())
    assert again.members == once.members
    assert still_known == known


def test_a_recipe_is_trained_alone(given):
    recipe, known = _recipe(given, AdaptOptions(recipe="site"))
    assert known == 0
    assert len(recipe.members) == 1


@pytest.mark.parametrize(("photos", "share"), [(200, 0.25), (48, 0.25), (30, 0.4), (20, 0.6), (4, 0.6)])
def test_the_fewer_photos_the_more_of_them_calibrate(photos, share):
    assert _fractions(photos).calibration == pytest.approx(share)
