"""Conformal p-values of numbers that come one after the other."""

from __future__ import annotations

import bisect

import numpy as np

from normocyte.drift.contract import Values


def online_p_values(reference: Values, stream: Values, draw: np.random.Generator) -> Values:
    """The share of all numbers so far that are larger than each new one, (t,) in (0, 1); chance breaks ties.

    The n-th number of all, reference (k,) before stream (t,), gets (#{larger} + U * #{equal}) / n among the
    first n, itself included, U uniform. If all numbers are exchangeable, these p-values are independent and
    uniform, exactly (Vovk, Gammerman & Shafer, Algorithmic Learning in a Random World, 2005).
    Comparing each new number with the reference alone would make them dependent.
    """
    known = sorted(reference.tolist())
    p_values = np.empty(len(stream))
    for index, (value, chance) in enumerate(zip(stream.tolist(), draw.random(len(stream)), strict=True)):
        left, right = bisect.bisect_left(known, value), bisect.bisect_right(known, value)
        larger, equal = len(known) - right, right - left + 1
        p_values[index] = (larger + chance * equal) / (len(known) + 1)
        known.insert(right, value)
    return p_values
