"""An ONNX file as a backbone: its feature maps become part of the detector's own graph."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import BundleError, ConfigError, needs
from normocyte.detectors.backbones.contract import OPSET, PLANES, SIDE, Backbone, FeatureMap, Features
from normocyte.detectors.support.onnx_graph import FAULTS, open_session

_COLOURS = 3
_AXES = 4
_OLDEST = 13
_STRIDES = (8, 16)
_OTHER_STRIDES = (4, 32)
_MEANS, _SPREADS = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_WHITE = 255.0
_PREFIX = "file/"
_GIVEN = "file_given"
_AS_ALONE = 1e-3


class _Refused(ValueError):
    """Why a file is no backbone."""


@dataclass(frozen=True)
class _Network:
    """The model, the name of its input, whether colours are its last axis, and the side of its picture."""

    model: Any
    given: str
    is_last: bool
    side: int


@dataclass
class OnnxFile(Backbone):
    """The feature maps of a network for colour images, (n, 3, height, width) or (n, height, width, 3).

    It is given red, green and blue as most networks of ImageNet take them: shares of white less .485, .456,
    .406, divided by .229, .224, .225. Its feature maps are the tensors that `layers` names; else its outputs
    with a height and a width; else, as in a classifier, the last tensors of stride 8 and 16.
    """

    path: Path

    def check_installed(self) -> None:
        """ConfigError where there is no such file."""
        if not self.path.is_file():
            raise ConfigError(f"There is no ONNX file {self.path}; check the path of the backbone.")

    def features(self, layers: Sequence[str] = ()) -> Features:
        self.check_installed()
        try:
            network = _read(self.path)
            names = list(layers) or _usual_layers(network)
            return _drawn(network, names)
        except (_Refused, BundleError, UnicodeDecodeError) as error:
            reason = str(error) if isinstance(error, _Refused) else "ONNX Runtime cannot run it"
            raise ConfigError(
                f"{self.path.name} cannot be a backbone: {reason}. Give an ONNX file of a network for colour "
                "images that takes several at once."
            ) from error


def _read(path: Path) -> _Network:
    """The network, with operators of a version that the detectors' own nodes go with."""
    onnx = needs("onnx", "train")
    faults = (needs("google.protobuf.message", "train").DecodeError, onnx.checker.ValidationError)
    try:
        model = onnx.load_model_from_string(path.read_bytes())
        onnx.checker.check_model(model)
    except faults as error:
        raise _Refused("it is no ONNX file, or keeps its weights in another one") from error
    versions = {one.domain: one.version for one in model.opset_import if one.domain in ("", "ai.onnx")}
    if len(versions) != len(model.opset_import) or not versions or model.functions:
        raise _Refused("it has operators that are not ONNX's own")
    given = _image_input(model)
    if min(versions.values()) < _OLDEST:
        model = _of_newer_operators(model)
    return _Network(onnx.compose.add_prefix(model, _PREFIX), _PREFIX + given[0], *given[1:])


def _of_newer_operators(model: Any) -> Any:
    converter = needs("onnx.version_converter", "train")
    try:
        return converter.convert_version(model, OPSET)
    except (RuntimeError, converter.ConvertError) as error:
        raise _Refused("its operators are too old to be brought to a newer version") from error


def _image_input(model: Any) -> tuple[str, bool, int]:
    """The name of the one input, whether its colours are the last axis, and the side of its picture."""
    constants = {one.name for one in model.graph.initializer}
    inputs = [one for one in model.graph.input if one.name not in constants]
    if len(inputs) != 1:
        raise _Refused(f"it has {len(inputs)} inputs, not one")
    kind = inputs[0].type.tensor_type
    sides = [axis.dim_value for axis in kind.shape.dim]
    if kind.elem_type != 1 or len(sides) != _AXES or _COLOURS not in (sides[1], sides[3]):
        raise _Refused("it is no image network: its input is not (n, 3, height, width) of float32")
    is_last = sides[1] != _COLOURS
    height, width = sides[1:3] if is_last else sides[2:]
    if height != width:
        raise _Refused(f"its pictures are {height} x {width} pixels, not square")
    return inputs[0].name, is_last, height or SIDE


def _usual_layers(network: _Network) -> list[str]:
    """The outputs that are feature maps, else the last tensors of stride 8 and 16."""
    outputs = [one.name for one in network.model.graph.output]
    found = [name for name, shape in _shapes(network, outputs).items() if _layout(shape)]
    if found:
        return [name.removeprefix(_PREFIX) for name in found]
    last = {}
    for name, shape in _shapes(network, _inner(network)).items():
        layout = _layout(shape)
        if layout:
            last[round(network.side / layout.side)] = name
    chosen = [last[stride] for stride in _STRIDES if stride in last]
    chosen = chosen or [last[stride] for stride in _OTHER_STRIDES if stride in last]
    if not chosen:
        raise _Refused("it is no image network: no tensor of it has a height and a width")
    return [name.removeprefix(_PREFIX) for name in chosen]


def _inner(network: _Network) -> list[str]:
    """The tensors of float32 with four axes that nodes give, in their order."""
    onnx = needs("onnx", "train")
    inferred = onnx.shape_inference.infer_shapes(network.model).graph
    kinds = {one.name: one.type.tensor_type for one in (*inferred.value_info, *inferred.output)}
    names = [name for node in network.model.graph.node for name in node.output]
    return [
        name
        for name in names
        if name in kinds and kinds[name].elem_type == 1 and len(kinds[name].shape.dim) == _AXES
    ]


