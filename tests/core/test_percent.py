import pytest

from normocyte.core.percent import percent


@pytest.mark.parametrize(
    ("share", "digits", "said"),
    [
        (0.0, 2, "0 %"),
        (0.00421, 2, "0.42 %"),
        (0.1234, 3, "12.3 %"),
        (0.996, 2, "100 %"),
        (1.0, 2, "100 %"),
        (float("nan"), 2, "\N{EN DASH}"),
    ],
)
def test_a_share_is_said_in_plain_digits(share, digits, said):
    assert percent(share, digits) == said
