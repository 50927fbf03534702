"""Names photos and their folders as briefly as tells them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from normocyte.core.names.safe import parts_of
from normocyte.core.types import Source

Parts = tuple[str, ...]


def short_parts(sources: Sequence[Source]) -> dict[Source, Parts]:
    """The file name of each photo, after as many of its folders as no other of these photos shares."""
    places = {source: parts_of(source) for source in sources}
    short = shortest(places.values())
    return {source: short[place] for source, place in places.items()}


def folders_of(sources: Sequence[Source]) -> dict[Source, Parts]:
    """The folder that directly holds each photo, with as many folders above it as tell it from the others.

    A zip is a folder. What lies directly at the root of a system has a folder without a name.
    """
    folders = {source: parts_of(source)[:-1] for source in sources}
    short = shortest(folders.values())
    return {source: short[folder] for source, folder in folders.items()}


def shortest(places: Iterable[Parts]) -> dict[Parts, Parts]:
    """The shortest end of each place that no other of these places has; at most the whole place."""
    found: dict[Parts, Parts] = {}
    left, length = set(places), 1
    while left:
        shared = Counter(place[-length:] for place in left | found.keys())
        done = {place for place in left if shared[place[-length:]] == 1 or len(place) <= length}
        found |= {place: place[-length:] for place in done}
        left -= done
        length += 1
    return found
