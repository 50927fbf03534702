"""Pictures of scored cells through the command line: one each, whoever draws them, never over a cell."""

import csv
import io
import shutil

import pytest

from normocyte.core.errors import OutputError
from normocyte.core.types import Source
from normocyte.images.reading import read
from normocyte.tables.writing import WITH_MAP


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def score(call, bundle):
    """Scores paths with the bundle of the demo."""
    return lambda *arguments: call("score", *arguments, "--bundle", bundle)


@pytest.fixture
def one(cells):
    """One drawn cell."""
    return sorted(cells.rglob("*.png"))[0]


@pytest.fixture(scope="module")
def drawn(call, bundle, cells, tmp_path_factory):
    """The rows and the folder of pictures of all drawn cells, by one process."""
    folder = tmp_path_factory.mktemp("pictures") / "maps"
    outcome = call("score", cells, "--bundle", bundle, "--maps", folder, "--workers", 1)
    assert outcome.exit_code == 0, outcome.stderr
    return table(outcome.stdout), folder


def test_every_row_names_its_picture(drawn, cells):
    rows, folder = drawn
    assert list(rows[0]) == list(WITH_MAP)
    assert {folder / row["map"] for row in rows} == set(folder.rglob("*.png"))
    assert [row["path"] for row in rows] == [str(cells / "cell_images" / row["map"]) for row in rows]


def test_a_picture_can_be_opened(drawn):
    rows, folder = drawn
    assert read(Source(folder / rows[0]["map"])).shape[1] == 1028


def test_pictures_change_no_score(drawn, score, cells):
    assert [row["score"] for row in drawn[0]] == [row["score"] for row in table(score(cells).stdout)]


def test_two_processes_draw_the_same_pictures(drawn, score, cells, tmp_path):
    folder = tmp_path / "by two"
    assert score(cells, "--maps", folder, "--workers", 2).exit_code == 0
    assert {row["map"]: (folder / row["map"]).read_bytes() for row in drawn[0]} == {
        row["map"]: (drawn[1] / row["map"]).read_bytes() for row in drawn[0]
    }


def test_equal_names_in_two_folders_and_a_zip_get_pictures_of_their_own(score, one, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        shutil.copy(one, tmp_path / name / one.name)
    shutil.make_archive(str(tmp_path / "c"), "zip", tmp_path / "a")
    outcome = score(*(tmp_path / name for name in ("a", "b", "c.zip")), "--maps", tmp_path / "maps")
    named = [row["map"] for row in table(outcome.stdout)]
    assert named == [f"{place}/{one.name}" for place in ("a", "b", "c.zip")]
    assert all((tmp_path / "maps" / name).is_file() for name in named)


def test_a_row_without_a_score_names_no_picture(score, one, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_text("no image", encoding="utf-8")
    rows = table(score(broken, one, "--maps", tmp_path / "maps").stdout)
    assert [bool(row["map"]) for row in rows] == [False, True]


def test_pictures_among_the_cells_are_refused_before_any_row(score, own_cells):
    outcome = score(own_cells, "--maps", own_cells / "maps")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert "Choose another folder" in outcome.stderr


def test_a_place_for_pictures_that_cannot_be_written_stops_the_work_and_keeps_the_rows(
    score, cells, tmp_path, monkeypatch
):
    def full(*_):
        raise OutputError("Cannot write it: No space left on device.")

    monkeypatch.setattr("normocyte.workflows.scoring.maps.replacing", full)
    outcome = score(cells, "--maps", tmp_path / "maps", "--output", tmp_path / "rows.csv", "--workers", 1)
    assert "No space left on device. It happened after 0 of 160 images" in outcome.stderr
    assert (tmp_path / "rows.csv").exists()
