"""What a sentence says of numbers: chosen by the numbers, so that a new run changes the words too."""

from __future__ import annotations

import math
from collections.abc import Sequence

CLOSE = 1.1
"""Two numbers are about the same when neither is more than so many times the other."""


def compared(first: float, second: float, close: float = CLOSE) -> str:
    """Whether the first number is "higher", "lower" or "about the same" as the second.

    >>> compared(9.0, 5.0), compared(5.0, 9.0), compared(5.0, 5.1)
    ('higher', 'lower', 'about the same')
    """
    if max(first, second) <= close * min(first, second):
        return "about the same"
    return "higher" if first > second else "lower"


def met(holds: bool) -> str:
    """The first word of a finding that has an aim."""
    return "Met" if holds else "Missed"


def times(first: float, second: float) -> str:
    """How many times the second number the first is, in two figures.

    >>> times(3.0, 2.0), times(30.0, 2.0), times(1.0, 0.0)
    ('1.5 times', '15 times', 'any number of times')
    """
    if not second:
        return "any number of times"
    return f"{first / second:.2g} times"


def listed(names: Sequence[object], last: str = "and", code: bool = True, none: str = "none") -> str:
    """Names in a sentence.

    >>> listed(["a", "b", "c"]), listed([]), listed(["JPEG, good", "PNG"], code=False)
    ('`a`, `b` and `c`', 'none', 'JPEG, good; and PNG')
    """
    marked = [f"`{name}`" if code else f"{name}" for name in names]
    if not marked:
        return none
    comma, joint = ("; ", "; ") if any("," in name for name in marked) else (", ", " ")
    return f"{joint}{last} ".join(filter(None, (comma.join(marked[:-1]), marked[-1])))


def span(values: Sequence[float], digits: int = 0) -> str:
    """The lowest and the highest number, or the one when they are printed the same.

    >>> span([3.0, 1.0]), span([2.0, 2.0])
    ('1 to 3', '2')
    """
    known = [value for value in values if not math.isnan(value)]
    if not known:
        return "unknown"
    low, high = f"{min(known):.{digits}f}", f"{max(known):.{digits}f}"
    return low if low == high else f"{low} to {high}"


WORDS = {"compared": compared, "met": met, "times": times, "listed": listed, "span": span}
"""What every template may use."""
