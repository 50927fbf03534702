"""File names as a person and a table can read them, whatever bytes they are made of.

On Linux a name is bytes. Python keeps each byte that is no UTF-8 as a lone surrogate, which no text file and
no screen takes: here `k\\xf6ln.png` stands for such a name, and is found again by it.
"""

import codecs
import re

SHOWN = "normocyte_shown"
"""The name of this way to write, for `errors=` of anything that encodes text."""

_FIRST, _LAST, _OFFSET = 0xDC80, 0xDCFF, 0xDC00
_LONE = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile(r"\\x([89a-f][0-9a-f])")
_FORMULA = ("=", "+", "-", "@")
"""A spreadsheet computes a cell of a CSV file that begins so, whatever it holds."""


def shown(text: str) -> str:
    """The text as UTF-8 can hold it: an odd byte of a file name becomes e.g. `\\xf6`."""
    return text.encode("utf-8", SHOWN).decode("utf-8")


def as_stored(text: str) -> str:
    """The name that `shown` made this text of, if it holds an odd byte; else the text itself."""
    return _ESCAPE.sub(lambda found: chr(_OFFSET + int(found[1], 16)), text)


def as_text(name: str) -> str:
    """The name with an apostrophe before it where a spreadsheet would take it for a formula.

    Example:
        >>> as_text("=1+1.png"), as_text("a.png")
        ("'=1+1.png", 'a.png')
    """
    return f"'{name}" if name.startswith(_FORMULA) else name


def without_mark(name: str) -> str:
    """The name that `as_text` was given.

    Example:
        >>> without_mark("'=1+1.png"), without_mark("'a.png")
        ('=1+1.png', "'a.png")
    """
    return name[1:] if name.startswith("'") and name[1:].startswith(_FORMULA) else name


def quoted(text: str) -> str:
    """The same inside of JSON or TOML, where a backslash is written twice."""
    return _LONE.sub(lambda found: _letter(found[0]).replace("\\", "\\\\"), text)


def _spelled_out(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(map(_letter, letters)), error.end


def _letter(letter: str) -> str:
    code = ord(letter)
    if _FIRST <= code <= _LAST:
        return f"\\x{code - _OFFSET:02x}"
    return letter.encode("ascii", "backslashreplace").decode("ascii")


codecs.register_error(SHOWN, _spelled_out)
