"""Random numbers that depend only on the seed and on what they are for."""

from __future__ import annotations

import hashlib

import numpy as np


def generator(seed: int, *purpose: str | int) -> np.random.Generator:
    """A NumPy generator for one purpose, e.g. `generator(7, "split")`.

    Another purpose gives other numbers.
    """
    text = "/".join(str(word) for word in purpose)
    digest = hashlib.sha256(text.encode(errors="surrogateescape")).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "little")])
