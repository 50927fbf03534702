"""Numbers as a reader wants them."""

import math

from normocyte.core.messages import to_translate
from normocyte.core.names.hidden import shown
from normocyte.core.types import Estimate

UNKNOWN = "\N{EN DASH}"
RESEARCH_ONLY = to_translate("For research use only: not for clinical use.")
_ONE_PERCENT = 0.01
_MINUS = "\N{MINUS SIGN}"
_SPACE = "\N{NO-BREAK SPACE}"


def figure(value: float, digits: int = 3) -> str:
    """A figure between 0 and 1 with so many digits, one more where it would round up to 1, or a dash."""
    if not math.isfinite(value):
        return UNKNOWN
    digits += value < 1 <= round(value, digits)
    return f"{value:.{digits}f}"


def signed(difference: float) -> str:
    """A difference of two figures with its sign and three digits, or a dash; no sign where it rounds to 0."""
    if not math.isfinite(difference):
        return UNKNOWN
    said = f"{abs(difference):.3f}"
    sign = "+" if difference > 0 else _MINUS
    return said if float(said) == 0 else sign + said


def span(estimate: Estimate) -> str:
    """The interval of an estimate, from low to high, or nothing."""
    if not math.isfinite(estimate.low):
        return ""
    return f"{figure(estimate.low)}\N{EN DASH}{figure(estimate.high)}"


def percent(share: float) -> str:
    """A share as a percentage: one digit after the point, two below one percent, none at 0 and 1."""
    if not math.isfinite(share):
        return UNKNOWN
    digits = 0 if share in {0, 1} else 1 if share >= _ONE_PERCENT else 2
    return f"{100 * share:.{digits}f}{_SPACE}%"


def rate(share: float) -> str:
    """A share that was asked for, as a percentage with its own digits, three at most."""
    return f"{100 * share:.3g}{_SPACE}%"


def score(value: float) -> str:
    """A score or a threshold with four significant digits."""
    return f"{value:.4g}" if math.isfinite(value) else UNKNOWN


def count(number: int, noun: str) -> str:
    """A number with its noun: 1 cell, 5,000 cells."""
    return f"{number:,}{_SPACE}{noun}" if number == 1 else f"{number:,}{_SPACE}{noun}s"


def part_of(part: int, whole: int) -> str:
    """How many of how many, with the share: 12 of 340 (3.5 %)."""
    share = part / whole if whole else float("nan")
    return f"{part:,} of {whole:,} ({percent(share)})"


def plain(text: str) -> str:
    """The text as UTF-8 can hold it: an odd byte of a file name becomes e.g. `\\xf6`."""
    return shown(text)
