import numpy as np
import pytest

from normocyte.core.errors import ConfigError, ImageError
from normocyte.core.types import Sample
from normocyte.preprocessing.grayscale import Grayscale
from normocyte.preprocessing.normalise import Normalise
from normocyte.preprocessing.otsu_threshold import OtsuThreshold


@pytest.mark.parametrize("picture", ["padded_cell", "field_cell"])
def test_the_cell_is_white_in_padding_and_on_a_bright_field(request, picture):
    binary = OtsuThreshold().apply(request.getfixturevalue(picture))
    assert binary.pixels.shape == (128, 128, 1)
    assert set(np.unique(binary.pixels)) == {0, 255}
    assert binary.pixels[64, 40] == 255
    assert binary.pixels[2, 2] == 0
    assert binary.mask.all()


@pytest.mark.parametrize("picture", ["padded_cell", "field_cell"])
def test_masked_blackens_the_background_and_narrows_the_mask(request, picture):
    sample = request.getfixturevalue(picture)
    masked = OtsuThreshold("masked").apply(sample)
    np.testing.assert_array_equal(masked.pixels, sample.pixels * (masked.mask > 0)[..., np.newaxis])
    assert masked.mask[64, 40] == 1
    assert masked.mask[2, 2] == 0


def test_the_cut_does_not_depend_on_the_scale(field_cell):
    unit = OtsuThreshold().apply(Normalise("unit").apply(field_cell))
    np.testing.assert_array_equal(unit.pixels, OtsuThreshold().apply(field_cell).pixels)


def test_gray_and_colour_give_the_same_foreground(field_cell):
    gray = OtsuThreshold().apply(Grayscale().apply(field_cell))
    np.testing.assert_array_equal(gray.pixels, OtsuThreshold().apply(field_cell).pixels)


def test_what_does_not_count_has_no_say(field_cell):
    mask = np.zeros((128, 128), np.uint8)
    mask[30:100, 30:100] = 1
    binary = OtsuThreshold().apply(Sample(field_cell.pixels, mask))
    assert binary.pixels[51, 77] == 255
    assert binary.pixels[64, 40] == 0
    assert not binary.pixels[mask == 0].any()


def test_one_grey_level_has_no_foreground():
    flat = Sample(np.full((16, 16, 3), 90, np.float32), np.ones((16, 16), np.uint8))
    assert not OtsuThreshold().apply(flat).pixels.any()
    with pytest.raises(ImageError, match="No cell found"):
        OtsuThreshold("masked").apply(flat)


def test_an_unknown_mode_is_refused():
    with pytest.raises(ConfigError, match="mode must be one of binary, masked, not 'soft'"):
        OtsuThreshold("soft")
