"""Runs a detector's graph with ONNX Runtime: one thread a session, so that a worker a core adds up."""

import functools

import numpy as np
import onnxruntime as ort
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from normocyte.core.errors import BundleError
from normocyte.core.types import Pixels

INPUT = "pixels"
OUTPUT = "expected"
PARAMETERS = "parameters"
CHUNK = 8

FAULTS = (
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
)
"""What ONNX Runtime raises for a graph that it cannot open or run."""


@functools.lru_cache(maxsize=8)
def open_session(graph: bytes) -> ort.InferenceSession:
    """A session for a graph; BundleError when the bytes are not one."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except FAULTS as error:
        raise BundleError(
            f"The network ({len(graph)} bytes) is not an ONNX graph: {error}. Train it again."
        ) from error


def run_graph(graph: bytes, pixels: Pixels) -> Pixels:
    """What the graph answers to pixels (n, height, width, channels); chunks stay in the cache."""
    return run_output(graph, pixels, OUTPUT)


def run_output(graph: bytes, pixels: Pixels, name: str) -> Pixels:
    """What the graph answers under this name; BundleError when it has no such answer.

    One picture after the other where the graph takes one, else a few at a time.
    """
    session = open_session(graph)
    shapes = {output.name: output.shape[1:] for output in session.get_outputs()}
    if name not in shapes:
        raise BundleError(f"The network answers {', '.join(shapes)}, but not '{name}'. Train it again.")
    answered = np.empty((len(pixels), *shapes[name]), np.float32)
    at_once = session.get_inputs()[0].shape[0]
    step = at_once if isinstance(at_once, int) else CHUNK
    for start in range(0, len(pixels), step):
        chunk = np.ascontiguousarray(pixels[start : start + step])
        answered[start : start + step] = session.run([name], {INPUT: chunk})[0]
    return answered


def has_output(graph: bytes, name: str) -> bool:
    """Whether the graph has an answer of this name."""
    return name in {output.name for output in open_session(graph).get_outputs()}


@functools.lru_cache(maxsize=8)
def graph_shape(graph: bytes) -> tuple[int, ...]:
    """The (height, width, channels) that the graph was made for; () for no graph at all."""
    return tuple(open_session(graph).get_inputs()[0].shape[1:]) if graph else ()


def count_parameters(graph: bytes) -> int:
    """How many learnt numbers the graph holds, as written into it when it was exported."""
    metadata = open_session(graph).get_modelmeta().custom_metadata_map
    return int(metadata.get(PARAMETERS, "0"))
