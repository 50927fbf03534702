"""The Keras model in hand: beside the bundle, equal to its graph, opened without running code."""

import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

import normocyte as nc
from normocyte.core.errors import BundleError, ConfigError, MissingExtraError
from normocyte.detectors.networks.keras_model import load_keras
from normocyte.detectors.networks.saved_model import save_model

PAGE = Path(__file__).parents[2] / "docs/how-to/keras.md"
RECIPE = """seed = 7
[[preprocessing]]
name = "cell_mask"
[[preprocessing]]
name = "resize"
size = 32
[[preprocessing]]
name = "chromatin_contrast"
[detector]
name = "conv_autoencoder"
filters = [4, 8]
latent = 8
epochs = 2
[score]
name = "dark_top_fraction"
[ensemble]
way = "sum"
[[ensemble.member]]
recipe = "local_contrast"
[threshold]
name = "quantile"
false_positive_rate = 0.1
"""


@pytest.fixture(scope="module")
def trained(cells, call, tmp_path_factory):
    """What the command line trained: a small network, and a rule that learns nothing as member 2."""
    folder = tmp_path_factory.mktemp("trained")
    folder.joinpath("two.toml").write_text(RECIPE, encoding="utf-8")
    call("train", folder / "two.toml", "--data", cells, "--out", folder / "bundle")
    return folder


@pytest.fixture
def copied(trained, tmp_path):
    """The same folder for a test that changes it."""
    return shutil.copytree(trained, tmp_path / "copied")


def test_the_model_of_the_command_line_answers_as_the_bundle_does(trained, cells):
    bundle = nc.load(trained / "bundle")
    found = bundle.reconstruct(cells)
    answered = np.asarray(bundle.keras_model()(found.seen))
    np.testing.assert_allclose(answered, found.expected, atol=1e-5)


def test_the_file_is_no_part_of_the_bundle(copied):
    digest = nc.load(copied / "bundle").digest
    (copied / "bundle.keras").unlink()
    assert nc.load(copied / "bundle").digest == digest
    with pytest.raises(BundleError, match=r"no Keras model at .*bundle\.keras; training writes it"):
        nc.load(copied / "bundle").keras_model()


@pytest.mark.parametrize("member", [0, 3, "first", 1.0])
def test_a_member_that_is_not_there_is_refused(trained, member):
    with pytest.raises(ConfigError, match="member must be a whole number from 1 to 2, not"):
        nc.load(trained / "bundle").keras_model(member)


def test_a_member_without_a_network_says_so(trained):
    with pytest.raises(ConfigError, match="'contrast_map' is no Keras network"):
        nc.load(trained / "bundle").keras_model(2)


def test_the_model_of_another_training_is_refused(copied):
    bundle = nc.load(copied / "bundle")
    model = bundle.keras_model()
    model.set_weights([array + 0.1 for array in model.get_weights()])
    save_model(model, copied / "bundle.keras")
    with pytest.raises(BundleError, match="does not give what the network of the bundle"):
        bundle.keras_model()


def test_a_damaged_file_is_refused(copied):
    (copied / "bundle.keras").write_bytes(b"nothing")
    with pytest.raises(BundleError, match="is not a Keras model that can be opened safely"):
        nc.load(copied / "bundle").keras_model()


def test_a_file_with_code_in_it_is_refused(copied):
    keras = load_keras()
    image = keras.layers.Input((32, 32, 1))
    keras.Model(image, keras.layers.Lambda(lambda x: x)(image)).save(copied / "bundle.keras")
    with pytest.raises(BundleError, match="is not a Keras model that can be opened safely"):
        nc.load(copied / "bundle").keras_model()


@pytest.mark.filterwarnings("ignore:.*copy keyword.*:DeprecationWarning")  # Keras 3.15 saves so
def test_the_page_on_keras_runs_and_tuning_leaves_the_bundle_as_it_is(trained, cells, there):
    shutil.copytree(trained, "runs/conv")
    shutil.copytree(cells, "cells")
    shutil.copytree(cells / "cell_images" / "Uninfected", "healthy")
    page = PAGE.read_text(encoding="utf-8")
    done: dict = {}
    exec("\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL)), done)
    np.testing.assert_allclose(done["expected"], done["cells"].expected, atol=1e-5)
    assert np.abs(done["model"](done["cells"].seen) - done["expected"]).max() > 1e-4
    np.testing.assert_array_equal(done["bundle"].reconstruct("cells").expected, done["cells"].expected)


def test_without_keras_it_says_what_to_install(trained, monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    with pytest.raises(MissingExtraError, match=r"normocyte\[train\]"):
        nc.load(trained / "bundle").keras_model()


def test_the_built_in_bundle_has_no_model():
    with pytest.raises(BundleError, match="The built-in bundle comes without a Keras model"):
        nc.load().keras_model()


def test_a_training_takes_away_the_model_of_an_earlier_one(cells, tmp_path):
    (tmp_path / "bundle.keras").write_bytes(b"of a network")
    nc.train("pca", data=cells, out=tmp_path, components=8)
    assert not (tmp_path / "bundle.keras").exists()


def test_the_model_is_found_after_a_change_of_folder(trained, tmp_path, monkeypatch):
    monkeypatch.chdir(trained)
    bundle = nc.load("bundle")
    monkeypatch.chdir(tmp_path)
    assert bundle.keras_model().count_params() > 0
