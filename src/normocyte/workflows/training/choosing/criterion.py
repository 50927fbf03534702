"""Chooses among candidates without a label: how well each ranks synthetic anomalies of held-out images."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from normocyte.core.errors import ImageError
from normocyte.core.progress import Progress
from normocyte.core.types import Batch, Image8, Labels, Maps, Record, Sample, Scores, Table
from normocyte.datasets.drawing.anomalies import KINDS, anomalous
from normocyte.engine.pool import read_all
from normocyte.metrics.auroc import Auroc
from normocyte.pipeline.fusion import Fusion
from normocyte.pipeline.member import Member, Steps, begun, prepare_all
from normocyte.pipeline.pipeline import stack
from normocyte.preprocessing.resize import Resize
from normocyte.workflows.training.choosing.candidates import MOST_PX, Candidate

TITLE = "Trying candidates"
MOST_JUDGED = 40
"""So many healthy images are judged, each of them also with a synthetic anomaly of every kind."""
CLEARLY = 0.1
"""So much higher must a mean AUROC be: synthetic anomalies are a weak guide to real ones."""


@dataclass(frozen=True)
class Judged:
    """What each candidate reached, (candidates, kinds), and which one is taken."""

    aurocs: Table
    chosen: int


def judge(
    candidates: Sequence[Candidate], held_out: Sequence[Record], seed: int, progress: Progress
) -> Judged:
    """Score held-out healthy images and the same with anomalies by every candidate that has learnt.

    An ensemble is fused on the healthy ones; `taken` says which one is taken.
    """
    images = [_shrunk(image) for image in read_all([one.source for one in _evenly(held_out)])[0]]
    members = members_of(candidates)
    progress.begin(TITLE, (1 + len(KINDS)) * len(images))
    columns = [member_scores(members, images, progress)]
    for kind in KINDS:
        columns.append(member_scores(members, list(_with(kind, images, seed)), progress))
    return judged(candidates, members, columns)


def judged(candidates: Sequence[Candidate], members: Sequence[Member], columns: Sequence[Table]) -> Judged:
    """The same from the scores (images, members) of healthy images, then of each kind of anomaly."""
    healthy, *kinds = columns
    rows = []
    for candidate in candidates:
        own = [_index(members, member) for member in candidate.members]
        fuse = fused_by(healthy[:, own], candidate.weights)
        rows.append([_auroc(fuse(healthy[:, own]), fuse(kind[:, own])) for kind in kinds])
    aurocs = np.array(rows)
    return Judged(aurocs, taken(candidates, aurocs))


def taken(candidates: Sequence[Candidate], aurocs: Table) -> int:
    """The usual ensemble, or the candidate of the highest mean AUROC where that is higher by 0.1 or more."""
    means = aurocs.mean(axis=1)
    usual = next(row for row, one in enumerate(candidates) if one.is_usual)
    best = int(means.argmax())
    return best if means[best] >= means[usual] + CLEARLY else usual


def fused_by(healthy: Table, weights: tuple[float, ...] = ()) -> Callable[[Table], Scores]:
    """What makes one number of the scores of some members, by theirs of healthy images, (n, members)."""
    if healthy.shape[1] == 1:
        return lambda scores: scores[:, 0]
    fusion = Fusion(weights=weights)
    fusion.fit(healthy)
    return fusion.fuse


def _evenly(records: Sequence[Record]) -> list[Record]:
    rows = np.unique(np.linspace(0, len(records) - 1, MOST_JUDGED).round().astype(int))
    return [records[row] for row in rows]


def _with(kind: str, images: Sequence[Image8], seed: int) -> Iterator[Image8]:
    """Each image with an anomaly of this kind; what is pasted comes from the next one."""
    for place, image in enumerate(images):
        yield anomalous(kind, image, images[(place + 1) % len(images)], seed + place)


def member_scores(members: Sequence[Member], images: Sequence[Image8], progress: Progress) -> Table:
    """The score of each image by each member, (images, members)."""
    views: list[tuple[Steps, Batch]] = []
    table = np.empty((len(images), len(members)))
    maps: list[tuple[Member, Maps]] = []
    for column, member in enumerate(members):
        batch = _view(member.steps, images, views)
        found = next((one for known, one in maps if known.sees_as(member)), None)
        if found is None:
            found = member.maps(batch)
            maps.append((member, found))
        table[:, column] = member.score.reduce(found, batch.masks)
    progress.advance(len(images))
    return table


def _view(steps: Steps, images: Sequence[Image8], views: list[tuple[Steps, Batch]]) -> Batch:
    known = next((batch for own, batch in views if own == steps), None)
    if known is None:
        known = stack([_sample(one) for one in prepare_all((steps,), images)])
        views.append((steps, known))
    return known


def _sample(prepared: tuple[Sample, ...] | ImageError) -> Sample:
    if isinstance(prepared, ImageError):
        raise prepared
    return prepared[0]


def members_of(candidates: Sequence[Candidate]) -> list[Member]:
    """Every member of the candidates once."""
    known: list[Member] = []
    for member in (member for one in candidates for member in one.members):
        if not any(one is member for one in known):
            known.append(member)
    return known


def _shrunk(image: Image8) -> Image8:
    """An image as large as detectors look at it: to draw in it takes less time."""
    if min(image.shape[:2]) <= MOST_PX:
        return image
    pixels = Resize(MOST_PX, masked=False).apply(begun(image)).pixels
    return np.asarray(np.clip(np.rint(pixels), 0, 255), np.uint8)


def _index(members: Sequence[Member], member: Member) -> int:
    return next(place for place, one in enumerate(members) if one is member)


def _auroc(healthy: Scores, anomalies: Scores) -> float:
    scores = np.concatenate([healthy, anomalies])
    labels: Labels = np.repeat(np.array([0, 1], np.int8), [len(healthy), len(anomalies)])
    return float(Auroc().points(scores, labels, np.ones((1, len(scores))))[0])
