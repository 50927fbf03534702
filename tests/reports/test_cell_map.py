"""One picture a cell: any image and any map give one, and colours mean what the scale says."""

import dataclasses
import io
import re
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from normocyte.images.writing import png_bytes
from normocyte.reports.cell_map import CellMap, draw_cell_map, is_cell_map
from normocyte.reports.drawing import lettering
from normocyte.reports.drawing.tiling import blocky, fitting, heat_bar, heated, smooth
from normocyte.results.evaluation import View

PEN = lettering.Pen(14, (0, 0, 0))
SIDES = st.integers(1, 40)
FEW = settings(max_examples=30)


def opened(content):
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)


def make_cell(image_shape=(40, 40), map_shape=(16, 16), channels=1, **change):
    random = np.random.default_rng(3)
    image = random.integers(0, 255, (*image_shape, 3), np.uint8)
    seen = random.normal(size=(*map_shape, channels)).astype(np.float32)
    residual = random.normal(size=map_shape).astype(np.float32)
    view = View(image, seen, seen / 2, residual, np.ones(map_shape, np.uint8), np.abs(residual))
    return CellMap(dataclasses.replace(view, **change), "cell.png", "suspicious", True, 7.0, 5.0, 0.01, 2.0)


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("image_shape", [(8, 8), (8, 700), (701, 33), (128, 128)])
@pytest.mark.parametrize("map_shape", [(8, 8), (33, 65), (128, 128)])
def test_any_sizes_and_channels_give_a_picture_of_one_size(image_shape, map_shape, channels):
    drawn = opened(draw_cell_map(make_cell(image_shape, map_shape, channels)))
    assert drawn.shape == opened(draw_cell_map(make_cell())).shape


@pytest.mark.parametrize("value", [0.0, 3.0, -3.0, np.nan, np.inf])
def test_a_map_of_one_value_gives_a_picture(value):
    constant = np.full((16, 16), value, np.float32)
    assert opened(draw_cell_map(make_cell(residual=constant, heat=constant))).std() > 0


def test_a_cell_of_one_colour_gives_a_picture():
    flat = np.ones((16, 16, 1), np.float32)
    assert draw_cell_map(make_cell(seen=flat, expected=flat))


def test_a_mask_in_which_nothing_counts_gives_a_picture():
    assert draw_cell_map(make_cell(mask=np.zeros((16, 16), np.uint8)))


def test_the_same_cell_gives_the_same_bytes():
    assert draw_cell_map(make_cell()) == draw_cell_map(make_cell())


def test_a_map_without_expectation_takes_one_tile_less():
    shorter = opened(draw_cell_map(make_cell(has_expected=False))).shape[1]
    assert shorter == opened(draw_cell_map(make_cell())).shape[1] - 202


def scale_of_the_last_tile(cell):
    """The bar under the last tile, from left to right."""
    drawn = opened(draw_cell_map(cell))
    return drawn[-30, -206:-14]


def test_the_scale_of_a_map_begins_pale_and_that_of_a_difference_violet():
    assert scale_of_the_last_tile(make_cell(has_expected=False))[0].min() > 230
    for is_healthy in (True, False):
        first = scale_of_the_last_tile(make_cell(is_healthy=is_healthy))[0]
        assert first[2] > first[1] + 20


def test_a_picture_of_an_image_is_not_called_a_cell():
    cell = make_cell()
    assert draw_cell_map(dataclasses.replace(cell, unit="image")) != draw_cell_map(cell)


def test_a_picture_is_known_by_its_first_bytes():
    assert is_cell_map(draw_cell_map(make_cell())[:128])


@pytest.mark.parametrize("content", [b"", b"text", png_bytes(np.zeros((9, 9, 3), np.uint8))])
def test_another_file_is_no_such_picture(content):
    assert not is_cell_map(content)


