"""The numbers of a smear as its report writes them."""

import math

from normocyte.core import percent as core
from normocyte.core.types import Estimate
from normocyte.reports.drawing import formatting
from normocyte.results.smear import CERTAIN
from normocyte.wording.language import figure, gettext, ngettext

_SMALLEST_P, _SMALL_P = 0.0001, 0.001
_DIGITS = 2
_SPACE = "\N{NO-BREAK SPACE}"


def is_known(estimate: Estimate) -> bool:
    """True where there is an estimate with its interval."""
    return all(math.isfinite(one) for one in (estimate.value, estimate.low, estimate.high))


def share(estimate: Estimate) -> str:
    """The estimate alone, as a percentage."""
    return percent(estimate.value)


def between(estimate: Estimate) -> str:
    """The interval of a share in words."""
    if not is_known(estimate):
        return gettext("not known")
    if estimate.low < CERTAIN:
        return gettext("between none and {high}", high=percent(estimate.high))
    return gettext("between {low} and {high}", low=percent(estimate.low), high=percent(estimate.high))


def with_interval(estimate: Estimate) -> str:
    """A share and its interval."""
    said = between(estimate)
    if not is_known(estimate):
        return said
    return gettext("{share}, {interval}", share=share(estimate), interval=said)


def percent(value: float) -> str:
    """A share as a percentage with two digits that count."""
    return figure(core.percent(min(value, 1.0), _DIGITS, _SPACE))


def p_value(value: float) -> str:
    """A p-value with its sign of equality."""
    equals = f"={_SPACE}" if _SMALLEST_P <= value < math.inf else ""
    return f"p{_SPACE}{equals}{p_number(value)}"


def p_number(value: float) -> str:
    """A p-value alone, as in a column of them."""
    if not math.isfinite(value):
        return formatting.UNKNOWN
    if value < _SMALLEST_P:
        return f"<{_SPACE}{figure(str(_SMALLEST_P))}"
    return figure(f"{value:.{_DIGITS if value >= _SMALL_P else 1}g}")


def rounded(value: float) -> str:
    """A count with two digits that count, or a dash."""
    if not math.isfinite(value):
        return formatting.UNKNOWN
    return figure(f"{float(f'{value:.{_DIGITS}g}'):,.0f}")


def counted_in(cells: int, used: int, photos: int) -> str:
    """How many red cells count, in so many used photos of so many."""
    return ngettext(
        "{n} red cell counted in {used} of {photos}",
        "{n} red cells counted in {used} of {photos}",
        cells,
        used=used,
        photos=ngettext("{n} photo", "{n} photos", photos),
    )
