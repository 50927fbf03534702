"""Makes the rows of scored images, and decides on all cells of one smear together once each has a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from normocyte.cell_checks.gate import Gate
from normocyte.core.errors import ConfigError
from normocyte.core.percent import percent
from normocyte.core.registry import part_class
from normocyte.core.types import Flags, Image8, Names, Scores, Source
from normocyte.pipeline.pipeline import Calibration, Pipeline
from normocyte.pipeline.rows import MakeRows
from normocyte.results.verdict import Outcome, Verdict
from normocyte.tables.writing import QUALITY, Columns, Row
from normocyte.thresholds.contract import Threshold

if TYPE_CHECKING:
    from normocyte.false_discovery.contract import FalseDiscoveryRule

CONFIDENCE = 0.95
OWN = "empirical_null"


@dataclass(frozen=True)
class WithQuality:
    """Makes the same rows with what the gate measures of each image beside."""

    make_rows: MakeRows
    gate: Gate

    def __call__(
        self, sources: Sequence[Source], images: Sequence[Image8], verdicts: Sequence[Verdict]
    ) -> list[Row]:
        """One row an image, in order."""
        rows = self.make_rows(sources, images, verdicts)
        table = {
            name: column.tolist() for name, column in self.gate.named(self.gate.measures(images)).items()
        }
        return [
            replace(row, quality={name: column[index] for name, column in table.items()})
            for index, row in enumerate(rows)
        ]


def quality_columns(gate: Gate) -> Columns:
    """The columns of its measures; ConfigError when it takes none."""
    if not gate.checks:
        raise ConfigError(
            "This bundle has 0 checks of quality, so that there is nothing to add to the rows. Train it with "
            "[[cell_checks]] in its recipe, or leave `quality` out."
        )
    return tuple(QUALITY + measure.name for measure in gate.known)


@dataclass
class SmearWideDecision:
    """What makes of the rows of one smear the rows that are written.

    With `own`, a rule that learns from the cells it judges, p-values and flags come from the smear's own
    scores. With `listing`, the flags are the list that this false-discovery rule selects. `sentences` says
    afterwards what was decided and what it states.
    """

    own: Threshold | None = None
    listing: FalseDiscoveryRule | None = None
    sentences: list[str] = field(default_factory=list)

    def __call__(self, rows: Sequence[Row]) -> list[Row]:
        """The same rows, decided anew; those without a score stay as they are.

        A copy of a picture that came before is no cell of its own: it gets the decision of the first.
        TrainingError when the smear's own cells cannot say what is usual.
        """
        firsts = _firsts(rows)
        places = [place for place, first in firsts.items() if place == first]
        judged = list(rows)
        p_values, flags = self._decided([rows[place] for place in places])
        for place, p_value, is_flagged in zip(places, p_values.tolist(), flags.tolist(), strict=True):
            outcome = Outcome.SUSPICIOUS if is_flagged else Outcome.HEALTHY
            judged[place] = replace(rows[place], p_value=p_value, flagged=is_flagged, verdict=str(outcome))
        for place, first in firsts.items():
            judged[place] = replace(judged[first], path=rows[place].path)
        return judged

    def _decided(self, rows: Sequence[Row]) -> tuple[Scores, Flags]:
        p_values = np.array([row.p_value for row in rows], np.float64)
        flags: Flags = np.array([row.flagged for row in rows], np.bool_)
        if self.own is not None and rows:
            p_values, flags = self._by_own_null(self.own, np.array([row.score for row in rows]))
        if self.listing is not None:
            flags = self.listing.select(p_values)
            self.sentences += _of_list(self.listing, p_values)
        return p_values, flags

    def _by_own_null(self, own: Threshold, scores: Scores) -> tuple[Scores, Flags]:
        nobody: Names = np.full(len(scores), "smear")
        own.fit(scores, nobody, np.zeros(len(scores), np.int8))
        usual = Calibration.of(scores, nobody)
        self.sentences.append(own.guarantee(usual).sentence)
        return own.p_values(scores, usual), own.decide(scores)


def _firsts(rows: Sequence[Row]) -> dict[int, int]:
    """For the place of each row with a score, the place where its picture came first."""
    first: dict[str, int] = {}
    return {
        index: first.setdefault(row.picture, index) if row.picture else index
        for index, row in enumerate(rows)
        if row.cause is None
    }


@dataclass(frozen=True)
class DecisionOptions:
    """What a user asks of the decisions: a rate, a list, or a smear judged by its own cells."""

    false_positive_rate: float | None = None
    false_discovery_rate: float | None = None
    listed_by: str = "benjamini_hochberg"
    own_null: bool = False

    def together(self, has_maps: bool) -> SmearWideDecision | None:
        """What decides on all rows together; None where each is decided by itself.

        ConfigError for what does not go together, an impossible rate or an unknown rule.
        """
        if self.false_discovery_rate is not None and self.false_positive_rate is not None:
            raise ConfigError(
                f"`false_positive_rate={self.false_positive_rate:g}` and "
                f"`false_discovery_rate={self.false_discovery_rate:g}` are two ways to decide; give one of "
                "them."
            )
        if self.false_discovery_rate is None and not self.own_null:
            return None
        if has_maps:
            raise ConfigError(
                "`maps` draws each cell with its verdict before the last one is scored, and "
                "`false_discovery_rate` and `own_null` decide after it; give only one of them."
            )
        return SmearWideDecision(self._own(), self._listing())

    def at_rate(self, pipeline: Pipeline) -> Pipeline:
        """The pipeline at the rate that was asked for, where its own rule decides."""
        if self.false_positive_rate is None or self.own_null:
            return pipeline
        return pipeline.at_rate(self.false_positive_rate)

    def stated(self, pipeline: Pipeline, together: SmearWideDecision | None) -> list[str]:
        """What the decisions state, in sentences."""
        if together is not None:
            return together.sentences
        return [pipeline.threshold.guarantee(pipeline.calibration).sentence]

    def _own(self) -> Threshold | None:
        if not self.own_null:
            return None
        own: Threshold = part_class("thresholds", OWN)()
        return own if self.false_positive_rate is None else own.at_rate(self.false_positive_rate)

    def _listing(self) -> FalseDiscoveryRule | None:
        if self.false_discovery_rate is None:
            return None
        rule: type[FalseDiscoveryRule] = part_class("false_discovery", self.listed_by)
        return rule(self.false_discovery_rate)


def _of_list(listing: FalseDiscoveryRule, p_values: Scores) -> list[str]:
    """What the list states, how many cells are anomalous at least, and how short no list can be."""
    from normocyte.false_discovery.support.closed_testing import fewest_anomalies

    cells = len(p_values)
    least = fewest_anomalies(p_values, CONFIDENCE)
    said = [
        listing.guarantee(cells),
        f"On the same conditions, at least {least:,} of {cells:,} cells are anomalous, with "
        f"{percent(CONFIDENCE)} confidence.",
    ]
    smallest = float(p_values.min(initial=1.0))
    shortest = ceil(cells * smallest / listing.false_discovery_rate)
    if shortest > 1 and not listing.select(p_values).any():
        said.append(
            f"None is listed: the smallest p-value is {smallest:.2g}, and at that value a list needs "
            f"{shortest:,} cells or more; more calibration cells would allow smaller p-values."
        )
    return said
