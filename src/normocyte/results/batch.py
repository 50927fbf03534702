"""What is in the results of a batch, in numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Group:
    """The images of one day, site, or whatever they were grouped by.

    `distance` is the largest difference between the share of these scores and of all others that lie below a
    value (Kolmogorov-Smirnov), and `is_unlike` whether it is larger than chance makes it once in twenty such
    summaries, if images were independent; cells of one patient are not.
    """

    name: str
    images: int
    scored: int
    flagged: int
    median: float | None
    distance: float | None = None
    is_unlike: bool = False

    @property
    def flagged_share(self) -> float | None:
        """The share of the scored images that is flagged; None where none is scored."""
        return self.flagged / self.scored if self.scored else None


@dataclass(frozen=True)
class Summary:
    """Counts, causes and scores of all rows.

    Attributes:
        bundle: the name of the bundle, and `digest` its digest.
        images: how many rows there are.
        causes: how many images were not scored for each cause, most frequent first.
        edges: the edges of the bars of the score distribution (n + 1,), and `bars` their heights (n,).
        quantiles: the scores below which 1, 25, 50, 75 and 99 % lie; empty where nothing is scored.
        by: what the groups are, such as `day`; empty for none.
    """

    bundle: str
    digest: str
    images: int
    scored: int
    flagged: int
    refused: int
    failed: int
    causes: tuple[tuple[str, int], ...]
    edges: tuple[float, ...]
    bars: tuple[int, ...]
    quantiles: tuple[float, ...]
    by: str = ""
    groups: tuple[Group, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Everything as texts, numbers, lists and dictionaries."""
        groups = [asdict(one) | {"flagged_share": one.flagged_share} for one in self.groups]
        return {"schema": 1} | asdict(self) | {"groups": groups}
