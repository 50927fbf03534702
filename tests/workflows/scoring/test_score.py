"""Scoring image by image, with people who stop it and processes that die."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.cancel import CancelToken, Stopped
from normocyte.core.errors import Interrupted, NormocyteError, OutputError, TrainingError
from normocyte.core.progress import Silent
from normocyte.core.types import Source
from normocyte.false_discovery.benjamini_hochberg import BenjaminiHochberg
from normocyte.images.listing import listed
from normocyte.results.verdict import Cause, CauseCode
from normocyte.tables.writing import NAN, Row, row_writer
from normocyte.thresholds.empirical_null import EmpiricalNull
from normocyte.thresholds.quantile import Quantile
from normocyte.workflows.scoring import score as module
from normocyte.workflows.scoring.score import (
    ScoreOptions,
    ScoreRequest,
    ScoreResult,
    Tally,
    score,
    score_images,
)
from normocyte.workflows.scoring.together import SmearWideDecision


@pytest.fixture
def judged(monkeypatch, tmp_path):
    """Scores five images, three of which get a row before something happens; gives the file of rows."""

    def run(happening):
        def rows(*_):
            yield from (Row.failed(f"{number}.png", "bad") for number in range(3))
            raise happening

        monkeypatch.setattr(module, "rows", rows)
        score_images(None, [Source(tmp_path)] * 5, row_writer(tmp_path / "rows.csv"), Silent())

    return run


def test_ctrl_c_is_said_with_how_far_it_came(judged, tmp_path):
    with pytest.raises(Interrupted, match=r"stopped after 3 of 5 images; the rows so far are in .*rows\.csv"):
        judged(Stopped())
    assert len((tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()) == 4


def test_rows_outlive_a_process_that_dies(judged, tmp_path):
    with pytest.raises(NormocyteError) as caught:
        judged(NormocyteError("A process died."))
    assert "A process died. It happened after 3 of 5 images; the rows so far" in caught.value.message
    assert len((tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()) == 4


def test_an_error_keeps_its_type_when_it_is_said_how_far_the_work_came(judged):
    with pytest.raises(OutputError, match="disk is full"):
        judged(OutputError("The disk is full."))


def test_an_image_named_twice_is_scored_once(tmp_path):
    (tmp_path / "a.png").touch()
    (tmp_path / "b.png").touch()
    found = listed([tmp_path / "b.png", tmp_path, tmp_path / "b.png"])
    assert [source.name for source in found.images] == ["b.png", "a.png"]


def test_a_tally_counts_scored_flagged_and_failed():
    tally = Tally().plus(Row("a", 1.0, True, 0.1, "suspicious")).plus(Row.failed("b", "bad"))
    assert tally == Tally(scored=1, flagged=1, failed=1)


def scored_rows(p_values):
    """Rows of cells with these p-values, the smaller the higher their score; NaN is a cell without one."""
    return [
        Row.failed(f"{index}.png", "bad")
        if np.isnan(p_value)
        else Row(f"{index}.png", -p_value, False, p_value, "healthy")
        for index, p_value in enumerate(p_values)
    ]


@pytest.fixture
def stopped(monkeypatch, tmp_path):
    """Scores three cells together, after which something happens; gives the rows that are left."""

    def run(judge, happening):
        def rows(*_):
            yield from scored_rows([0.001, 0.9, 0.001])
            raise happening

        monkeypatch.setattr(module, "rows", rows)
        with pytest.raises(NormocyteError) as caught:
            score_images(
                None,
                [Source(tmp_path)] * 5,
                row_writer(tmp_path / "rows.csv"),
                Silent(),
                ScoreOptions(judge=judge),
            )
        lines = (tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()[1:]
        return caught.value.message, [line.split(",")[2] for line in lines]

    return run


def test_a_list_that_is_stopped_is_made_of_the_rows_so_far(stopped):
    sentence, flagged = stopped(SmearWideDecision(listing=BenjaminiHochberg(0.1)), Stopped())
    assert "stopped after 3 of 5 images" in sentence
    assert flagged == ["true", "false", "true"]


def test_rows_outlive_a_smear_that_cannot_be_judged_by_its_own_cells(stopped):
    class Refuses(Quantile):
        def choose(self, scores, patients, labels):
            raise TrainingError("Too odd.")

    sentence, flagged = stopped(SmearWideDecision(own=Refuses()), Stopped())
    assert "Too odd. The rows hold the bundle's own decisions. It happened after 3 of 5" in sentence
    assert flagged == ["false", "false", "false"]


@given(st.lists(st.one_of(st.floats(1e-4, 1), st.just(float("nan"))), max_size=40))
def test_a_list_flags_what_its_rule_selects_and_leaves_the_rest_of_a_row_alone(p_values):
    given_rows = scored_rows(p_values)
    rule = BenjaminiHochberg(0.2)
    judged = SmearWideDecision(listing=rule)(given_rows)
    selected = rule.select(np.array(p_values)).tolist() if p_values else []
    assert [row.flagged for row in judged] == selected
    assert [row.verdict == "suspicious" for row in judged] == selected
    untouched = [replace(row, flagged=False, verdict="") for row in judged]
    expected = [replace(row, flagged=False, verdict="") for row in given_rows]
    assert list(map(str, untouched)) == list(map(str, expected))


def test_a_list_says_what_it_states_and_how_many_cells_are_anomalous_at_least():
    together = SmearWideDecision(listing=BenjaminiHochberg(0.1))
    together(scored_rows([0.0001] * 5 + [0.5] * 95))
    rate, least = together.sentences
    assert "at most 10 % of the cells selected among 100 are healthy" in rate
    assert least.endswith("at least 5 of 100 cells are anomalous, with 95 % confidence.")


def test_an_empty_list_says_why_when_p_values_cannot_be_smaller():
    together = SmearWideDecision(listing=BenjaminiHochberg(0.1))
    together(scored_rows([0.01] * 3 + [0.5] * 997))
    assert (
        "None is listed: the smallest p-value is 0.01, and at that value a list needs 100 cells"
        in (together.sentences[-1])
    )


def test_a_smear_is_judged_by_its_own_cells():
    together = SmearWideDecision(own=Quantile(0.5))
    judged = together(scored_rows([0.1, 0.2, 0.6, 0.9]))
    assert [row.flagged for row in judged] == [True, False, False, False]
    assert [row.p_value for row in judged] == [0.4, 0.6, 0.8, 1.0]


def test_what_the_gate_refuses_is_counted_apart_from_what_failed():
    tally = Tally().plus(Row("a", NAN, False, NAN, "not assessable", Cause(CauseCode.UNLIKE_HEALTHY)))
    assert (tally, tally.done) == (Tally(refused=1), 1)
    assert tally.sentence == "0 scored, 0 flagged, 1 not assessable, 0 failed"


def pictured(rows):
    """The same rows with a fingerprint of a picture of its own each."""
    return [replace(row, picture=f"picture {index}") for index, row in enumerate(rows)]


@pytest.mark.parametrize("options", [{"listing": BenjaminiHochberg(0.1)}, {"own": EmpiricalNull()}])
def test_what_is_decided_together_counts_copies_once(options):
    scores = np.random.default_rng(0).normal(size=300)
    cells = [Row(f"{at}.png", float(s), False, (at + 1) / 301, "healthy") for at, s in enumerate(scores)]
    once, twice = SmearWideDecision(**options), SmearWideDecision(**options)
    rows = pictured(cells)
    decided = once(rows)
    assert twice(rows + [replace(row, path=f"copy of {row.path}") for row in rows])[300:] == [
        replace(row, path=f"copy of {row.path}") for row in decided
    ]
    assert twice.sentences == once.sentences


def test_a_tally_counts_copies_as_copies_alone():
    row = Row("a", 1.0, True, 0.1, "suspicious", picture="one")
    tally = Tally().plus(row).plus(row, is_copy=True)
    assert tally == Tally(scored=1, flagged=1, copies=1)
    assert tally.copied == "1 of 2 images is a copy of another and counts once."


class Cancelling(Silent):
    """Another thread sets the token as the first chunk is done."""

    def __init__(self, token):
        self.token = token

    def advance(self, steps=1, note=""):
        thread = threading.Thread(target=self.token.set)
        thread.start()
        thread.join()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_token_set_by_a_thread_keeps_the_rows_of_the_chunks_that_are_done(tmp_path, workers):
    for number in range(300):
        (tmp_path / f"{number:03}.png").write_bytes(b"no picture")
    token, output = CancelToken(), tmp_path / "rows.csv"
    with pytest.raises(Interrupted, match=r"stopped after 128 of 300 images; the rows so far are in .*csv"):
        score(ScoreRequest([tmp_path], output=output, workers=workers), Cancelling(token), token)
    assert len(output.read_text(encoding="utf-8").splitlines()) == 129


def test_a_request_in_python_gives_counts_and_what_is_stated(tmp_path):
    (tmp_path / "bad.png").write_bytes(b"no picture")
    found = score(ScoreRequest([tmp_path], output=tmp_path / "rows.csv"), Silent())
    assert found == ScoreResult(Tally(failed=1), ())
