"""What a bundle tells of the set that it was made from."""

from collections.abc import Sequence

from normocyte.core.types import UNKNOWN_PATIENT, Part, Record
from normocyte.core.words import IMAGES
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.splits.split import Split
from normocyte.pipeline.bundle.facts import Facts, PartFacts


def facts_of(cohort: Cohort, parts: Split, unreadable: int) -> Facts:
    """The facts of a set and its split, of which so many images could not be read."""
    words = cohort.words.or_else(IMAGES)
    used = tuple(_facts_of(part, parts.part(part)) for part in Part if part is not Part.LEFT_OUT)
    return Facts(
        cohort.name,
        cohort.fingerprint,
        used,
        unreadable,
        patients_by=cohort.patients_by,
        cells_fingerprint=cohort.cells_fingerprint,
        thing=words.thing,
        anomaly=words.anomaly,
    )


def _facts_of(part: Part, records: Sequence[Record]) -> PartFacts:
    people = {record.patient for record in records} - {UNKNOWN_PATIENT}
    return PartFacts(part.value, len(records), tuple(sorted(people)))
