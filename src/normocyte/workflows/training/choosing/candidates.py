"""The detectors that are tried on images of anything."""

from __future__ import annotations

from dataclasses import dataclass

from normocyte.core.errors import MissingExtraError
from normocyte.detectors.feature_gaussian import FeatureGaussian
from normocyte.detectors.patch_gaussian import PatchGaussian
from normocyte.detectors.patch_memory import PatchMemory
from normocyte.pipeline.member import Member, Steps
from normocyte.preprocessing.resize import Resize
from normocyte.scores.mean import Mean
from normocyte.scores.top_fraction import TopFraction
from normocyte.workflows.training.choosing.survey import Survey

BACKBONE, WITHOUT = "efficientnet_lite0", "local_descriptors"
MOST_PX = 224
_LEAST_PX = 32
_WORST = 0.05
_PATCHES = 2000
_AREAS = 8


@dataclass(frozen=True)
class Candidate:
    """A member or an ensemble by its name; one `is_usual`: taken unless another is clearly better."""

    name: str
    members: tuple[Member, ...]
    is_usual: bool = False


@dataclass(frozen=True)
class Backbone:
    """What describes images: its name, and why it is no better one, with the install line."""

    name: str
    missing: str = ""


def backbone_here() -> Backbone:
    """The network where its package is installed, else the descriptors that need none."""
    try:
        FeatureGaussian(backbone=BACKBONE).check_can_learn()
    except MissingExtraError as missing:
        return Backbone(WITHOUT, str(missing))
    return Backbone(BACKBONE)


def side_for(survey: Survey) -> int:
    """The side that images are resized to: their own, at most 224 pixels."""
    return max(_LEAST_PX, min(survey.side, MOST_PX))


def candidates_for(survey: Survey, backbone: str) -> tuple[Candidate, ...]:
    """Single members, and ensembles of content, texture and, where images are laid out alike, of layout."""
    steps: Steps = (Resize(side_for(survey), masked=False),)
    memory = PatchMemory(backbone=backbone, patches=_PATCHES)
    whole = Member(steps, FeatureGaussian(backbone=backbone), Mean(masked=False))
    texture = Member(steps, memory, Mean(masked=False))
    worst = Member(steps, memory, TopFraction(_WORST, masked=False))
    placed = Member(steps, PatchGaussian(backbone=backbone), TopFraction(_WORST, masked=False))
    layout = Member(steps, FeatureGaussian(backbone=WITHOUT, areas=_AREAS), Mean(masked=False))
    single = [
        Candidate("whole image", (whole,)),
        Candidate("patches, mean", (texture,)),
        Candidate("patches, worst 5 %", (worst,)),
    ]
    both: tuple[Member, ...] = (whole, texture)
    if survey.is_laid_out_alike:
        single += [Candidate("patches at their places", (placed,)), Candidate("layout", (layout,))]
        both = (whole, texture, layout)
    names = "whole image + patches" + (" + layout" if survey.is_laid_out_alike else "")
    return (
        *single,
        Candidate(names, both, is_usual=True),
        Candidate(f"{names}, worst 5 %, too", (*both, worst)),
    )
