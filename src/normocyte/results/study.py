"""What a report of a study holds, a row for each smear; the workflow fills it, this room writes it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from normocyte.core.equality import ByValue
from normocyte.core.types import Estimate
from normocyte.results.smear import UNKNOWN_SHARE, Smear
from normocyte.results.verdict import Decision

ORDER = tuple(Decision)
"""The decisions as a reader wants them: what was seen, what must be looked at, what must be done again."""


@dataclass(frozen=True)
class StudyRow:
    """One smear in short.

    `folder` is that of its report, below the folder of the study. Of the `flagged` cells `looked_at` were
    looked at; a person saw parasites in `confirmed` cells. `p_value` is NaN where no test was made,
    `parasitaemia` a share with its 95 % interval, NaN where none is stated. `input_digest` is a digest of all
    that the answer depends on.
    """

    name: str
    folder: str
    photos: int
    usable: int
    cells: int
    flagged: int
    decision: Decision
    p_value: float
    parasitaemia: Estimate
    input_digest: str = ""
    looked_at: int = 0
    confirmed: int = 0

    @classmethod
    def of(cls, smear: Smear, name: str, folder: str, input_digest: str) -> StudyRow:
        """The row of a smear."""
        answer = smear.answer
        return cls(
            name=name,
            folder=folder,
            photos=len(smear.photos),
            usable=sum(photo.is_used for photo in smear.photos),
            cells=smear.cells,
            flagged=smear.flagged,
            decision=answer.decision,
            p_value=answer.p_value,
            parasitaemia=answer.parasitaemia if answer.is_stated else UNKNOWN_SHARE,
            input_digest=input_digest,
            looked_at=answer.looked_at,
            confirmed=answer.confirmed,
        )

    @property
    def left(self) -> int:
        """How many flagged cells nobody has looked at."""
        return self.flagged - self.looked_at


@dataclass(frozen=True, eq=False)
class Study(ByValue):
    """Several smears that were judged alike: the rows of those that are finished, of so many `smears`.

    `limit` is the parasitaemia that must not be missed, `level` that of the test, `bundle` what judged them
    and `guarantee` what its threshold states, in a sentence. `careful` is what a reader must know first of
    all, and `passed_over` says which files were not looked at, in a sentence; empty for none.
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
    passed_over: str = ""

    @property
    def tested(self) -> int:
        """How many smears have a p-value."""
        return sum(math.isfinite(row.p_value) for row in self.rows)

    def decided(self, decision: Decision) -> int:
        """How many smears have this decision."""
        return sum(row.decision == decision for row in self.rows)

    def sorted(self) -> tuple[StudyRow, ...]:
        """The rows by their decision, those with parasites first and the most heavily infected on top.

        Within the other decisions they stand by p-value.
        """
        return tuple(sorted(self.rows, key=_place))


def _place(row: StudyRow) -> tuple[int, float, float, str]:
    share = row.parasitaemia.value if row.decision is Decision.PARASITES_SEEN else 0.0
    return ORDER.index(row.decision), -_known(share, 0.0), _known(row.p_value, math.inf), row.name


def _known(value: float, instead: float) -> float:
    return value if math.isfinite(value) else instead
