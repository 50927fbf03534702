"""Running a graph, and graphs that are none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import BundleError
from normocyte.detectors.networks.graphs import constant_graph, linear_graph
from normocyte.detectors.support.onnx_graph import count_parameters, graph_shape, open_session, run_graph

SHAPE = (4, 5, 2)
HALF = linear_graph(np.zeros(40, np.float32), np.eye(40, dtype=np.float32)[:20], SHAPE)


def pixels(number: int) -> np.ndarray:
    return np.random.default_rng(1).random((number, *SHAPE)).astype(np.float32)


@pytest.mark.parametrize("number", [0, 1, 63, 64, 65, 129])
def test_every_picture_is_answered_in_its_place(number):
    expected = pixels(number)
    expected[:, 2:] = 0  # the second half of the flattened picture
    np.testing.assert_array_equal(run_graph(HALF, pixels(number)), expected)


@pytest.mark.parametrize(
    "laid", [np.asfortranarray, lambda array: array[::-1], lambda array: array[:, :, ::-1]]
)
def test_pictures_may_lie_scattered_in_memory(laid):
    scattered = laid(pixels(7))
    np.testing.assert_array_equal(run_graph(HALF, scattered), run_graph(HALF, scattered.copy(order="C")))


def test_a_graph_tells_its_shape_and_its_parameters():
    assert (graph_shape(HALF), count_parameters(HALF)) == (SHAPE, 40 + 20 * 40)
    assert (graph_shape(constant_graph(1.0, SHAPE)), graph_shape(b"")) == (SHAPE, ())


def test_a_session_uses_one_thread_and_does_not_spin():
    options = open_session(HALF).get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"


@pytest.mark.parametrize("content", [b"", b"text", b"\x00" * 99, HALF[:99]])
def test_what_is_no_graph_is_a_bundle_error_that_shows_its_size(content):
    with pytest.raises(BundleError, match=rf"\({len(content)} bytes\) is not an ONNX graph.*Train it again"):
        run_graph(content, pixels(1))


@given(length=st.integers(0, len(HALF) - 1))
def test_a_graph_that_was_cut_short_never_ends_in_another_error(length):
    with pytest.raises(BundleError):
        run_graph(HALF[:length], pixels(1))
