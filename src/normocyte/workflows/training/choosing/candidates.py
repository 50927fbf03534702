"""The detectors that are tried on images of anything."""

from __future__ import annotations

from dataclasses import dataclass

from normocyte.core.errors import MissingExtraError
from normocyte.detectors.contract import Detector
from normocyte.detectors.feature_gaussian import FeatureGaussian
from normocyte.detectors.feature_neighbours import FeatureNeighbours
from normocyte.detectors.patch_memory import PatchMemory
from normocyte.pipeline.member import Member, Steps
from normocyte.preprocessing.grayscale import Grayscale
from normocyte.preprocessing.resize import Resize
from normocyte.scores.mean import Mean
from normocyte.scores.top_fraction import TopFraction
from normocyte.workflows.training.choosing.survey import Survey

BACKBONE, WITHOUT = "efficientnet_lite0", "local_descriptors"
MOST_PX = 224
_LEAST_PX = 32
_CELL_PX = 64
_ALL_LAYERS = ("stride_8", "stride_16", "stride_32")
_PATCHES = 2000
_WIDE, _NARROW = 0.2, 0.05
_COARSE, _FINE = 4, 16
_WHOLE_TWICE = (0.5, 1.0, 0.5)
"""The second member is the whole image: docs/design/0049-the-whole-image-counts-twice.md."""


@dataclass(frozen=True)
class Candidate:
    """A member or an ensemble by its name; one `is_usual`: taken unless another is clearly better.

    `weights`: how much each member counts in the sum; empty where all count alike.
    """

    name: str
    members: tuple[Member, ...]
    is_usual: bool = False
    weights: tuple[float, ...] = ()


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


def whole_cell(backbone: str) -> Member:
    """The whole image of a cell: its shape, and its texture."""
    steps: Steps = (Resize(_CELL_PX, masked=False),)
    if backbone == BACKBONE:
        return _mean(steps, FeatureGaussian(BACKBONE, layers=_ALL_LAYERS))
    return _mean(steps, FeatureGaussian(WITHOUT, areas=_COARSE))


def candidates_for(survey: Survey, backbone: str) -> tuple[Candidate, ...]:
    """Single members, and ensembles of content, layout and texture."""
    is_gray = survey.is_gray or survey.mixed_colours
    resize = Resize(side_for(survey), masked=False)
    steps: Steps = (Grayscale(), resize) if is_gray else (resize,)
    return _with_network(steps) if backbone == BACKBONE else _without_network(steps)


def _with_network(steps: Steps) -> tuple[Candidate, ...]:
    whole = _mean(steps, FeatureGaussian(BACKBONE, layers=_ALL_LAYERS, mirrored=True))
    memory = PatchMemory(backbone=BACKBONE, layers=("stride_16", "stride_32"), patches=_PATCHES)
    patches, throughout = _worst(steps, memory, _WIDE), _mean(steps, memory)
    layout, small = _local(steps)
    return (
        Candidate("whole image", (whole,)),
        Candidate("layout", (layout,)),
        Candidate("patches, worst 20 %", (patches,)),
        Candidate("patches, mean", (throughout,)),
        Candidate("small patches, worst 5 %", (small,)),
        Candidate("whole image + layout", (whole, layout)),
        Candidate(
            "patches + whole image + layout", (patches, whole, layout), is_usual=True, weights=_WHOLE_TWICE
        ),
        Candidate("patches + whole image + layout + small patches", (patches, whole, layout, small)),
    )


def _without_network(steps: Steps) -> tuple[Candidate, ...]:
    layout, small = _local(steps)
    throughout = Member(steps, small.detector, Mean(masked=False))
    nearest = _mean(steps, FeatureNeighbours(WITHOUT, areas=_COARSE))
    return (
        Candidate("small patches, worst 5 %", (small,)),
        Candidate("layout", (layout,)),
        Candidate("nearest image", (nearest,)),
        Candidate("small patches, mean", (throughout,)),
        Candidate("layout + nearest image", (layout, nearest)),
        Candidate("small patches + layout + nearest image", (small, layout, nearest), is_usual=True),
    )


def _local(steps: Steps) -> tuple[Member, Member]:
    """What needs no network: the layout of the image, and its most unusual small patches."""
    layout = _mean(steps, FeatureGaussian(WITHOUT, areas=_FINE, mirrored=True))
    return layout, _worst(steps, PatchMemory(backbone=WITHOUT, patches=_PATCHES), _NARROW)


def _mean(steps: Steps, detector: Detector) -> Member:
    return Member(steps, detector, Mean(masked=False))


def _worst(steps: Steps, detector: Detector, share: float) -> Member:
    return Member(steps, detector, TopFraction(share, masked=False))
