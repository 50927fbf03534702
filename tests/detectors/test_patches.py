"""What the detectors of patches share: places, positions, what is refused."""

import numpy as np
import pytest

from normocyte.core.cancel import CancelToken, Stopped
from normocyte.core.errors import ConfigError, TrainingError
from normocyte.core.types import Batch
from normocyte.detectors.contract import Training
from normocyte.detectors.patch_gaussian import PatchGaussian
from normocyte.detectors.patch_memory import PatchMemory
from normocyte.detectors.patches.patch_encoder import PatchConfig, learnt_sight, turned
from normocyte.detectors.patches.patches import _describing_graph
from normocyte.detectors.support.onnx_graph import run_graph

SMALL = {"windows": (3, 5), "components": 4, "depth_window": 5, "spot": 1.0}
BOTH = pytest.mark.parametrize("detector", [PatchGaussian(**SMALL), PatchMemory(**SMALL, patches=50)])


@pytest.fixture
def in_frames(cells):
    """Noisy cells of 12 x 12 pixels in a frame of two pixels of 0.25."""
    batch = cells(32, seed=1, height=16, width=16)
    batch.masks[:] = 0
    batch.masks[:, 2:-2, 2:-2] = 1
    batch.pixels[batch.masks == 0] = 0.25
    return batch


def depths(cells: Batch) -> np.ndarray:
    """The depth that the graph gives to every pixel of these cells."""
    sight = learnt_sight(cells, PatchConfig((3,), 4, 1, 5), np.random.default_rng(1))
    return run_graph(_describing_graph(sight, cells.pixels.shape[1:]), cells.pixels)[..., -1]


@BOTH
def test_a_dark_spot_is_shown_where_it_is(detector, cells):
    many = cells(60, seed=1, height=16, width=16)
    detector.fit(many, many, Training(1))
    spotted = np.full((1, 16, 16, 1), 0.5, np.float32)
    spotted[0, 9:12, 3:6] = 2.0
    shown = np.unravel_index(detector.maps(Batch(spotted, many.masks[:1])).argmax(), (1, 16, 16))
    assert np.abs(np.array(shown) - (0, 10, 4)).max() <= 1


@BOTH
@pytest.mark.parametrize(("height", "width"), [(7, 9), (1, 5)])
def test_sides_that_the_step_does_not_divide_keep_their_length(detector, cells, height, width):
    batch = cells(200, seed=1, height=height, width=width)
    detector.fit(batch, batch, Training(1))
    assert detector.maps(batch).shape == (200, height, width)


@BOTH
def test_cells_that_are_all_alike_show_nothing(detector):
    alike = Batch(np.full((40, 8, 8, 1), 0.3, np.float32), np.ones((40, 8, 8), np.uint8))
    detector.fit(alike, alike, Training(1))
    np.testing.assert_allclose(detector.maps(alike), 0, atol=1e-3)


@BOTH
def test_after_cells_that_are_all_alike_another_gives_numbers(detector, cells):
    alike = Batch(np.full((40, 8, 8, 1), 0.3, np.float32), np.ones((40, 8, 8), np.uint8))
    detector.fit(alike, alike, Training(1))
    assert np.isfinite(detector.maps(cells(3, seed=1))).all()


def test_in_a_frame_of_one_colour_the_depth_is_the_share_of_cell_around(in_frames):
    found = depths(in_frames)
    np.testing.assert_allclose(found[:, [0, 2, 4, 8], 8], [[0.2, 0.6, 1.0, 1.0]] * 32, atol=0.05)


def test_without_such_a_frame_the_image_is_the_cell(cells):
    np.testing.assert_allclose(depths(cells(8, seed=1))[:, 4, [0, 4]], [[0.6, 1.0]] * 8, atol=1e-6)


def test_cells_are_turned_with_their_masks(in_frames):
    in_frames.masks[:] = in_frames.pixels[..., 0] > 0.5
    found = turned(in_frames, np.random.default_rng(1))
    np.testing.assert_array_equal(found.masks, found.pixels[..., 0] > 0.5)
    assert not np.array_equal(found.masks, in_frames.masks)


@BOTH
def test_pixels_that_are_not_numbers_are_refused_with_their_count(detector, cells, held_out):
    broken = cells(20, seed=1)
    broken.pixels[3, 0, :2] = np.nan
    with pytest.raises(TrainingError, match="2 pixel values of the healthy cells are not finite"):
        detector.fit(broken, held_out, Training(1))


@BOTH
def test_no_cells_are_refused(detector, cells, held_out):
    with pytest.raises(TrainingError, match="The 0 healthy cells have no pixel in their masks"):
        detector.fit(cells(0, seed=1), held_out, Training(1))


def test_more_components_than_a_window_has_pixels_are_refused(healthy, held_out):
    with pytest.raises(TrainingError, match=r"10 components .*a window of 3 pixels has 9; lower"):
        PatchGaussian(windows=(3,), components=10).fit(healthy, held_out, Training(1))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("windows", (), r"at least 1, .* not \(\)"),
        ("windows", (4,), r"odd whole number .* not \(4,\)"),
        ("windows", (5, 65), r"from 1 to 63, not \(5, 65\)"),
        ("depth_window", 0, "an odd whole number from 1 to 63, not 0"),
        ("components", 0, "a whole number from 1, not 0"),
        ("step", 0, "a whole number from 1 to 63, not 0"),
        ("spot", 0.0, r"from 0\.1 to 63, not 0\.0"),
        ("distance", "far", "one of dark_spot, full, not 'far'"),
        ("darker_is", "up", "not 'up'"),
    ],
)
def test_impossible_fields_are_refused(field, value, said):
    with pytest.raises(ConfigError, match=said):
        PatchGaussian(**{field: value})


@BOTH
def test_a_stop_that_was_asked_for_ends_the_training(detector, healthy, held_out):
    cancel = CancelToken()
    cancel.set()
    with pytest.raises(Stopped):
        detector.fit(healthy, held_out, Training(1, cancel=cancel))


@BOTH
def test_a_listener_hears_as_many_steps_as_were_announced(detector, healthy, held_out, listener):
    heard = listener()
    detector.fit(healthy, held_out, Training(1, progress=heard))
    announced = [int(note.rsplit(" ", 1)[1]) for note in heard.notes if note]
    assert sum(heard.steps) == sum(announced)
