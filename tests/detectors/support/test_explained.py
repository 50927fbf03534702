"""The share of the variance that a detector explains, and where that has no meaning."""

from dataclasses import dataclass

import numpy as np
import pytest

from normocyte.core.registry import part_class, part_names
from normocyte.core.types import Batch
from normocyte.detectors.contrast_map import ContrastMap
from normocyte.detectors.pca import Pca
from normocyte.detectors.support.explained import variance_explained


@dataclass
class Giving(Pca):
    """Gives back a share of how a cell differs from 0.5."""

    share: float = 1.0

    def expected(self, batch):
        return 0.5 + self.share * (batch.pixels - 0.5)


def around_half(number: int) -> Batch:
    """Cells whose mean image is 0.5 everywhere, more of them than are looked at at once."""
    pixels = np.random.default_rng(number).random((number, 4, 4, 1)).astype(np.float32)
    return Batch(np.concatenate([pixels, 1 - pixels]), np.ones((2 * number, 4, 4), np.uint8))


@pytest.mark.parametrize(("share", "explained"), [(1.0, 1.0), (0.0, 0.0), (0.5, 0.75), (-1.0, -3.0)])
def test_it_is_1_for_the_cells_themselves_and_0_for_the_mean_training_image(share, explained):
    found = variance_explained(Giving(share=share), around_half(40), around_half(150))
    assert found == pytest.approx(explained, abs=1e-5)


def test_pixels_that_do_not_count_are_explained_too():
    held_out = around_half(20)
    blind = Batch(held_out.pixels, np.zeros_like(held_out.masks))
    assert variance_explained(Giving(share=0.5), held_out, blind) == pytest.approx(0.75, abs=1e-5)


def test_a_rule_explains_nothing():
    assert variance_explained(ContrastMap(), around_half(4), around_half(4)) is None


def test_cells_that_are_all_alike_have_no_variance_to_explain():
    flat = Batch(np.full((5, 4, 4, 1), 0.5, np.float32), np.ones((5, 4, 4), np.uint8))
    assert variance_explained(Giving(), flat, flat) is None


def test_only_detectors_that_draw_a_cell_anew_have_such_a_share():
    kinds = {name: part_class("detectors", name) for name in part_names("detectors")}
    own = {name for name, kind in kinds.items() if kind.learns and kind.gives_expected and kind.draws_anew}
    assert own == {"conv_autoencoder", "pca", "transformer", "variational_autoencoder"}
