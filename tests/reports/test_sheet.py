"""A sheet leaves the trial drawing out, and gives what Matplotlib's figure gives."""

import io

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from normocyte.reports.drawing import theme
from normocyte.reports.drawing.sheet import Sheet


def drawn(kind, width=5):
    """Two plots with labels and a legend below."""
    figure = kind(figsize=(width, 3), layout="constrained")
    for axes in figure.subplots(1, 2):
        axes.plot([0, 1, 2], [0, 900, 3], label="a curve")
        axes.set(xlabel="share", ylabel="a long label")
    theme.legend_below(figure)
    return figure


@pytest.mark.parametrize("form", [theme.svg_of, theme.png_of])
def test_a_sheet_gives_the_bytes_of_the_figure(form):
    with theme.styled():
        assert form(drawn(Sheet)) == form(drawn(Figure))


def test_a_sheet_is_drawn_as_ever_where_nothing_is_saved():
    sheet, figure = drawn(Sheet), drawn(Figure)
    for one in (sheet, figure):
        FigureCanvasAgg(one).draw()
    assert sheet.axes[0].get_position().bounds == figure.axes[0].get_position().bounds
    assert sheet.axes[0].get_position().bounds != drawn(Figure).axes[0].get_position().bounds


@pytest.mark.parametrize("width", [5, 8.2, 5.55, 6.3])
def test_a_png_shows_what_matplotlib_saves_whatever_its_width(width):
    with theme.styled():
        ours, theirs = io.BytesIO(theme.png_of(drawn(Figure, width))), io.BytesIO()
        drawn(Figure, width).savefig(theirs, format="png", dpi=200)
    with Image.open(ours) as our_picture, Image.open(theirs) as their_picture:
        np.testing.assert_array_equal(np.asarray(our_picture), np.asarray(their_picture.convert("RGB")))
