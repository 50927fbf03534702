"""A p-value as a sentence says it, and alone in a column."""

import pytest

from normocyte.reports.smear.numbers import p_number, p_value


@pytest.mark.parametrize(
    ("value", "alone", "said"),
    [
        (0.0412, "0.041", "p = 0.041"),
        (0.00041, "0.0004", "p = 0.0004"),
        (0.00001, "< 0.0001", "p < 0.0001"),
        (float("nan"), "\N{EN DASH}", "p \N{EN DASH}"),
    ],
)
def test_a_p_value_alone_lacks_the_letter_and_the_sign(value, alone, said):
    assert p_number(value).replace("\N{NO-BREAK SPACE}", " ") == alone
    assert p_value(value).replace("\N{NO-BREAK SPACE}", " ") == said
