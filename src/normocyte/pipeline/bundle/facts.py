"""Where a pipeline comes from, as a bundle tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from normocyte.core.types import Part
from normocyte.core.words import CELLS, Words
from normocyte.datasets.support.patients import UNKNOWN
from normocyte.pipeline.bundle.history import Origin

_ORIGIN = "calibrated_on"
_LATER = ("patients_by", "cells_fingerprint", "thing", "anomaly")


@dataclass(frozen=True)
class PartFacts:
    """How many cells of a part were used, and of which patients; where nobody is known, the cells' places."""

    part: str
    cells: int
    patients: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Where a pipeline comes from.

    The data set, its fingerprint, the parts of the split, how many were unreadable. `calibrated_on` is empty
    unless a site has calibrated it anew: then the part `calibration` is of that other set. `patients_by` and
    `cells_fingerprint` are those of the cohort; empty in bundles of earlier versions. `thing` and `anomaly`
    are the words for what the images show.
    """

    data: str
    data_fingerprint: str
    parts: tuple[PartFacts, ...]
    unreadable: int = 0
    calibrated_on: Origin = field(default_factory=Origin)
    patients_by: str = ""
    cells_fingerprint: str = ""
    thing: str = ""
    anomaly: str = ""

    @property
    def words(self) -> Words:
        """What the images show that it was made from; bundles of earlier versions are of red cells."""
        return Words(self.thing, self.anomaly).or_else(CELLS)

    @property
    def are_patients_known(self) -> bool:
        """False where nobody knew whose the images were."""
        return self.patients_by != UNKNOWN

    def knows_patients_of(self, part: PartFacts) -> bool:
        """Whether the patients of one of the parts are patients; no cells are of nobody."""
        is_of_site = part.part == Part.CALIBRATION and self.calibrated_on.is_another_set
        return not part.cells or (bool(part.patients) and (is_of_site or self.are_patients_known))

    def patients(self, *parts: Part) -> frozenset[str]:
        """The patients of these parts."""
        return frozenset(name for facts in self.parts if facts.part in parts for name in facts.patients)


def stored_facts(facts: Facts) -> dict[str, Any]:
    """The facts as `bundle.json` holds them: where calibration cells come from only if from another set."""
    told = asdict(facts)
    empty = {key for key in _LATER if not told[key]}
    if not facts.calibrated_on.is_another_set:
        empty.add(_ORIGIN)
    return {key: value for key, value in told.items() if key not in empty}


def facts_from(content: dict[str, Any]) -> Facts:
    """The facts that `bundle.json` holds."""
    parts: Sequence[dict[str, Any]] = content["parts"]
    return Facts(
        content["data"],
        content["data_fingerprint"],
        tuple(PartFacts(facts["part"], facts["cells"], tuple(facts["patients"])) for facts in parts),
        content["unreadable"],
        Origin(**content.get(_ORIGIN, {})),
        *(content.get(key, "") for key in _LATER),
    )
