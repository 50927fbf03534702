"""Tests of two samples whose p-value comes from exchanging whole patients."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from normocyte.core.fields import described
from normocyte.core.seeds import generator
from normocyte.drift.contract import DriftTest, Evidence, Values

_NUMBERS_A_CHUNK = 2**20
_ROUNDING = 1e-12


@dataclass
class TwoSampleTest(DriftTest):
    """Compares the cells of all stream patients with those of all reference patients, once.

    Which patients are the stream's is drawn anew `permutations` times; the p-value is the share of draws, the
    real one included, in which the two differ at least as much. It is valid however much cells of one patient
    resemble each other, if patients are exchangeable (Davison & Hinkley, Bootstrap Methods and their
    Application, 1997, section 4.3).
    """

    permutations: int = described(999, "how often the patients of the stream are resampled", at_least=1)

    @abstractmethod
    def statistics(self, differences: Values, gaps: Values) -> Values:
        """One number a row, larger = further apart, (d,).

        `differences` (d, n) are the distribution function of the stream minus that of the reference from each
        of the n sorted values on; `gaps` (n,) is how far it is to the next value.
        """

    def measure(self, reference: Values, stream: Values) -> Evidence:
        both = np.concatenate([reference, stream])
        order = np.argsort(both, axis=None, kind="stable")
        owner = order // both.shape[1]
        gaps = np.append(np.diff(both.reshape(-1)[order]), 0.0)
        weights = np.concatenate(
            [np.full(len(reference), -1 / reference.size), np.full(len(stream), 1 / stream.size)]
        )
        found = np.concatenate(
            [
                self.statistics(np.cumsum(rows[:, owner], axis=1), gaps)
                for rows in self._permuted(weights, both.size)
            ]
        )
        as_far = int(np.count_nonzero(found >= found[0] - _ROUNDING))
        return Evidence(float(found[0]), as_far / len(found))

    def guarantee(self) -> str:
        return (
            "If patients are exchangeable, a p-value below 5 % comes up in at most 5 % of streams, for one "
            "look at a stream whose length was fixed before."
        )

    def _permuted(self, weights: Values, values: int) -> Iterator[Values]:
        """The weights of the patients as they are, then in drawn orders, a few rows at a time."""
        yield weights[np.newaxis]
        draw = generator(self.seed, "patients exchanged")
        rows = max(1, _NUMBERS_A_CHUNK // values)
        for start in range(0, self.permutations, rows):
            count = min(rows, self.permutations - start)
            yield draw.permuted(np.tile(weights, (count, 1)), axis=1)
