"""Tables of Arrow are those that pyarrow itself makes, without its import of pandas."""

import io
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

from normocyte.tables.arrow_columns import arrow_table  # noqa: E402 - without pyarrow there is nothing to test

SCHEMA = pa.schema([("text", pa.string()), ("number", pa.float64()), ("truth", pa.bool_())])
NUMBERS = st.floats(allow_nan=False)
ROWS = st.lists(st.tuples(*(st.none() | one for one in (st.text(), NUMBERS, st.booleans()))), max_size=40)


def in_parquet(table):
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd")
    return file.getvalue()


@given(ROWS)
def test_a_table_and_its_file_are_those_of_pyarrow(rows):
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
    table, expected = arrow_table(SCHEMA, columns), pa.table(columns, schema=SCHEMA)
    assert table.to_pydict() == expected.to_pydict() == dict(zip(SCHEMA.names, columns, strict=True))
    assert in_parquet(table) == in_parquet(expected)


WITHOUT_PANDAS = """
import sys
import pyarrow as pa
from normocyte.tables.arrow_columns import arrow_table
arrow_table(pa.schema([("text", pa.string())]), [["a", None]])
print("pandas" in sys.modules)
"""


def test_pandas_is_not_imported():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PANDAS], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "False\n"
