"""The blocks of the transformer, and its codes of places."""

import numpy as np
import pytest

from normocyte.detectors.networks.attention import block, places
from normocyte.detectors.networks.keras_model import load_keras


@pytest.fixture(scope="module")
def one_block():
    """One block for six patches of eight numbers."""
    patches = load_keras().layers.Input((6, 8))
    return load_keras().Model(patches, block(patches, 2))


def test_every_patch_has_a_code_of_its_own():
    code = places(8, 8, 16)
    distances = np.linalg.norm(code[:, np.newaxis] - code, axis=-1) + np.eye(64)
    assert code.shape == (64, 16)
    assert distances.min() > 0.02


def test_near_places_have_near_codes():
    code = places(1, 8, 16)
    distances = np.linalg.norm(code - code[0], axis=-1)
    assert (np.diff(distances[:4]) > 0).all()


def test_a_code_tells_row_and_column_apart():
    code = places(3, 3, 8).reshape(3, 3, 8)
    np.testing.assert_array_equal(code[0, :, :4], code[0, :1, :4].repeat(3, axis=0))
    np.testing.assert_array_equal(code[:, 0, 4:], code[:1, 0, 4:].repeat(3, axis=0))


def test_a_block_takes_patches_in_any_order(one_block):
    patches = np.random.default_rng(1).normal(size=(2, 6, 8)).astype(np.float32)
    order = np.array([3, 0, 5, 1, 4, 2])
    given = one_block.predict(patches, verbose=0)
    np.testing.assert_allclose(one_block.predict(patches[:, order], verbose=0), given[:, order], atol=1e-5)


def test_every_patch_hears_from_all_others(one_block):
    patches = np.random.default_rng(1).normal(size=(1, 6, 8)).astype(np.float32)
    changed = patches.copy()
    changed[0, 5] += np.arange(8)
    heard = np.abs(one_block.predict(changed, verbose=0) - one_block.predict(patches, verbose=0))
    assert (heard.max(axis=-1) > 1e-5).all()
