"""The one place where Keras is imported, on its TensorFlow backend, and turned into ONNX."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from normocyte.core.errors import needs
from normocyte.detectors.networks.doubling import double_plainly
from normocyte.detectors.support.onnx_graph import INPUT, OUTPUT, PARAMETERS

_NOISE = "seed_generator_state"
"""How Keras calls the state of a layer that draws random numbers."""


def load_keras() -> ModuleType:
    """Keras 3 on TensorFlow, without its start-up chatter.

    MissingExtraError when it is not installed, or when what turns it into ONNX is not: better now than after
    an hour of training.
    """
    if "keras" not in sys.modules:
        os.environ["KERAS_BACKEND"] = "tensorflow"
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        with _quiet():
            needs("tensorflow", "train")
    for package in ("onnx", "tf2onnx"):
        needs(package, "train")
    return needs("keras", "train")


@contextlib.contextmanager
def keeping_chance() -> Iterator[None]:
    """Leave Python's own random numbers as they are: Keras draws a seed from them for each layer."""
    state = random.getstate()
    try:
        yield
    finally:
        random.setstate(state)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hold back what TensorFlow's C++ side writes to standard error while it loads.

    Show it when loading fails.
    """
    sys.stderr.flush()
    kept, is_loaded = os.dup(2), False
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
            is_loaded = True
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            if not is_loaded:
                said.seek(0)
                os.write(2, said.read())


def seed_weights(model: Any, generator: np.random.Generator) -> None:
    """Draw every kernel anew from one generator (He uniform), so that the start depends on the seed alone.

    So does the noise of layers that draw some: their state is drawn as well.
    """
    for variable in model.trainable_variables:
        shape = tuple(variable.shape)
        if len(shape) > 1:
            limit = np.sqrt(6.0 / np.prod(shape[:-1]))
            variable.assign(generator.uniform(-limit, limit, shape).astype(np.float32))
    for variable in model.non_trainable_variables:
        if variable.name == _NOISE:
            variable.assign(generator.integers(2**31, size=variable.shape))


def export_graph(model: Any, answers: Sequence[str] = (OUTPUT,)) -> bytes:
    """The model as an ONNX graph with a free batch size.

    The input carries the name that scoring expects, the outputs those of `answers` in their order.
    """
    onnx = needs("onnx", "train")
    keras = load_keras()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        signature = [keras.InputSpec(shape=(None, *model.input_shape[1:]), dtype="float32", name=INPUT)]
        with warnings.catch_warnings():
            warnings.filterwarnings(
                "ignore", ".*np.object.*", FutureWarning
            )  # Keras 3.15 asks NumPy for an old name
            model.export(str(path), format="onnx", verbose=False, input_signature=signature)
        proto = onnx.load(str(path))
    double_plainly(proto)
    name_plainly(proto.graph, INPUT, answers)
    return finish_graph(proto, model.count_params())


def finish_graph(proto: Any, parameters: int) -> bytes:
    """The bytes of a checked graph, with the number of its parameters written into it."""
    onnx = needs("onnx", "train")
    proto.ClearField("metadata_props")
    onnx.helper.set_model_props(proto, {PARAMETERS: str(parameters)})
    onnx.checker.check_model(proto)
    return bytes(proto.SerializeToString(deterministic=True))


def name_plainly(graph: Any, first: str, last: Sequence[str]) -> None:
    """Call the input `first`, the outputs as in `last`, and everything between by its place in the graph.

    An exporter numbers layers from when the process began, so a second training would get other names.
    """
    given = {value.name: name for value, name in zip(graph.output, last, strict=True)}
    names = {"": "", graph.input[0].name: first, **given}
    for node in graph.node:
        for name in (*node.input, *node.output):
            names.setdefault(name, f"value_{len(names)}")
    for number, node in enumerate(graph.node):
        node.name = f"{node.op_type}_{number}"
        node.input[:] = [names[name] for name in node.input]
        node.output[:] = [names[name] for name in node.output]
    _name_constants(graph, names)
    _name_ends(graph, names)


def _name_constants(graph: Any, names: dict[str, str]) -> None:
    """In the order of their first use; one that no node uses is left out."""
    places = {name: index for index, name in enumerate(names)}
    used = sorted(
        (constant for constant in graph.initializer if constant.name in names),
        key=lambda constant: places[constant.name],
    )
    for constant in used:
        constant.name = names[constant.name]
    graph.ClearField("initializer")
    graph.initializer.extend(used)


def _name_ends(graph: Any, names: dict[str, str]) -> None:
    graph.ClearField("doc_string")
    graph.ClearField("value_info")  # shapes between, which every runtime finds by itself
    for value in (*graph.input, *graph.output):
        value.name = names[value.name]
        value.type.tensor_type.shape.dim[0].dim_param = "n"
