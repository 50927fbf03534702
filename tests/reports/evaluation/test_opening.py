"""Where hardly an anomaly is flagged, page, numbers and terminal open with that."""

import dataclasses
import json

import numpy as np
import pytest

from normocyte.cli.show.summary import show_opening
from normocyte.core.types import ANOMALY, Estimate
from normocyte.reports.drawing.html import tied
from normocyte.reports.evaluation.write import write_report
from normocyte.results import evaluation as shown
from normocyte.results.agreement import Agreement
from normocyte.results.shortcuts import ShortcutRow, Shortcuts
from normocyte.wording.opening import opening

CLOSE = ShortcutRow("border", "border", False, Estimate(0.95, 0.9, 0.97), Estimate(-0.01, -0.02, 0.01))


@pytest.fixture(scope="module")
def blind(contents):
    """The same evaluation with a threshold above every score."""
    cells = dataclasses.replace(contents.cells, flagged=np.zeros(len(contents.cells.labels), bool))
    return dataclasses.replace(contents, cells=cells, threshold=float(contents.cells.scores.max()))


def ranked(contents, auroc, found=0.62):
    """The same with this AUROC of the first detector, and what it finds at 95 % specificity."""
    rows = ((shown.AUROC, auroc), (shown.SENSITIVITY_95, Estimate(found, found, found)))
    return dataclasses.replace(
        contents, metrics=tuple(shown.MetricRow(key, key, (one,)) for key, one in rows)
    )


def test_that_nothing_is_flagged_although_it_ranks_well_is_said_with_what_to_do(blind):
    anomalies = int((blind.cells.labels == ANOMALY).sum())
    assert opening(ranked(blind, Estimate(0.93, 0.9, 0.96))) == (
        f"At its threshold the detector flags none of the {anomalies:,} infected test cells, although it "
        "scores them higher than healthy ones (AUROC 0.930). The threshold is too high for these cells: one "
        "that flags 5 % of the healthy test cells finds 62 %. Set it again with normocyte calibrate, from "
        "more healthy cells or with a higher false-positive rate.",
    )


@pytest.mark.parametrize(("promised", "said"), [(0.05, True), (0.0001, False), (float("nan"), False)])
def test_no_larger_share_than_is_promised_of_healthy_ones_is_said_too(blind, promised, said):
    flagged = blind.cells.flagged.copy()
    flagged[np.flatnonzero(blind.cells.labels == ANOMALY)[0]] = True
    cells = dataclasses.replace(blind.cells, flagged=flagged)
    one = dataclasses.replace(blind, cells=cells, agreement=Agreement(promised=promised))
    found = [sentence for sentence in opening(one) if "test cells (0." in sentence]
    assert bool(found) == said
    assert all("flags 1 of the " in one and "where it may flag 5 % of healthy ones" in one for one in found)


def test_a_detector_that_may_be_guessing_is_not_told_to_rank_well(blind):
    (said,) = opening(ranked(blind, Estimate(0.55, 0.45, 0.6)))
    assert said.endswith("infected test cells.")


def test_a_baseline_that_comes_close_is_said_after_it(blind):
    both = opening(dataclasses.replace(blind, shortcuts=Shortcuts((CLOSE,), detector=Estimate(0.94, 0.9, 1))))
    assert len(both) == 2
    assert both[1].startswith("The border alone reaches AUROC 0.950")


def test_one_flagged_anomaly_or_no_anomaly_or_no_threshold_opens_with_nothing(contents, blind):
    healthy = dataclasses.replace(blind.cells, labels=np.zeros_like(blind.cells.labels))
    assert opening(contents) == ()
    assert opening(dataclasses.replace(blind, cells=healthy)) == ()
    assert opening(dataclasses.replace(blind, threshold=float("nan"))) == ()


def test_page_numbers_and_terminal_open_with_it(blind, tmp_path, capsys):
    (said,) = opening(blind)
    page = write_report(blind, tmp_path).read_text(encoding="utf-8")
    header = page.partition("<header>")[2].partition("</header>")[0]
    assert f'</h1>\n  <p class="verdict">{tied(said)}</p>' in header
    assert "5\N{NO-BREAK SPACE}% of the healthy" in header
    assert json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))["opening"] == said
    show_opening(blind)
    assert capsys.readouterr().out == f"{said}\n\n"
