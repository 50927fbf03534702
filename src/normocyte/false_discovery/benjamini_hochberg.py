"""The false-discovery rule for p-values that do not depend on each other, or only positively."""

from dataclasses import dataclass

from normocyte.core.types import Scores
from normocyte.false_discovery.contract import FalseDiscoveryRule
from normocyte.false_discovery.support.p_values import step_up


@dataclass
class BenjaminiHochberg(FalseDiscoveryRule):
    """The k smallest of m p-values, k the largest number for which p_k <= k * rate / m.

    (Benjamini & Hochberg, J. R. Stat. Soc. B 57, 1995.) It holds for independent p-values and for those that
    depend positively on each other (PRDS: Benjamini & Yekutieli, Ann. Stat. 29, 2001). Conformal p-values
    from one calibration set do (Bates, Candès, Lei, Romano & Sesia, Ann. Stat. 51, 2023).
    """

    def adjust(self, rising: Scores) -> Scores:
        return step_up(rising)

    def assumption(self) -> str:
        return (
            "the healthy ones are like the calibration cells, so that the p-values depend on each other at "
            "most positively; that cells of one patient resemble each other is not accounted for"
        )
