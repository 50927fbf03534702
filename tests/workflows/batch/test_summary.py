"""The summary counts what the rows say, and finds the group that is not like the others."""

import json
import math

import numpy as np
import pytest
from scipy import stats

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.records.counts import Counts
from normocyte.records.manifest import Known, Manifest, UnitRecord
from normocyte.reports.batch.write import write_summary
from normocyte.workflows.batch import summary as module
from normocyte.workflows.batch.answers import encoded
from normocyte.workflows.batch.parquet import Stored
from normocyte.workflows.batch.summary import SummaryRequest, summarise

pytest.importorskip("duckdb")

DAYS = ("1", "2", "3")


def known(score):
    return Known("", score, score > 2, 0.5, "healthy", None, "", "")


FAILED = Known("", None, None, None, "not assessable", "not_read", "broken", "")


@pytest.fixture
def results(tmp_path):
    """900 scores of three days, the last of which are higher, and five images that could not be read."""
    rng = np.random.default_rng(0)
    scores = {day: rng.normal(1.0 if day == "3" else 0.0, size=300) for day in DAYS}
    folder = tmp_path / "results"
    (folder / "rows").mkdir(parents=True)
    with Manifest(folder) as manifest:
        manifest.describe({"bundle": "shipped", "digest": "f" * 64, "schema": "1"})
        for day in DAYS:
            answers = [
                (Stored(f"site-{day}/{at}.png", "", day=day), known(s)) for at, s in enumerate(scores[day])
            ]
            answers += [(Stored("bad.png", "", day=day), FAILED)] * (5 if day == "1" else 0)
            part = f"rows/{day}.parquet"
            (folder / part).write_bytes(encoded(answers))
            flagged = int((scores[day] > 2).sum())
            counts = Counts(len(answers), 300, flagged, 0, len(answers) - 300)
            manifest.commit(
                UnitRecord(day, "shard", "", day.encode(), day.encode(), part, "", 0, 0, counts), []
            )
    return folder, scores


def test_counts_causes_and_quantiles_are_those_of_the_rows(results):
    folder, scores = results
    summary = summarise(SummaryRequest(folder))
    every = np.concatenate([*scores.values()])
    assert (summary.images, summary.scored, summary.failed) == (905, 900, 5)
    assert summary.causes == (("not_read", 5),)
    assert sum(summary.bars) == 900
    assert summary.quantiles == pytest.approx(np.quantile(every, [0.01, 0.25, 0.5, 0.75, 0.99]), abs=0.15)


def test_the_day_that_differs_is_found_by_the_distance_of_kolmogorov_and_smirnov(results):
    folder, scores = results
    summary = summarise(SummaryRequest(folder))
    first, _, last = summary.groups
    others = np.concatenate([scores["1"], scores["2"]])
    assert (summary.by, first.images, last.name, last.is_unlike) == ("day", 305, "3", True)
    assert last.distance == pytest.approx(stats.ks_2samp(scores["3"], others).statistic, abs=0.005)
    assert last.median == pytest.approx(np.median(scores["3"]), abs=0.01)


def test_groups_may_be_read_from_the_path(results):
    groups = summarise(SummaryRequest(results[0], by="site-([0-9])")).groups
    assert [(one.name, one.images) for one in groups] == [("1", 300), ("2", 300), ("3", 300)]


def test_equal_days_are_alike(results, tmp_path):
    groups = summarise(SummaryRequest(results[0], by="/[0-9]*([0-9])[.]")).groups
    assert len(groups) == 10
    assert not any(one.is_unlike for one in groups)


@pytest.mark.parametrize(
    ("by", "said"), [("((", "is no regular expression"), ("site", "none"), ("a.b", "0 groups")]
)
def test_an_impossible_group_is_refused_and_an_empty_column_gives_none(by, said, results):
    if said == "none":
        assert summarise(SummaryRequest(results[0], by=by)).groups == ()
        return
    with pytest.raises(ConfigError, match=said):
        summarise(SummaryRequest(results[0], by=by))


def test_json_and_figure_are_written(results, tmp_path):
    summary = summarise(SummaryRequest(results[0]))
    assert write_summary(summary, tmp_path / "out").stat().st_size > 10_000
    content = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert (content["schema"], content["images"], len(content["groups"])) == (1, 905, 3)
    assert math.isclose(content["groups"][0]["flagged_share"], summary.groups[0].flagged / 300)


def test_a_folder_without_results_or_with_a_lost_file_is_told(results, tmp_path):
    with pytest.raises(DatasetError, match=r"no results of a batch in .*: manifest.sqlite is missing"):
        summarise(SummaryRequest(tmp_path))
    next((results[0] / "rows").iterdir()).unlink()
    with pytest.raises(DatasetError, match="rows cannot be read"):
        summarise(SummaryRequest(results[0]))


def test_numbers_are_those_of_all_rows_also_where_only_a_few_files_are_looked_at_first(results, monkeypatch):
    whole = summarise(SummaryRequest(results[0]))
    monkeypatch.setattr(module, "_LOOKED_AT", 1)
    quick = summarise(SummaryRequest(results[0]))
    assert (quick.images, quick.causes, quick.by) == (whole.images, whole.causes, whole.by)
    assert [one.flagged for one in quick.groups] == [one.flagged for one in whole.groups]
    assert quick.quantiles[1:4] == pytest.approx(whole.quantiles[1:4], abs=0.01)


def test_a_column_that_only_few_files_fill_is_found(results, monkeypatch):
    entered = UnitRecord("0", "shard", "", b"0", b"0", "rows/0.parquet", "", 0, 0, Counts(1, 0, 0, 0, 1))
    (results[0] / entered.part).write_bytes(encoded([(Stored("bad.png", ""), FAILED)]))
    with Manifest(results[0]) as manifest:
        manifest.commit(entered, [])
    monkeypatch.setattr(module, "_LOOKED_AT", 1)  # the new file, which has neither a score nor a day
    summary = summarise(SummaryRequest(results[0]))
    assert (summary.by, len(summary.groups), sum(summary.bars)) == ("day", 3, 900)
    assert summary.quantiles[2] == pytest.approx(np.median(np.concatenate([*results[1].values()])), abs=0.01)
