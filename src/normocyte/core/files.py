"""Files that are either whole or not there: written beside their place, then renamed."""

import contextlib
import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from normocyte.core.errors import OutputError
from normocyte.core.names.hidden import SHOWN, quoted, shown


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path that takes the place of `path` when the block ends well, and else is removed.

    Raises OutputError, with the reason of the system, when the folder or the file cannot be written.
    """
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        if path.exists() and not path.is_file():  # root could replace a device such as /dev/null for all
            raise OutputError(f"Cannot write {path}: it is no file. Choose another place.")
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"Cannot write {path}: {reason}. Free some space or choose another place."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file atomically and force it to disk."""
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text atomically, with plain line feeds on every system; odd bytes of names as `\\xf6`."""
    write_bytes(path, text.encode("utf-8", SHOWN))


def write_json(path: Path, content: Any) -> None:
    """Write readable JSON atomically; NaN is refused because it is not JSON."""
    write_text(path, json_text(content) + "\n")


def json_text(content: Any) -> str:
    """Readable JSON, which any file and screen takes."""
    return quoted(json.dumps(content, indent=2, allow_nan=False, ensure_ascii=False))


def make_folder(path: Path) -> Path:
    """Make a folder with its parents; OutputError when that is not possible."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"Cannot make the folder {path}: {reason}. Choose another place.") from error
    return path


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def csv_text(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A table as CSV with its headings; a carriage return, which `csv` does not quote, becomes `\\r`."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(columns)
    table.writerows([_one_line(cell) for cell in row] for row in rows)
    return text.getvalue()


def _one_line(cell: object) -> object:
    return shown(cell).replace("\r", "\\r") if isinstance(cell, str) else cell


def keep_apart(folder: Path, paths: Sequence[Path]) -> None:
    """OutputError for a folder of pictures that lies among the images that are scored."""
    place = folder.resolve()
    around = [path for path in paths if path.is_dir() and place.is_relative_to(path.resolve())]
    if around:
        raise OutputError(
            f"{folder} is inside {around[0]}, whose images are the input: the next run would read the "
            "results, too. Choose another folder."
        )


def keep_outside(folder: Path, photos: Sequence[Path]) -> None:
    """OutputError for a folder of a report in which photos lie: its files could replace others."""
    place = folder.resolve()
    inside = [path for path in photos if path.exists() and path.resolve().is_relative_to(place)]
    if inside:
        raise OutputError(
            f"{folder} holds {inside[0]}, which is an input: files next to it could be overwritten. "
            "Choose another folder."
        )
