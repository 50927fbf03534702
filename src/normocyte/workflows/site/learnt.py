"""Whether healthy images that are to set a threshold are those that the detector has learnt from."""

from collections.abc import Iterable

from normocyte.core.types import Part, Record
from normocyte.core.words import numbered
from normocyte.datasets.splits.split import places
from normocyte.pipeline.bundle.facts import Facts


def learnt_from(facts: Facts, records: Iterable[Record]) -> str:
    """A sentence where images are called as some that the bundle has learnt from; empty where none is.

    Only of a bundle whose images are of unknown patients, which knows them by their places. Files of other
    images may have the same names, so that they are not refused.
    """
    if facts.are_patients_known:
        return ""
    learnt = facts.patients(Part.TRAIN, Part.HELD_OUT)
    endings = {ending for place in learnt for ending in _endings(place)}
    own = places(tuple(records))
    same = [place for place in own if place in endings or not learnt.isdisjoint(_endings(place))]
    if not same:
        return ""
    which = f"{len(same):,} of {numbered(len(own), 'image')}"
    are = "is called as one" if len(same) == 1 else "are called as some"
    return (
        f"{which} {are} that the bundle has learnt from, such as {same[0]}. If these are the same "
        "images, the threshold is too low, since images that were learnt score lower than new ones: give "
        "healthy images that the bundle has not learnt from."
    )


def _endings(place: str) -> list[str]:
    """The place as seen from each folder on the way to it, such as `a/b.png` and `b.png`."""
    parts = place.split("/")
    return ["/".join(parts[start:]) for start in range(len(parts))]
