import dataclasses
import os

import matplotlib as mpl
import numpy as np
import pytest

from normocyte.core.errors import OutputError
from normocyte.reports.evaluation.write import write_report

FIGURES = {
    "learning_curve",
    "score_distribution",
    "threshold",
    "roc",
    "precision_recall",
    "gallery",
    "false_positives_by_patient",
}


def test_a_report_is_a_page_numbers_and_figures_and_nothing_half_written(folder):
    assert {file.name for file in folder.iterdir()} == {
        "report.html",
        "metrics.json",
        "scores.csv",
        "figures",
    }
    endings = {f"{name}.{ending}" for name in FIGURES for ending in ("png", "svg")}
    assert {file.name for file in (folder / "figures").iterdir()} == endings


def test_the_same_contents_give_the_same_bytes(contents, folder, tmp_path):
    write_report(contents, tmp_path)
    files = [file.relative_to(folder) for file in folder.rglob("*.*")]
    assert {file: (folder / file).read_bytes() for file in files} == {
        file: (tmp_path / file).read_bytes() for file in files
    }


def test_a_bare_report_is_written_with_sentences_in_place_of_figures(bare, tmp_path):
    page = write_report(bare, tmp_path).read_text(encoding="utf-8")
    assert "does not learn in epochs" in page
    assert "No pictures were kept" in page
    assert {file.stem for file in (tmp_path / "figures").iterdir()} == {"score_distribution"}


def test_figures_of_an_earlier_report_do_not_stay(contents, bare, tmp_path):
    write_report(contents, tmp_path)
    write_report(bare, tmp_path)
    assert not (tmp_path / "figures" / "learning_curve.svg").exists()


def of_one_kind(contents, label, folder):
    """The page of a report on cells of one label."""
    cells = dataclasses.replace(contents.cells, labels=np.full(40, label, np.int8))
    return write_report(dataclasses.replace(contents, cells=cells), folder).read_text(encoding="utf-8")


def test_anomalous_cells_only_still_give_a_report(bare, tmp_path):
    assert "not of both kinds" in of_one_kind(bare, 1, tmp_path)


def test_healthy_cells_only_give_a_report_that_says_what_they_cannot_show(bare, tmp_path):
    page = of_one_kind(bare, 0, tmp_path)
    assert "how many anomalies it finds cannot be known" in page
    assert "needs anomalous cells" in page


@pytest.mark.parametrize("score", [0.0, 7.0, np.nan, np.inf])
def test_constant_scores_still_give_a_report(bare, score, tmp_path):
    cells = dataclasses.replace(bare.cells, scores=np.full(40, score))
    assert write_report(dataclasses.replace(bare, cells=cells), tmp_path).exists()


def test_no_cells_at_all_still_give_a_report(bare, tmp_path):
    empty = {field.name: getattr(bare.cells, field.name)[:0] for field in dataclasses.fields(bare.cells)}
    cells = dataclasses.replace(bare.cells, **empty)
    assert write_report(dataclasses.replace(bare, cells=cells, threshold=float("nan")), tmp_path).exists()


def test_matplotlib_keeps_the_rules_of_the_caller(bare, tmp_path):
    before = dict(mpl.rcParams)
    write_report(bare, tmp_path)
    assert dict(mpl.rcParams) == before


def test_a_folder_that_cannot_be_made_is_told(bare, tmp_path):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError, match="taken"):
        write_report(bare, tmp_path / "taken")


def test_a_full_disk_while_drawing_leaves_no_page_and_no_half_figure(bare, tmp_path, monkeypatch):
    def refuse(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OutputError, match="No space left on device"):
        write_report(bare, tmp_path)
    assert [file for file in tmp_path.rglob("*.*") if file.is_file()] == []
