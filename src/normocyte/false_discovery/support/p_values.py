"""What every rule asks of p-values, and how they come in order."""

from collections.abc import Callable

import numpy as np

from normocyte.core.errors import DatasetError
from normocyte.core.types import Scores


def check_p_values(p_values: Scores) -> None:
    """DatasetError for p-values outside (0, 1], other than NaN: a cell that could not be judged."""
    bad = p_values[(p_values <= 0) | (p_values > 1)]
    if bad.size:
        raise DatasetError(
            f"{bad.size:,} of {p_values.size:,} p-values are not possible, such as {float(bad[0])!r}; give "
            "p-values above 0 and at most 1, and NaN for a cell that could not be judged."
        )


def in_rising_order(p_values: Scores, rule: Callable[[Scores], Scores]) -> Scores:
    """What a rule makes of the rising p-values, (m,) -> (m,), put back at its cells, (n,); NaN stays NaN."""
    order = np.argsort(p_values, kind="stable")[: np.count_nonzero(~np.isnan(p_values))]
    answer = np.full(p_values.shape, np.nan)
    answer[order] = rule(p_values[order])
    return answer


def step_up(rising: Scores) -> Scores:
    """Benjamini and Hochberg's adjusted p-values, (m,): the least m * p_j / j over j >= i, at most 1."""
    ranks = np.arange(1, len(rising) + 1)
    adjusted = np.minimum.accumulate((rising * (len(rising) / ranks))[::-1])[::-1]
    return np.minimum(adjusted, 1.0)
