import dataclasses
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.reports.drawing import theme, tiling
from normocyte.reports.evaluation import by_patient, gallery, learning
from normocyte.reports.evaluation.distribution import score_axis
from normocyte.results import evaluation as shown


def texts(figure):
    """All words that a figure shows."""
    return {
        element.text for element in ET.fromstring(theme.svg_of(figure)).iter() if element.tag.endswith("text")
    }


@given(st.lists(st.floats(allow_infinity=True, allow_nan=True), max_size=20), st.floats(allow_infinity=False))
def test_a_score_axis_runs_upwards_whatever_the_scores(scores, cut):
    usual = np.clip(np.array(scores, dtype=float), -1e9, 1e9)
    axis = score_axis(usual, (float(np.clip(cut, -1e9, 1e9)),))
    assert axis.low < axis.high
    assert (np.diff(axis.edges(10)) > 0).all()


def test_a_score_axis_holds_every_cut():
    axis = score_axis(np.linspace(1, 2, 50), (9.0, float("nan")))
    assert axis.high > 9


def test_few_patients_are_named_under_their_bars(contents):
    rates = shown.PatientRates(np.array(["C1", "C2"]), np.array([10, 10]), np.array([1, 2]))
    with theme.styled():
        assert {"C1", "C2"} <= texts(by_patient.draw(dataclasses.replace(contents, patients=rates)))


@pytest.mark.parametrize("losses", [(1.0,), (1.0, 0.001), (0.0, 0.0), (2.0, 1.9)])
def test_any_curve_of_losses_can_be_drawn(contents, losses):
    curve = shown.TrainingCurve(losses, losses, 1)
    with theme.styled():
        assert "epoch" in texts(learning.draw(dataclasses.replace(contents, training=curve)))


def test_a_detector_without_held_out_patients_shows_one_curve(contents):
    curve = shown.TrainingCurve((2.0, 1.0))
    with theme.styled():
        assert "held-out patients" not in texts(learning.draw(dataclasses.replace(contents, training=curve)))


@pytest.fixture(scope="module")
def view(contents):
    """What a detector made of one healthy cell."""
    return contents.gallery[0].pictures[0].view


def test_darker_than_expected_is_orange_and_brighter_is_violet(view):
    residual = np.where(np.arange(64) < 32, 1.0, -1.0)[None, :].repeat(64, axis=0).astype(np.float32)
    everywhere = np.ones((64, 64), np.uint8)
    tile = tiling.tiles(dataclasses.replace(view, residual=residual, mask=everywhere), 1.0)["difference"]
    assert tile[0, 0, 0] > tile[0, 0, 2]
    assert tile[0, -1, 2] > tile[0, -1, 0]


@pytest.mark.parametrize("name", ["seen", "expected", "difference"])
def test_a_tile_is_clear_where_nothing_counts(name, view):
    assert np.array_equal(tiling.tiles(view, 1.0)[name][..., 3] > 0, view.mask > 0)


@pytest.mark.parametrize("channels", [(), (1,), (2,), (3,), (5,)])
def test_any_number_of_channels_can_be_shown(view, channels):
    seen = np.random.default_rng(0).normal(size=(64, 64, *channels)).astype(np.float32)
    tiles = tiling.tiles(dataclasses.replace(view, seen=seen, expected=seen), 1.0)
    assert tiles["seen"].shape == tiles["expected"].shape == (64, 64, 4)


def test_a_tile_has_the_shape_of_the_photograph(view):
    tiles = tiling.tiles(dataclasses.replace(view, image=view.image[:, :64]), 1.0)
    assert {name: tile.shape[0] / tile.shape[1] for name, tile in tiles.items()} == dict.fromkeys(tiles, 2.0)


def test_noise_does_not_look_like_something(view):
    faint = np.random.default_rng(0).normal(0, 0.01, (64, 64)).astype(np.float32)
    seen = tiling.tiles(dataclasses.replace(view, seen=faint), strength=1.0)["seen"]
    assert seen[view.mask > 0, 0].std() < 10


def test_a_map_without_an_expectation_is_shown_alone(view):
    assert list(tiling.tiles(dataclasses.replace(view, has_expected=False), 1.0)) == [
        "cell",
        "unusual",
        "seen",
        "map",
    ]


def test_a_map_is_palest_at_the_least_of_all_maps_and_never_violet(view):
    residual = np.linspace(4.0, 6.0, 64, dtype=np.float32)[None, :].repeat(64, axis=0)
    alone = dataclasses.replace(view, residual=residual, mask=np.ones((64, 64), np.uint8), has_expected=False)
    picture = shown.Picture(alone, "a", "b", 0, 1.0)
    groups = [shown.PictureGroup("one", (picture,))]
    faint, strength = tiling.faintest(groups), tiling.strongest(groups)
    assert 4 <= faint < 4.1
    tile = tiling.tiles(alone, strength, faint=faint)["map"].astype(int)
    assert tile[0, 0, :3].min() > 240
    assert (tile[..., 0] >= tile[..., 2]).all()
    assert tile[0, -1, 2] < 20


def test_a_picture_with_nothing_that_counts_can_be_shown(contents, view):
    empty = dataclasses.replace(view, mask=np.zeros((64, 64), np.uint8))
    picture = dataclasses.replace(contents.gallery[0].pictures[0], view=empty)
    strength = tiling.strongest([shown.PictureGroup("none", (picture,))])
    assert strength == 1
    assert len(tiling.tiles(empty, strength)) == 5


def test_a_mosaic_keeps_the_shape_of_a_tall_picture():
    tile = np.full((20, 10, 4), 255, np.uint8)
    canvas = tiling.mosaic([(tile,)], size_px=40, gap_px=4)
    assert canvas.shape == (40, 40, 4)
    assert canvas[..., 3].mean() == pytest.approx(255 / 2)


def test_an_odd_group_leaves_a_place_without_axes(contents):
    with theme.styled():
        figure = gallery.draw(dataclasses.replace(contents, gallery=contents.gallery[:3]))
    assert [axes.axison for axes in figure.axes] == [True, True, True, False]


def test_a_card_says_what_became_of_the_cell(contents):
    cards = [card for _, group in gallery.cards(contents) for card in group]
    assert {(card.label, card.fate) for card in cards} == {
        ("healthy", "not flagged"),
        ("healthy", "false alarm"),
        ("infected", "found"),
    }


@pytest.mark.parametrize(
    ("change", "word"), [({"has_threshold": False}, "largest value"), ({"has_expected": False}, "its map")]
)
def test_the_words_say_what_the_colours_mean(change, word, contents, view):
    picture = dataclasses.replace(contents.gallery[0].pictures[0], view=dataclasses.replace(view, **change))
    groups = (shown.PictureGroup("one", (picture,)),)
    assert word in gallery.words(dataclasses.replace(contents, gallery=groups))
    assert word not in gallery.words(contents)
