"""Images as bytes in Parquet: a unit is a group of rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from normocyte.core.errors import DatasetError, needs
from normocyte.core.inputs.signatures import HEAD_BYTES, foreign_format, format_of
from normocyte.workflows.batch.stores import File, Store, faults
from normocyte.workflows.batch.units import Entry, Unit

ABOUT = ("site", "day")
"""Columns that are copied to the rows, for the summary."""
_AT_ONCE = 128
_BYTES = "bytes"


class NoImages(DatasetError):
    """A Parquet file without a column of images."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An image as it is stored: what its row and its errors call it, and its bytes or why there are none."""

    path: str
    name: str
    data: bytes = b""
    fault: str = ""
    site: str | None = None
    day: str | None = None


def in_parquet(store: Store, file: File) -> Iterator[Entry]:
    """One entry a group of rows: `name` its number, `start` its first row. NoImages names the columns."""
    parquet = needs("pyarrow.parquet", "batch")
    with store.open(file.address) as stream, parquet.ParquetFile(stream) as table:
        column, start = _image_column(table, file.address), 0
        for group in range(table.num_row_groups):
            found = table.metadata.row_group(group)
            if found.num_rows:
                sizes = [found.column(index) for index in range(found.num_columns)]
                own = [one for one in sizes if one.path_in_schema.partition(".")[0] == column]
                size = sum(one.total_compressed_size for one in own)
                yield Entry(file.address, str(group), start, size)
            start += found.num_rows


def _image_column(table: Any, address: str) -> str:
    """The first column that holds images, as bytes or as Hugging Face keeps them, with a field `bytes`."""
    arrow = needs("pyarrow", "batch")
    names = [one.name for one in table.schema_arrow if _may_hold_bytes(arrow, one.type)]
    for name in names:
        if table.metadata.num_rows and _are_images(table, name):
            return str(name)
    if names and not table.metadata.num_rows:
        return str(names[0])
    have = ", ".join(table.schema_arrow.names) or "none"
    raise NoImages(
        f"{address} has no column with the bytes of images; its columns: {have}. Store each image as the "
        "bytes of its file, in one column of type binary."
    )


def _may_hold_bytes(arrow: Any, kind: Any) -> bool:
    if arrow.types.is_struct(kind):
        at = kind.get_field_index(_BYTES)
        return at >= 0 and _may_hold_bytes(arrow, kind.field(at).type)
    return bool(arrow.types.is_binary(kind) or arrow.types.is_large_binary(kind))


def _are_images(table: Any, name: str) -> bool:
    """Whether there are images in the first group of rows that is not damaged."""
    for group in range(table.num_row_groups):
        try:
            batch = next(table.iter_batches(_AT_ONCE, [group], [name]), None)
        except faults():
            continue
        values = batch.column(0).to_pylist() if batch else []
        heads = [(_bytes_of(one) or b"")[:HEAD_BYTES] for one in values]
        return any(format_of(head) or foreign_format(head, "") for head in heads)
    return False


def _bytes_of(value: Any) -> bytes | None:
    return value.get(_BYTES) if isinstance(value, dict) else value


def from_parquet(store: Store, unit: Unit) -> Iterator[Stored]:
    """The images of a group of rows, in order; a damaged group is one row that says so."""
    parquet = needs("pyarrow.parquet", "batch")
    (entry,) = unit.entries
    with store.open(unit.address) as stream, parquet.ParquetFile(stream) as table:
        column = _image_column(table, unit.address)
        about = [name for name in ABOUT if name in table.schema_arrow.names]
        row = entry.start
        for batch in table.iter_batches(_AT_ONCE, [int(entry.name)], [column, *about]):
            for cells in batch.to_pylist():
                yield _stored(unit.address, row, cells[column], cells)
                row += 1


def _stored(address: str, row: int, value: Any, cells: dict[str, Any]) -> Stored:
    path, data = f"{address}!{row}", _bytes_of(value)
    site, day = (None if cells.get(name) is None else str(cells[name]) for name in ABOUT)
    fault = "" if data else f"{path} holds no bytes. Store the image there, or leave the row out."
    return Stored(path, path, data or b"", fault, site, day)
