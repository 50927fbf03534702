"""Tables of Arrow without pandas, which `pyarrow.array` imports wherever it is installed.

That would take each worker of a batch about as long as all its other imports, and its memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from normocyte.core.errors import needs

Values = Sequence[Any]


def arrow_table(schema: Any, columns: Sequence[Values]) -> Any:
    """A `pyarrow.Table` of these columns.

    Args:
        schema: the names and kinds of the columns, each of texts, 64-bit numbers or truths.
        columns: the values of each, all of one length; None where there is none.

    Returns:
        What `pyarrow.table(columns, schema=schema)` gives.
    """
    arrow = needs("pyarrow", "parquet")
    filled = [_column(arrow, kind, values) for kind, values in zip(schema.types, columns, strict=True)]
    return arrow.table(filled, schema=schema)


def _column(arrow: Any, kind: Any, values: Values) -> Any:
    """An `pyarrow.Array` of its buffers: which values there are, and the values."""
    there = _bits([one is not None for one in values])
    if kind == arrow.string():
        texts = [str(one or "").encode() for one in values]
        parts = [there, np.cumsum([0, *map(len, texts)], dtype=np.int32), b"".join(texts)]
    elif kind == arrow.bool_():
        parts = [there, _bits([bool(one) for one in values])]
    else:
        parts = [there, np.array([0 if one is None else one for one in values], np.float64)]
    return arrow.Array.from_buffers(kind, len(values), [arrow.py_buffer(part) for part in parts])


def _bits(truths: list[bool]) -> Any:
    return np.packbits(np.array(truths, bool), bitorder="little")
