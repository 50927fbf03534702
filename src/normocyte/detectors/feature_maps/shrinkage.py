"""How far a covariance is best moved towards one of equal variances, when pictures are few."""

import numpy as np

from normocyte.core.types import Table
from normocyte.detectors.feature_maps.pooled import Standard

_TINY = 1e-6


def shrunk(standard: Standard, table: Table, most: int) -> tuple[Table, float]:
    """The variances of the first `most` directions, and the one that all others share.

    Shrunk as Ledoit & Wolf (J. Multivariate Anal. 88 (2004) 365) say.
    """
    away = standard.away(table)
    count, features = away.shape
    even = float(np.square(away).sum()) / (count * features) + _TINY
    share = _share(away, even)
    variances = standard.variances
    left = max(features - len(variances[:most]), 1)
    shared = share * even + (1 - share) * float(variances[most:].sum()) / left
    return (1 - share) * variances[:most] + share * even, max(shared, _TINY)


def _share(away: Table, even: float) -> float:
    """The share of `even` times the identity, 0 to 1, for centred rows."""
    count, features = away.shape
    gram = away @ away.T
    squared = float(np.square(gram).sum()) / count**2  # the squared Frobenius norm of the covariance
    spread = squared / features - even**2
    noise = (float(np.square(np.diag(gram)).sum()) / count - squared) / (count * features)
    return float(np.clip(noise / spread, 0, 1)) if spread > 0 else 1.0
