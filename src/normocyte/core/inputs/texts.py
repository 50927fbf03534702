"""Text files as people's programs write them: UTF-8, or UTF-16 and UTF-32, with or without a mark before."""

import codecs
from pathlib import Path

from normocyte.core.errors import DatasetError

MOST_BYTES = 512 * 2**20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".numbers")
_WORKBOOK_BYTES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def is_workbook(path: Path) -> bool:
    """True for a file that is called as those of a spreadsheet program are, such as `.xlsx`."""
    return path.suffix.lower() in _WORKBOOKS


def read_text(path: Path, what: str, most_bytes: int = MOST_BYTES) -> str:
    """The text of a file; DatasetError, which calls it `what`, as `text_of` and where it cannot be read."""
    try:
        size = path.stat().st_size
        if size > most_bytes:
            raise DatasetError(
                f"{what} has {size:,} bytes, more than {most_bytes // 2**20} MB; give smaller files."
            )
        data = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{what} cannot be read: {error.strerror or error}. Check the path.") from error
    if is_workbook(path) or data.startswith(_WORKBOOK_BYTES):
        raise DatasetError(
            f"{what} is a workbook of a spreadsheet program, which is not read; "
            "save the sheet as 'CSV UTF-8' and give that file."
        )
    return text_of(data, what)


def text_of(data: bytes, what: str) -> str:
    """The text of these bytes, without a mark; DatasetError for bytes that are no text or no Unicode.

    A file in an encoding of one byte a letter, such as Windows-1252, is refused as soon as it holds a letter
    beyond ASCII: nothing in it says which encoding that is.
    """
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        name = "UTF-8" if encoding == "utf-8-sig" else encoding.upper()
        raise DatasetError(
            f"{what} is not {name} text, at byte {error.start} in line {line}: "
            f"{data[error.start : error.start + 8]!r}; save it as UTF-8, in a spreadsheet as 'CSV UTF-8'."
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DatasetError(f"{what} is no text: line {line} holds the byte 0; give a text file.")
    return text


def _encoding(data: bytes) -> str:
    """By the mark; without one, UTF-16 where every other one of the first bytes is zero."""
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    if marked or len(data) % 2 or len(data) < len("ab") * 2:
        return marked or "utf-8-sig"
    first = data[:4]
    if not first[1] and not first[3] and first[0] and first[2]:
        return "utf-16-le"
    return "utf-16-be" if not first[0] and not first[2] and first[1] and first[3] else "utf-8-sig"