@dataclass(frozen=True)
class _Layout:
    channels: int
    side: int
    is_last: bool


def _layout(shape: tuple[int, ...]) -> _Layout | None:
    """Channels, side and whether channels are the last axis, of a feature map; None for what is none."""
    if len(shape) != _AXES or min(shape) < 1:
        return None
    if shape[2] == shape[3] > 1:
        return _Layout(shape[1], shape[2], False)
    return _Layout(shape[3], shape[1], True) if shape[1] == shape[2] > 1 else None


def _shapes(network: _Network, names: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The shape that each of these tensors has for one picture."""
    nodes, constants = _nodes(network)
    answered = _run(Features(network.side, (), nodes, constants, _opset(network)), names, 1)
    return {name: table.shape for name, table in zip(names, answered, strict=True)}


def _nodes(network: _Network) -> tuple[list[Any], dict[str, Any]]:
    """The network as it stands in the file, from PLANES on."""
    onnx = needs("onnx", "train")
    make = onnx.helper.make_node
    column = (1, _COLOURS, 1, 1)
    constants = {
        "file_means": np.array(_MEANS, np.float32).reshape(column) * _WHITE,
        "file_unit": 1 / (np.array(_SPREADS, np.float32).reshape(column) * _WHITE),
    }
    first = [
        make("Sub", [PLANES, "file_means"], ["file_centred"]),
        make("Mul", ["file_centred", "file_unit"], [_GIVEN]),
    ]
    if network.is_last:
        first.append(make("Transpose", [_GIVEN], [network.given], perm=[0, 2, 3, 1]))
    else:
        first.append(make("Identity", [_GIVEN], [network.given]))
    constants |= {one.name: onnx.numpy_helper.to_array(one) for one in network.model.graph.initializer}
    return [*first, *network.model.graph.node], constants


def _opset(network: _Network) -> int:
    return int(max(one.version for one in network.model.opset_import))


def _drawn(network: _Network, layers: Sequence[str]) -> Features:
    """The nodes that these layers need, and the layers with their channels first, the finest first."""
    nodes, constants = _nodes(network)
    wanted = [_PREFIX + name for name in layers]
    known = {name for node in nodes for name in node.output}
    for name, tensor in zip(layers, wanted, strict=True):
        if tensor not in known:
            raise _Refused(f"it has no tensor '{name}'")
    nodes = _needed(nodes, wanted)
    used = {name for node in nodes for name in node.input}
    constants = {name: array for name, array in constants.items() if name in used}
    whole = Features(network.side, (), nodes, constants, _opset(network))
    maps = []
    for tensor, table in zip(wanted, _checked(whole, wanted), strict=True):
        layout = _layout(table.shape)
        if not layout:
            raise _Refused(f"its tensor '{tensor.removeprefix(_PREFIX)}' is no feature map")
        maps.append(_upright(nodes, tensor, layout))
    maps.sort(key=lambda one: -one.height)
    return Features(network.side, tuple(maps), nodes, constants, whole.opset)


def _upright(nodes: list[Any], tensor: str, layout: _Layout) -> FeatureMap:
    """The feature map with its channels before height and width."""
    channels, side = layout.channels, layout.side
    if not layout.is_last:
        return FeatureMap(tensor, channels, side, side)
    nodes.append(
        needs("onnx", "train").helper.make_node("Transpose", [tensor], [f"{tensor}/up"], perm=[0, 3, 1, 2])
    )
    return FeatureMap(f"{tensor}/up", channels, side, side)


def _needed(nodes: Sequence[Any], wanted: Sequence[str]) -> list[Any]:
    """The nodes without which these tensors cannot be had."""
    needed, kept = set(wanted), []
    for node in reversed(nodes):
        if needed & set(node.output):
            if any(attribute.type in (5, 10) for attribute in node.attribute):
                raise _Refused(f"it has the operator {node.op_type}, which chooses between graphs")
            needed |= set(node.input)
            kept.append(node)
    return kept[::-1]


def _checked(whole: Features, wanted: Sequence[str]) -> list[npt.NDArray[np.float32]]:
    """The tensors of one picture; refused where two pictures at once give something else."""
    alone, together = _run(whole, wanted, 1), _run(whole, wanted, 2)
    for one, two in zip(alone, together, strict=True):
        if not np.isfinite(two).all():
            raise _Refused("it gives numbers that are not finite")
        if len(two) != len(one) * 2 or not np.allclose(two[:1], one, atol=_AS_ALONE * np.abs(one).max()):
            raise _Refused("it takes one picture at a time")
    return alone


def _run(whole: Features, names: Sequence[str], pictures: int) -> list[npt.NDArray[np.float32]]:
    """These tensors for pictures of noise."""
    onnx = needs("onnx", "train")
    helper = onnx.helper
    graph = helper.make_graph(
        whole.nodes,
        "backbone",
        [helper.make_tensor_value_info(PLANES, 1, ["n", _COLOURS, whole.side, whole.side])],
        [helper.make_tensor_value_info(name, 1, None) for name in names],
        [onnx.numpy_helper.from_array(array, name) for name, array in whole.constants.items()],
    )
    opsets = [helper.make_opsetid("", whole.opset)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    noise = np.random.default_rng(0).uniform(0, _WHITE, (pictures, _COLOURS, whole.side, whole.side))
    session = open_session(model.SerializeToString())
    try:
        return list(session.run(list(names), {PLANES: noise.astype(np.float32)}))
    except FAULTS as error:
        many = "one picture" if pictures == 1 else f"{pictures} pictures at once"
        raise _Refused(f"it fails with {many}") from error
