"""A sheet leaves the trial drawing out, and gives what Matplotlib's figure gives."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from normocyte.reports.drawing import theme
from normocyte.reports.drawing.sheet import Sheet


def drawn(kind):
    """Two plots with labels and a legend below."""
    figure = kind(figsize=(5, 3), layout="constrained")
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
