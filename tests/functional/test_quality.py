"""Pictures that are no cell, through the command line."""

import csv
import io

import cv2
import numpy as np
import pytest

CHECKS = "".join(
    f'[[quality]]\nname = "{name}"\n' for name in ("exposure", "stain_colour", "cell_shape", "sharpness")
)
MEASURES = {"brightness", "red_to_green", "blue_to_green", "colour", "area", "compactness", "size", "detail"}


@pytest.fixture(scope="module")
def gated(call, cells, recipes, tmp_path_factory):
    """A bundle whose recipe names every check."""
    folder = tmp_path_factory.mktemp("gated")
    (folder / "gated.toml").write_text(recipes["pca"].read_text(encoding="utf-8") + CHECKS, encoding="utf-8")
    outcome = call("train", folder / "gated.toml", "--data", cells, "--out", folder / "run" / "bundle")
    assert outcome.exit_code == 0, outcome.stderr
    return folder / "run" / "bundle"


@pytest.fixture
def text(tmp_path):
    """A page of text."""
    page = np.full((120, 120, 3), 255, np.uint8)
    for line in range(6):
        cv2.putText(page, "not a cell", (5, 18 + 19 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (20, 20, 20), 1)
    cv2.imwrite(str(tmp_path / "text.png"), page)
    return tmp_path / "text.png"


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_page_of_text_is_not_assessable_and_that_is_an_answer(call, gated, text):
    outcome = call("score", text, "--bundle", gated)
    (row,) = table(outcome.stdout)
    assert (row["verdict"], row["score"], row["flagged"]) == ("not assessable", "", "")
    assert row["error"].startswith("unlike the healthy cells of the training: ")
    assert outcome.exit_code == 0
    assert outcome.stderr.startswith("0 scored, 0 flagged, 1 not assessable, 0 failed")


def test_most_cells_are_scored(call, gated, cells):
    rows = table(call("score", cells, "--bundle", gated).stdout)
    assert sum(row["score"] != "" for row in rows) >= 0.97 * len(rows)


def test_no_picture_is_drawn_of_what_is_not_assessable(call, gated, text, tmp_path):
    outcome = call("score", text, "--bundle", gated, "--maps", tmp_path / "maps")
    assert table(outcome.stdout)[0]["map"] == ""
    assert list((tmp_path / "maps").iterdir()) == []


def test_quality_adds_a_column_for_each_measure(call, gated, cells, text):
    rows = table(call("score", text, cells, "--bundle", gated, "--quality").stdout)
    columns = [name for name in rows[0] if name.startswith("quality_")]
    assert {name.removeprefix("quality_") for name in columns} == MEASURES
    assert all(float(row[name]) >= 0 for row in rows for name in columns)


def test_a_file_that_cannot_be_read_has_no_measures(call, gated, tmp_path):
    (tmp_path / "bad.png").write_text("no image", encoding="utf-8")
    outcome = call("score", tmp_path / "bad.png", "--bundle", gated, "--quality")
    assert outcome.exit_code == 1
    assert table(outcome.stdout)[0]["quality_detail"] == ""


def test_quality_needs_a_bundle_with_checks(call, bundle, text):
    outcome = call("score", text, "--bundle", bundle, "--quality")
    assert outcome.exit_code == 2
    assert "has 0 checks of quality" in outcome.stderr


def test_info_and_card_name_the_checks(call, gated):
    assert "brightness" in call("info", gated).stdout
    assert "by the checks exposure, stain_colour" in (gated / "card.md").read_text(encoding="utf-8")
