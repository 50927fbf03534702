"""Pictures of scored cells: one each, named by its row, and never over something else."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from normocyte.core.errors import ImageError, OutputError
from normocyte.core.types import Sample, Source
from normocyte.detectors.contract import Detector
from normocyte.pipeline.member import Member
from normocyte.pipeline.pipeline import Calibration, Pipeline
from normocyte.preprocessing.contract import Step
from normocyte.reports.cell_map import is_cell_map
from normocyte.scores.dark_top_fraction import DarkTopFraction
from normocyte.thresholds.quantile import Quantile
from normocyte.workflows.scoring.maps import draw_maps

NAN_AT = 13


@dataclass
class Shallow(Step):
    """Refuses a black picture, and lets nothing of a white one count."""

    def apply(self, sample):
        if not sample.pixels.any():
            raise ImageError("it is black; give another picture.")
        counts = np.uint8(sample.pixels.min() < 255)
        return Sample(sample.pixels[..., :1], np.full_like(sample.mask, counts))


@dataclass
class Brightness(Detector):
    """Finds each pixel as unusual as it is bright, and one brightness beyond all numbers."""

    def fit(self, healthy, held_out, training):
        """Learn nothing."""

    def expected(self, batch):
        return np.zeros_like(batch.pixels)

    def maps(self, batch):
        return np.where(batch.pixels[..., 0] == NAN_AT, np.nan, batch.pixels[..., 0])


class MapAlone(Brightness):
    """Has no picture of what it expected."""

    gives_expected = False

    def expected(self, batch):
        raise NotImplementedError


@pytest.fixture
def pipeline():
    threshold = Quantile()
    threshold.cut = 100.0
    calibration = Calibration(np.arange(10.0, 100, 10), np.array(["P"] * 9))
    return Pipeline((Member((Shallow(),), Brightness(), DarkTopFraction()),), threshold, calibration)


@pytest.fixture
def drawn(pipeline, tmp_path):
    """Draws pictures of one brightness each; gives their rows."""

    def draw(*values, change=pipeline):
        sources = [Source(tmp_path / "cells" / f"{value}.webp") for value in values]
        images = [np.full((12, 12 + value % 3, 3), value, np.uint8) for value in values]
        make_rows = draw_maps(change, sources, [tmp_path / "cells"], tmp_path / "maps")
        return [row for one in zip(sources, images, strict=True) for row in rows_of(make_rows, change, *one)]

    return draw


def rows_of(make_rows, pipeline, source, image):
    return make_rows([source], [image], pipeline.verdicts([image]))


def test_each_cell_gets_a_picture_that_its_row_names(drawn, tmp_path):
    assert [row.map for row in drawn(50, 200)] == ["50.png", "200.png"]
    assert sorted(file.name for file in (tmp_path / "maps").iterdir()) == ["200.png", "50.png"]


def test_the_verdict_is_that_of_the_pipeline(drawn):
    assert [(row.flagged, row.score) for row in drawn(50, 200)] == [(False, 50), (True, 200)]


def test_what_cannot_be_assessed_gets_its_reason_and_no_picture(drawn):
    black, white, good = drawn(0, 255, 50)
    assert (black.error, black.map, white.map, good.map) == (
        "it is black; give another picture.",
        "",
        "",
        "50.png",
    )
    assert "no pixel" in white.error


def test_a_map_that_is_no_number_is_an_error_of_its_row_alone(drawn, tmp_path):
    bad, good = drawn(NAN_AT, 50)
    assert (bad.map, bad.verdict, good.map) == ("", "not assessable", "50.png")
    assert "13.webp: 156 values of its map are no finite numbers" in bad.error
    assert [file.name for file in (tmp_path / "maps").iterdir()] == ["50.png"]


def test_a_detector_that_gives_the_map_alone_is_not_asked_what_it_expected(drawn, pipeline):
    assert (
        drawn(50, change=replace(pipeline, members=(replace(pipeline.shown, detector=MapAlone()),)))[0].map
        == "50.png"
    )


def test_a_picture_of_an_earlier_run_is_replaced(drawn, tmp_path):
    drawn(50)
    (tmp_path / "maps" / "50.png").write_bytes((tmp_path / "maps" / "50.png").read_bytes()[:200])
    drawn(50)
    assert len((tmp_path / "maps" / "50.png").read_bytes()) > 200


def test_a_file_of_another_origin_is_left_as_it_is(drawn, tmp_path):
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "50.png").write_bytes(b"a holiday")
    with pytest.raises(
        OutputError, match=r"50\.png exists and was not made by normocyte score \(1 such files\)"
    ):
        drawn(200, 50)
    assert (tmp_path / "maps" / "50.png").read_bytes() == b"a holiday"


def test_other_files_of_the_folder_stay(drawn, tmp_path):
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "notes.txt").write_text("mine", encoding="utf-8")
    drawn(50)
    assert (tmp_path / "maps" / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("place", ["cells", "cells/maps", "cells/../cells/a/b"])
def test_pictures_may_not_lie_among_the_cells(place, pipeline, tmp_path):
    (tmp_path / "cells").mkdir()
    with pytest.raises(OutputError, match="the next run would read the results, too"):
        draw_maps(pipeline, [Source(tmp_path / "cells" / "a.png")], [tmp_path / "cells"], tmp_path / place)
    assert list((tmp_path / "cells").iterdir()) == []


def test_a_cell_is_not_replaced_by_its_picture(pipeline, tmp_path):
    (tmp_path / "a.png").write_bytes(b"a cell")
    with pytest.raises(OutputError, match="left as it is"):
        draw_maps(pipeline, [Source(tmp_path / "a.png")], [tmp_path / "a.png"], tmp_path)


def test_a_place_that_is_a_file_is_a_sentence(drawn, tmp_path):
    (tmp_path / "maps").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError, match="Choose another place"):
        drawn(50)


def test_a_picture_says_where_it_comes_from(drawn, tmp_path):
    drawn(50)
    assert is_cell_map((tmp_path / "maps" / "50.png").read_bytes())
