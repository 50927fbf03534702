"""The layers of EfficientNet-Lite0, with weights drawn by chance in place of the package's."""

import cv2
import numpy as np
import pytest

from normocyte.core.errors import ConfigError
from normocyte.core.types import Batch
from normocyte.detectors.backbones import efficientnet_lite0
from normocyte.detectors.backbones.efficientnet_lite0 import EfficientnetLite0
from normocyte.detectors.contract import Training
from normocyte.detectors.patch_memory import PatchMemory

STAGES = [
    (16, 3, 1, 1),
    (24, 3, 6, 2),
    (40, 5, 6, 2),
    (80, 3, 6, 3),
    (112, 5, 6, 3),
    (192, 5, 6, 4),
    (320, 3, 6, 1),
]
"""Channels, kernel, expansion and blocks of each stage (Tan & Le, table 1, without the scaling)."""
LAYERS = {"stride_4": (24, 56), "stride_8": (40, 28), "stride_16": (112, 14), "stride_32": (320, 7)}


def norm(name, channels, rng):
    parts = {"weight": rng.uniform(0.5, 1, channels), "bias": rng.normal(0, 0.1, channels)}
    parts |= {"running_mean": rng.normal(0, 0.1, channels), "running_var": rng.uniform(0.5, 1, channels)}
    return {f"{name}.{part}": values for part, values in parts.items()}


@pytest.fixture(scope="module")
def tensors():
    rng, inside, block = np.random.default_rng(0), 32, 0
    found = {"_conv_stem.weight": rng.normal(0, 0.2, (32, 3, 3, 3)), **norm("_bn0", 32, rng)}
    for channels, kernel, expansion, blocks in STAGES:
        for _ in range(blocks):
            name, wide = f"_blocks.{block}", inside * expansion
            if expansion > 1:
                found[f"{name}._expand_conv.weight"] = rng.normal(0, inside**-0.5, (wide, inside, 1, 1))
                found |= norm(f"{name}._bn0", wide, rng)
            found[f"{name}._depthwise_conv.weight"] = rng.normal(0, 1 / kernel, (wide, 1, kernel, kernel))
            found[f"{name}._project_conv.weight"] = rng.normal(0, wide**-0.5, (channels, wide, 1, 1))
            found |= norm(f"{name}._bn1", wide, rng) | norm(f"{name}._bn2", channels, rng)
            inside, block = channels, block + 1
    return {name: values.astype(np.float32) for name, values in found.items()}


@pytest.fixture(autouse=True)
def read(tensors, monkeypatch, tmp_path):
    monkeypatch.setattr(efficientnet_lite0, "weights_file", lambda: tmp_path / "weights.pth")
    monkeypatch.setattr(efficientnet_lite0, "read_tensors", lambda _: tensors)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_has_the_published_channels_and_size(layer):
    (found,) = EfficientnetLite0().features((layer,)).maps
    assert (found.channels, found.height, found.width) == (LAYERS[layer][0], *[LAYERS[layer][1]] * 2)


def test_strides_of_8_and_16_are_the_usual_ones_and_no_later_block_is_drawn():
    features = EfficientnetLite0().features()
    assert [one.channels for one in features.maps] == [40, 112]
    assert not any("_blocks.11." in name for name in features.constants)


def test_the_folded_weights_do_what_convolution_and_normalisation_did(tensors):
    constants = EfficientnetLite0().features(("stride_4",)).constants
    image = np.random.default_rng(1).normal(size=(3, 3, 3))  # one place of the stem
    linear = (tensors["_conv_stem.weight"] * image).sum(axis=(1, 2, 3))
    spread = np.sqrt(tensors["_bn0.running_var"] + 1e-3)
    expected = (linear - tensors["_bn0.running_mean"]) / spread * tensors["_bn0.weight"] + tensors[
        "_bn0.bias"
    ]
    folded = (constants["_conv_stem.kernel"] * image).sum(axis=(1, 2, 3)) + constants["_conv_stem.bias"]
    np.testing.assert_allclose(folded, expected, rtol=1e-4, atol=1e-5)


def test_a_layer_of_another_name_is_refused():
    with pytest.raises(ConfigError, match=r"no layer 'stride_2'. Choose from: stride_4, stride_8"):
        EfficientnetLite0().features(("stride_2",))


def test_images_of_any_size_are_judged_in_one_graph(tensors):
    pixels = np.random.default_rng(2).uniform(0, 255, (6, 48, 48, 1)).astype(np.float32)
    batch = Batch(pixels, np.ones((6, 48, 48), np.uint8))
    detector = PatchMemory(backbone="efficientnet_lite0", layers=("stride_16", "stride_32"), patches=100)
    detector.fit(batch, batch, Training())
    blurred = np.stack([cv2.blur(one, (9, 9))[..., np.newaxis] for one in pixels[:2]])
    strange = detector.maps(Batch(blurred, batch.masks[:2]))
    assert strange.shape == (2, 48, 48)
    assert strange.min() >= 0
    assert strange.mean() > detector.maps(batch).mean()
