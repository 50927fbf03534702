"""Scoring image by image, with people who stop it and processes that die."""

import pytest

from normocyte.core.errors import Interrupted, NormocyteError
from normocyte.core.progress import Silent
from normocyte.core.types import Source
from normocyte.quality._gate import REFUSED
from normocyte.workflows import score as module
from normocyte.workflows._rows import NAN, Row, row_writer
from normocyte.workflows.score import Tally, all_sources, score


@pytest.fixture
def judged(monkeypatch, tmp_path):
    """Scores five images, three of which get a row before something happens; gives the file of rows."""

    def run(happening):
        def rows(*_):
            yield from (Row.failed(f"{number}.png", "bad") for number in range(3))
            raise happening

        monkeypatch.setattr(module, "rows", rows)
        score(None, [Source(tmp_path)] * 5, row_writer(tmp_path / "rows.csv"), Silent())

    return run


def test_ctrl_c_is_said_with_how_far_it_came(judged, tmp_path):
    with pytest.raises(Interrupted, match=r"stopped after 3 of 5 images; the rows so far are in .*rows\.csv"):
        judged(KeyboardInterrupt())
    assert len((tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()) == 4


def test_rows_outlive_a_process_that_dies(judged, tmp_path):
    with pytest.raises(
        NormocyteError, match=r"A process died\. It happened after 3 of 5 images; the rows so far"
    ):
        judged(NormocyteError("A process died."))
    assert len((tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()) == 4


def test_an_image_named_twice_is_scored_once(tmp_path):
    (tmp_path / "a.png").touch()
    (tmp_path / "b.png").touch()
    found = all_sources([tmp_path / "b.png", tmp_path, tmp_path / "b.png"])
    assert [source.name for source in found] == ["b.png", "a.png"]


def test_a_tally_counts_scored_flagged_and_failed():
    tally = Tally().plus(Row("a", 1.0, True, 0.1, "suspicious", "")).plus(Row.failed("b", "bad"))
    assert tally == Tally(scored=1, flagged=1, failed=1)


def test_what_the_gate_refuses_is_counted_apart_from_what_failed():
    tally = Tally().plus(Row("a", NAN, False, NAN, "not assessable", f"{REFUSED}: too dark"))
    assert (tally, tally.done) == (Tally(refused=1), 1)
    assert tally.sentence == "0 scored, 0 flagged, 1 not assessable, 0 failed"
