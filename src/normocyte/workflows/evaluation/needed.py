"""What an evaluation needs: cells of both kinds that give a score."""

from collections.abc import Sequence

from normocyte.core.errors import DatasetError
from normocyte.core.types import ANOMALY, Record
from normocyte.core.words import Words, numbered
from normocyte.workflows.evaluation.examine import Examined


class NoAnomalyJudgedError(DatasetError):
    """There are anomalous test cells, but none of them gives a score; `why` says how many, and why not."""

    def __init__(self, message: str, why: str) -> None:
        super().__init__(message)
        self.why = why


def need_both(test: Sequence[Record], faults: Sequence[str], note: str = "") -> None:
    """DatasetError when these cells are not of both kinds.

    `faults` say why others are not among them, and `note` how these were chosen.
    """
    infected = sum(record.label == ANOMALY for record in test)
    if infected in (0, len(test)):
        raise DatasetError(
            f"Testing needs healthy and anomalous cells, but {infected} of the {len(test)} test cells are "
            "anomalous. Give labelled cells of both kinds."
            + (
                f" {len(faults)} others cannot be judged, the first: {faults[0].rstrip('.')}."
                if faults
                else ""
            )
            + (f" {note}" if note else "")
        )


def need_judged(test: Examined, words: Words) -> None:
    """DatasetError when the cells with a score are not of both kinds."""
    try:
        need_both(test.records, test.faults)
    except DatasetError as error:
        if not test.unjudged_anomalies or ANOMALY in test.labels:
            raise
        those = numbered(len(test.unjudged_anomalies), f"{words.anomaly} test {words.thing}")
        why = (
            f"None of the {those} can be judged, so that it is not known how many the detector finds. The "
            f"first of them: {test.unjudged_anomalies[0]}."
        )
        raise NoAnomalyJudgedError(str(error), why) from None
