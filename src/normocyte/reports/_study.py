"""What a report of a study holds, a row for each smear; the workflow fills it, this room writes it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from normocyte.core.types import Estimate
from normocyte.reports._smear import Smear
from normocyte.reports._smear_words import is_used

ORDER = ("parasites suspected", "not enough cells", "unusable images", "no evidence")
"""The decisions as a reader wants them: what must be looked at, what must be done again, and the rest."""


@dataclass(frozen=True)
class StudyRow:
    """One smear in short.

    `folder` is that of its report, below the folder of the study. `p_value` is NaN where no test was made,
    `parasitaemia` a share with its 95 % interval, NaN where it cannot be said. `made_of` is a digest of all
    that the answer depends on.
    """

    name: str
    folder: str
    photos: int
    usable: int
    cells: int
    flagged: int
    decision: str
    p_value: float
    parasitaemia: Estimate
    made_of: str = ""

    @classmethod
    def of(cls, smear: Smear, name: str, folder: str, made_of: str) -> StudyRow:
        """The row of a smear."""
        answer = smear.answer
        return cls(
            name=name,
            folder=folder,
            photos=len(smear.photos),
            usable=sum(is_used(photo) for photo in smear.photos),
            cells=smear.cells,
            flagged=smear.flagged,
            decision=answer.decision,
            p_value=answer.p_value,
            parasitaemia=answer.parasitaemia,
            made_of=made_of,
        )


@dataclass(frozen=True)
class Study:
    """Several smears that were judged alike: the rows of those that are finished, of so many `smears`.

    `limit` is the parasitaemia that must not be missed, `level` that of the test, `bundle` what judged them
    and `guarantee` what its cut states, in a sentence. `careful` is what a reader must know first of all.
    """

    name: str
    rows: tuple[StudyRow, ...]
    smears: int
    limit: float
    level: float
    bundle: str
    guarantee: str
    normocyte: str
    careful: tuple[str, ...] = ()

    @property
    def tested(self) -> int:
        """How many smears have a p-value."""
        return sum(math.isfinite(row.p_value) for row in self.rows)

    def decided(self, decision: str) -> int:
        """How many smears have this decision."""
        return sum(row.decision == decision for row in self.rows)

    def sorted(self) -> tuple[StudyRow, ...]:
        """The rows: the suspected first, the most heavily infected on top.

        Then those of which nothing can be said, at last those without evidence, each by p-value.
        """
        return tuple(sorted(self.rows, key=_place))


def _place(row: StudyRow) -> tuple[int, float, float, str]:
    rank = ORDER.index(row.decision) if row.decision in ORDER else 1
    share = row.parasitaemia.value if rank == 0 else 0.0
    return rank, -_known(share, 0.0), _known(row.p_value, math.inf), row.name


def _known(value: float, instead: float) -> float:
    return value if math.isfinite(value) else instead
