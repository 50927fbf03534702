"""Any bytes are a table or one sentence that says why not; what is written is read back."""

import csv
import io
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normocyte.core.errors import DatasetError
from normocyte.core.inputs.tables import Column, parse_table, table_of
from normocyte.core.inputs.texts import MOST_BYTES, read_text, text_of

COLUMNS = (Column("path", ("file",)), Column("size"), Column("note", is_needed=False))
HEAD = b"path,size,note\n"
pieces = st.sampled_from(
    [b"path", b"size", b"note", b"file", b",", b";", b"\t", b"|", b'"', b"\r", b"\n", b"a.png", b"3,5", b"\0"]
)
mutated = st.lists(pieces | st.binary(max_size=4), max_size=40).map(b"".join)
encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
plain = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12).map(str.strip)


def read(data):
    return parse_table(data, "The table t.csv", COLUMNS, "give these columns")


@given(data=st.binary(max_size=200) | mutated | mutated.map(lambda end: HEAD + end))
@settings(max_examples=300)
def test_any_bytes_are_a_table_or_a_sentence(data):
    try:
        table = read(data)
    except DatasetError as error:
        assert str(error).startswith("The table t.csv ")  # noqa: PT017 - both ends are right
        return
    assert all(set(row.cells) >= {"path", "size"} for row in table.rows)
    assert all(row.number > 1 for row in table.rows)


@given(
    rows=st.lists(st.tuples(plain, plain, plain).filter(any), max_size=6), delimiter=st.sampled_from(",;\t|")
)
@settings(max_examples=200)
def test_what_is_written_is_read_back(rows, delimiter):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([("path", "size", "note"), *rows])
    table = table_of(text.getvalue(), "t", COLUMNS, "")
    assert [tuple(row.cells.values()) for row in table.rows] == [tuple(map(str.strip, row)) for row in rows]


@given(text=st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), min_size=2))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_with_a_mark_is_read_in_every_encoding(encoding, text):
    assert text_of(text.encode(encoding), "t") == text.removeprefix("\ufeff" if encoding == "utf-8" else "")


def test_rows_have_the_numbers_of_a_spreadsheet():
    table = read(HEAD + b"a,1,\n\n,,\n" + b'b,2,"two\nlines"\nc,3,\n')
    assert [(row.number, row["path"]) for row in table.rows] == [(2, "a"), (5, "b"), (6, "c")]


def test_a_missing_cell_is_empty():
    (row,) = read(HEAD + b"a,1\n").rows
    assert (row["note"], row["nothing"]) == ("", "")


@pytest.mark.parametrize(
    ("between", "cell", "value"), [(";", "3,5", 3.5), ("\t", "3,5", math.nan), (",", "3.5", 3.5)]
)
def test_a_decimal_comma_is_read_between_semicolons_alone(between, cell, value):
    table = read(f"path{between}size\na{between}{cell}\n".encode())
    assert table.number(table.rows[0]["size"]) == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize("text", ["", "wide", "1_000", "1 000", "0x10", "--1"])
def test_what_is_no_number_is_none(text):
    assert math.isnan(read(HEAD).number(text))


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "t.csv").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(DatasetError, match="more than 512 MB; give smaller files"):
        read_text(tmp_path / "t.csv", "The table")


def test_a_folder_is_no_table(tmp_path):
    with pytest.raises(DatasetError, match="The table cannot be read: Is a directory"):
        read_text(tmp_path, "The table")
