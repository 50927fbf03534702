"""Grades a photo by all checks together, with every cause."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from normocyte.core.registry import part_class, part_names
from normocyte.photo_checks.contract import Check, Limits, Measure, Photo
from normocyte.photo_checks.grading.causes import by_cause, headline
from normocyte.photo_checks.grading.parts import magnification, parts_of, together
from normocyte.results.verdict import Cause, CauseCode, Grade


@dataclass(frozen=True, slots=True)
class Finding:
    """The grade of a photo, a cause for every measure that is not good, and all measures.

    The causes of an unusable photo are first those that make it so, causes before what follows from them;
    above several stands that it does not look like a field of blood, unless one explains the others.
    """

    grade: Grade
    causes: tuple[Cause, ...]
    measures: tuple[Measure, ...]


def every_check() -> tuple[Check, ...]:
    """One of each photo check, with its own limits."""
    return tuple(part_class("photo_checks", name)() for name in part_names("photo_checks"))


@dataclass(frozen=True)
class FieldGate:
    """Says whether a photo may be assessed: it is as good as its worst measure."""

    checks: Sequence[Check] = field(default_factory=every_check)

    def assess(self, photo: Photo) -> Finding:
        """The grade of a photo of any size from 1 x 1 pixel on; without checks every photo is good.

        Where a dark border surrounds a lit disc, as of an eyepiece, all is measured inside of the disc.
        Where more things were found than a field has, as in stitched photos, the measures are the medians of
        parts of about a field each; parts that would be unusable alone make the photo usable with a reason.
        """
        parts = parts_of(photo.in_light())
        found = [[measure for check in self.checks for measure in check.measures(part)] for part in parts]
        if len(parts) == 1:
            return finding_of(found[0])
        return _of_parts(finding_of([*together(found), magnification(parts)]), [*map(finding_of, found)])


def _of_parts(whole: Finding, parts: Sequence[Finding]) -> Finding:
    """The finding on a photo that was measured in parts, with what is said of parts that are unusable."""
    bad = [part for part in parts if part.grade is Grade.UNUSABLE]
    if not bad or whole.grade is Grade.UNUSABLE:
        return whole
    cause = Cause(CauseCode.PARTS_UNUSABLE, value=len(bad), of=len(parts), inner=bad[0].causes[0])
    return Finding(Grade.USABLE, (*whole.causes, cause), whole.measures)


def finding_of(measures: Sequence[Measure]) -> Finding:
    """What these measures of a photo say together."""
    graded = [(grade_of(measure), measure) for measure in measures]
    bad = by_cause([measure for grade, measure in graded if grade is Grade.UNUSABLE])
    odd = [measure for grade, measure in graded if grade is Grade.USABLE]
    grade = Grade.UNUSABLE if bad else Grade.USABLE if odd else Grade.GOOD
    first = headline(bad, len(measures))
    causes = [*([first] if first else []), *map(cause_of, [*bad, *odd])]
    return Finding(grade, tuple(causes), tuple(measures))


def grade_of(measure: Measure) -> Grade:
    """The grade of one measure."""
    if not _is_within(measure.value, measure.usable):
        return Grade.UNUSABLE
    return Grade.GOOD if _is_within(measure.value, measure.good) else Grade.USABLE


def cause_of(measure: Measure) -> Cause:
    """What a measure that is not good says of the photo, with its value and the range."""
    is_usable = grade_of(measure) is Grade.USABLE
    code = CauseCode.OUTSIDE_GOOD if is_usable else CauseCode.OUTSIDE_USABLE
    limits = measure.good if is_usable else measure.usable
    words = measure.too_low if measure.value < limits[0] else measure.too_high
    return Cause(code, measure.name, measure.value, limits, detail=words)


def _is_within(value: float, limits: Limits) -> bool:
    return limits[0] <= value <= limits[1]
