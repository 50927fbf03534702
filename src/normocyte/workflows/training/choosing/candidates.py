"""The detectors that are tried on images of anything."""

from __future__ import annotations

from dataclasses import dataclass

from normocyte.detectors.patch_gaussian import PatchGaussian
from normocyte.detectors.patch_memory import PatchMemory
from normocyte.detectors.pca import Pca
from normocyte.pipeline.member import Member, Steps
from normocyte.preprocessing.grayscale import Grayscale
from normocyte.preprocessing.normalise import Normalise
from normocyte.preprocessing.resize import Resize
from normocyte.scores.mean_absolute import MeanAbsolute
from normocyte.scores.top_fraction import TopFraction
from normocyte.workflows.training.choosing.survey import Survey

_TOP = 0.05
_SIDE = 64


@dataclass(frozen=True)
class Candidate:
    """A member or an ensemble, by what it is called in words."""

    name: str
    members: tuple[Member, ...]


def candidates_for(survey: Survey, learnt_from: int) -> tuple[Candidate, ...]:
    """The single members that can learn from so many images of such a kind, and the ensemble of them all."""
    steps: Steps = (Grayscale(), Resize(_SIDE, masked=False), Normalise("standard"))
    del survey
    memory = PatchMemory(distance="full")
    single = [
        Candidate("unlike patches, worst 5 %", (Member(steps, memory, TopFraction(_TOP)),)),
        Candidate("unlike patches, mean", (Member(steps, memory, MeanAbsolute()),)),
        Candidate(
            "rare patches, worst 5 %", (Member(steps, PatchGaussian(distance="full"), TopFraction(_TOP)),)
        ),
    ]
    if learnt_from > 2 * Pca.components:
        single.append(Candidate("linear autoencoder", (Member(steps, Pca(), MeanAbsolute()),)))
    everything = tuple(member for one in single for member in one.members)
    return (*single, Candidate("ensemble of these", everything))