@pytest.mark.parametrize("name", ["x" * 900, "\u7d30\u80de.png", "a\nb\t.png", "caf\udce9.png", "", "\0"])
def test_any_name_can_be_written(name):
    cell = dataclasses.replace(make_cell(), name=name)
    assert opened(draw_cell_map(cell)).shape == opened(draw_cell_map(make_cell())).shape


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -1e30])
def test_any_number_can_be_written(number):
    assert draw_cell_map(dataclasses.replace(make_cell(), score=number, threshold=number, p_value=number))


def test_nothing_unusual_leaves_the_photograph_as_it_is():
    image = np.random.default_rng(0).integers(0, 255, (50, 40, 3), np.uint8)
    heat, mask = np.full((10, 10), 0.5, np.float32), np.ones((10, 10), np.uint8)
    assert np.array_equal(heated(image, heat, mask), image)


def test_heat_stays_inside_the_mask():
    image = np.full((64, 64, 3), 200, np.uint8)
    mask = np.zeros((16, 16), np.uint8)
    mask[:, :8] = 1
    changed = (heated(image, np.full((16, 16), 9, np.float32), mask) != image).any(axis=2)
    assert changed[:, :32].all()
    assert not changed[:, 32:].any()


def test_from_the_cut_on_the_scale_rises_in_brightness():
    brightness = heat_bar(1, 64)[0, 32:].astype(float) @ (0.2126, 0.7152, 0.0722)
    assert (np.diff(brightness) > 0).all()


def test_the_page_shows_the_colours_of_the_scale():
    style = resources.files("normocyte.reports").joinpath("drawing/page.css").read_text(encoding="utf-8")
    shown = re.search(r"i\.heat \{[^(]*\(90deg, ([^)]*)\)", style)[1].split(", ")
    assert shown == [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in heat_bar(1, 121)[0, ::20]]


@FEW
@given(SIDES, SIDES, SIDES, SIDES)
def test_a_resize_keeps_one_value_as_it_is(rows, columns, height, width):
    array = np.full((rows, columns), 7, np.float32)
    assert smooth(array, height, width) == pytest.approx(np.full((height, width), 7))


@FEW
@given(SIDES, SIDES)
def test_a_resize_to_the_same_size_changes_nothing(rows, columns):
    colours = np.random.default_rng(0).integers(0, 256, (rows, columns, 3), np.uint8)
    values = colours[..., 0].astype(np.float32)
    assert np.array_equal(smooth(colours, rows, columns), colours)
    assert np.array_equal(smooth(values, rows, columns), values)
    assert np.array_equal(blocky(colours, rows, columns), colours)


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_a_shape_fits_into_a_square(height, width):
    assert max(fitting((height, width), 192)) == 192
    assert min(fitting((height, width), 192)) >= 1


@pytest.mark.parametrize("channels", [3, 4])
def test_a_png_gives_its_pixels_back(channels):
    pixels = np.random.default_rng(0).integers(0, 255, (13, 7, channels), np.uint8)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png_bytes(pixels, "us")))), pixels)


@given(st.text(max_size=200), st.integers(20, 300))
def test_a_fitted_text_is_no_wider_than_its_place(text, width):
    assert lettering.width_of(lettering.fitted(text, width, PEN), PEN) <= width


def test_a_fitted_text_keeps_beginning_and_end():
    fitted = lettering.fitted("beginning" + "-" * 300 + "end.png", 200, PEN)
    assert fitted.startswith("beginning")
    assert fitted.endswith("end.png")


def test_letters_stand_on_their_baseline():
    canvas = np.full((60, 100, 3), 255, np.uint8)
    lettering.write(canvas, "HEM", (10, 30), PEN)
    rows = np.flatnonzero((canvas < 255).any(axis=(1, 2)))
    assert rows.max() + 1 in (29, 30, 31)


@pytest.mark.parametrize("place", [(0, 5), (95, 30), (10, 2), (10, -50), (10, 200), (500, 30)])
def test_what_stands_outside_the_canvas_is_left_out(place):
    canvas = np.full((60, 100, 3), 255, np.uint8)
    lettering.write(canvas, "HEM", place, PEN)
    assert canvas.shape == (60, 100, 3)
