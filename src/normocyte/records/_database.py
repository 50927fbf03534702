"""Opens a SQLite file, and words its errors."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from normocyte.core.errors import OutputError


def connected(path: Path, wait_s: float = 60, mode: str = "rwc") -> sqlite3.Connection:
    """The database in a file; it waits so long for one that is being written."""
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=wait_s, isolation_level=None)


@contextlib.contextmanager
def speaking(path: Path) -> Iterator[None]:
    """An error of the database says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise OutputError(
            f"Cannot use {path}: {error}. Free some space or check the permissions; the same command then "
            "goes on where it stopped."
        ) from error
