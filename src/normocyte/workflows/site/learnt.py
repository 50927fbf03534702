"""Whether healthy images that are to set a threshold are those that the detector has learnt from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement
from pathlib import PurePosixPath

from normocyte.core.types import UNKNOWN_PATIENT, Part, Record
from normocyte.core.words import numbered
from normocyte.datasets.cohort.cohort import fingerprint_of
from normocyte.datasets.splits.split import places
from normocyte.datasets.support.patients import FILE, said_of
from normocyte.pipeline.bundle.facts import Facts

_LEARNT = "that the bundle has learnt from"
_LEARNT_NOT = "that the bundle has not learnt from"
_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 12
_NUMBER = re.compile(r"[^\W\d_]|\d{1,3}")
"""A letter, or what is as likely the number of an image as that of a patient."""
_NUMBERED = re.compile(r"[^\W\d_]*[\W_]*\d{1,3}")
"""A patient who is called by a number, as those of other sets are."""
_MOST = 0.7
"""Of ten or more patients called C1, C2 and so on without a gap, the built-in bundle knows fewer by name."""


def learnt_from(facts: Facts, records: Iterable[Record]) -> str:
    """A sentence where images are called as some that the bundle has learnt from; empty where none is.

    A bundle of unknown patients knows its images by their places, another one its patients by their names.
    Other images and patients may be called the same, so that they are not refused.
    """
    given = tuple(records)
    learnt = facts.patients(Part.TRAIN, Part.HELD_OUT)
    if not facts.are_patients_known:
        return _of_places(places(given), learnt)
    if facts.patients_by == said_of(FILE):
        return _of_places([str(PurePosixPath(place).with_suffix("")) for place in places(given)], learnt)
    return _of_patients(given, learnt, _known(facts)) or _of_all(given, facts)


def _of_places(own: Sequence[str], learnt: frozenset[str]) -> str:
    """The same of images at these places."""
    endings = {ending for place in learnt for ending in _endings(place)}
    same = [place for place in own if place in endings or not learnt.isdisjoint(_endings(place))]
    if not same:
        return ""
    are = "is called as one" if len(same) == 1 else "are called as some"
    return _same_images(f"{_which(len(same), len(own))} {are} {_LEARNT}, such as {same[0]}")


def _of_patients(given: Sequence[Record], learnt: frozenset[str], known: frozenset[str]) -> str:
    """The same of images whose patient, or whose own name where that is unknown, names one of these.

    Patients of two sets are often numbered alike, as C1 and C2. Such names count only where most images have
    those of patients of the set that the bundle was trained on.
    """
    names = [_names(record) for record in given]
    same = [name for own in names for name in sorted(own & learnt)[-1:]]
    are_numbers = all(_NUMBERED.fullmatch(name) for name in same)
    if not same or (are_numbers and sum(not own.isdisjoint(known) for own in names) < _MOST * len(given)):
        return ""
    have = "has" if len(same) == 1 else "have"
    return (
        f"{_which(len(same), len(given))} {have} the name of a patient {_LEARNT}, such as {same[0]}. If "
        "these are the same patients, the threshold may be too low, since images that were learnt score "
        f"lower than new ones: give healthy images of patients {_LEARNT_NOT}."
    )


def _known(facts: Facts) -> frozenset[str]:
    """The patients of the set that the bundle was trained on, whatever their part in the split."""
    of_another_set = {Part.CALIBRATION} if facts.calibrated_on.is_another_set else set()
    return facts.patients(*(part for part in Part if part not in of_another_set))


def _names(record: Record) -> frozenset[str]:
    """The patient; of nobody known what may be one: the folder, and whole words of the name side by side."""
    if record.patient != UNKNOWN_PATIENT:
        return frozenset({record.patient})
    file = PurePosixPath(record.source.path.as_posix(), record.source.member)
    words = list(_WORD.finditer(file.stem))[:_MOST_WORDS]
    spans = [file.stem[one.start() : other.end()] for one, other in combinations_with_replacement(words, 2)]
    return frozenset(name for name in (file.parent.name, *spans) if not _NUMBER.fullmatch(name))


def _of_all(given: Sequence[Record], facts: Facts) -> str:
    """The same where all images that the bundle was made from are given, whoever their patients are here."""
    unknown = [replace(record, patient=UNKNOWN_PATIENT) for record in given]
    if fingerprint_of(unknown) != facts.cells_fingerprint:
        return ""
    return _same_images(f"{_which(len(given), len(given))} are called as those {_LEARNT}")


def _same_images(found: str) -> str:
    return (
        f"{found}. If these are the same images, the threshold is too low, since images that were learnt "
        f"score lower than new ones: give healthy images {_LEARNT_NOT}."
    )


def _which(same: int, given: int) -> str:
    return f"{same:,} of {numbered(given, 'image')}"


def _endings(place: str) -> list[str]:
    """The place as seen from each folder on the way to it, such as `a/b.png` and `b.png`."""
    parts = place.split("/")
    return ["/".join(parts[start:]) for start in range(len(parts))]
