"""Rows are written whole or not at all, and those so far are kept when the work was stopped."""

import csv
import errno
import json
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import Interrupted, NormocyteError, OutputError
from normocyte.results.verdict import Outcome, Verdict
from normocyte.tables.writing import COLUMNS, WITH_MAP, Row, row_writer

GOOD = Row.of("a.png", Verdict(Outcome.SUSPICIOUS, 0.125, 0.01))
BAD = Row.failed("b.png", "b.png is damaged.")
FORMS = ["csv", "jsonl", "ndjson", "parquet"]


def write(path, rows, error=None):
    with row_writer(path) as writer:
        for row in rows:
            writer.write(row)
        if error:
            raise error


def test_the_columns_begin_with_path_score_flagged():
    assert COLUMNS[:3] == ("path", "score", "flagged")


def test_a_suspicious_verdict_is_flagged():
    assert (GOOD.score, GOOD.flagged, GOOD.p_value, GOOD.error) == (0.125, True, 0.01, "")


READERS = {"csv": pd.read_csv, "parquet": pd.read_parquet}


@pytest.mark.parametrize("form", READERS)
def test_a_picture_has_a_column_only_where_one_was_asked_for(form, tmp_path):
    path = tmp_path / f"rows.{form}"
    with row_writer(path, WITH_MAP) as writer:
        writer.write(replace(GOOD, map="a.png"))
    rows = READERS[form](path)
    assert tuple(rows.columns) == (*COLUMNS, "map")
    assert rows["map"].tolist() == ["a.png"]


@pytest.mark.parametrize("form", FORMS)
def test_no_file_is_there_before_the_end(form, tmp_path):
    path = tmp_path / f"rows.{form}"
    with row_writer(path) as writer:
        writer.write(GOOD)
        assert not path.exists()
    assert path.exists()


@pytest.mark.parametrize("form", FORMS)
def test_no_rows_give_a_file_without_rows(form, tmp_path):
    write(tmp_path / f"rows.{form}", [])
    assert (tmp_path / f"rows.{form}").exists()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("error", [Interrupted("Stopped."), NormocyteError("A process died.")])
def test_rows_so_far_are_kept_when_the_work_stops(form, error, tmp_path):
    path, whole = tmp_path / f"rows.{form}", tmp_path / f"whole.{form}"
    with pytest.raises(type(error)):
        write(path, [GOOD, BAD], error)
    write(whole, [GOOD, BAD])
    assert path.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_a_bug_leaves_no_file(form, tmp_path):
    with pytest.raises(ZeroDivisionError):
        write(tmp_path / f"rows.{form}", [GOOD], ZeroDivisionError())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_full_disk_is_a_sentence_and_leaves_no_file(form, tmp_path):
    with pytest.raises(OutputError, match=rf"Cannot write .*rows\.{form}: No space left"):
        write(tmp_path / f"rows.{form}", [GOOD], OSError(errno.ENOSPC, "No space left on device"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_place_that_cannot_be_opened_is_a_sentence(form, tmp_path):
    (tmp_path / f"rows.{form}").mkdir()
    with pytest.raises(OutputError, match="Choose another place"):
        write(tmp_path / f"rows.{form}", [GOOD])
    assert [path.name for path in tmp_path.iterdir()] == [f"rows.{form}"]


def test_more_rows_than_a_group_come_back_in_order(tmp_path):
    count = 2**14 + 3
    write(tmp_path / "rows.parquet", (Row.failed(str(number), "bad") for number in range(count)))
    assert pd.read_parquet(tmp_path / "rows.parquet")["path"].tolist() == [
        str(number) for number in range(count)
    ]


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@given(path=TEXTS, error=TEXTS)
def test_any_text_can_be_written_and_comes_back_from_json(path, error, tmp_path_factory):
    file = tmp_path_factory.mktemp("any") / "rows.jsonl"
    write(file, [Row.failed(path, error)])
    row = json.loads(file.read_text(encoding="utf-8"))
    assert (row["path"], row["error"]) == (path, error)


def test_no_name_can_end_a_row_of_csv(tmp_path):
    write(tmp_path / "rows.csv", [Row.failed("a\rb\nc.png", "bad")])
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["path"] for row in csv.DictReader(stream)] == ["a\\rb\nc.png"]


@given(path=TEXTS.filter(lambda text: "\r" not in text))
def test_any_path_comes_back_from_csv(path, tmp_path_factory):
    file = tmp_path_factory.mktemp("any") / "rows.csv"
    write(file, [Row.failed(path, "bad")])
    with file.open(encoding="utf-8", newline="") as stream:
        assert next(csv.DictReader(stream))["path"] == path


@pytest.mark.parametrize("form", FORMS)
def test_a_name_that_is_no_utf8_is_spelled_out(form, tmp_path):
    write(tmp_path / f"rows.{form}", [Row.failed("caf\udce9.png", "bad \ud800")])
    assert b"xe9.png" in (tmp_path / f"rows.{form}").read_bytes()


@given(score=st.floats(allow_nan=False, allow_infinity=False))
def test_a_score_loses_nothing_on_the_way(score, tmp_path_factory):
    file = tmp_path_factory.mktemp("any") / "rows.csv"
    write(file, [Row.of("a.png", Verdict(Outcome.HEALTHY, score, 1.0))])
    with file.open(encoding="utf-8", newline="") as stream:
        assert float(next(csv.DictReader(stream))["score"]) == score
