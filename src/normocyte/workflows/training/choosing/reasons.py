"""Why each choice was made, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from normocyte.core.percent import percent
from normocyte.core.registry import part_name
from normocyte.core.types import UNKNOWN_PATIENT
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.pipeline.recipe.recipe import Recipe
from normocyte.preprocessing.resize import Resize
from normocyte.results.new import Choice, Tried
from normocyte.thresholds.contract import RATE
from normocyte.workflows.training.choosing.candidates import Backbone
from normocyte.workflows.training.choosing.survey import Survey

CELLS_RECIPE = "default"


@dataclass(frozen=True)
class Picked:
    """The candidate that was taken, and how all fared; nothing where they were not tried."""

    name: str
    tried: tuple[Tried, ...] = ()


def reasons_for_cells(
    survey: Survey, cohort: Cohort, recipe: Recipe, backbone: Backbone
) -> tuple[Choice, ...]:
    """The choices for crops of stained red cells."""
    return (
        _images(survey),
        Choice(
            "what they show",
            "stained red cells",
            "most images show one round, evenly pink body before a near-black or plain surround",
        ),
        _patients(cohort),
        Choice(
            "recipe",
            CELLS_RECIPE if len(recipe.members) == 1 else f"{CELLS_RECIPE}, and the whole image beside it",
            f"{CELLS_RECIPE} was made for stained red cells and looks for dark spots; the whole image, where "
            "there are enough cells, shows one of unusual shape, and decides only where it is 8 times rarer",
        ),
        _backbone(backbone),
        _size(recipe, survey),
        Choice(
            "gray or colour",
            "colour",
            "stained parasites differ from the cell in colour more than in brightness",
        ),
        Choice("mask", "the cell", "what lies around the cell says nothing about it"),
        Choice(
            "threshold",
            f"{part_name(recipe.threshold)} at {percent(getattr(recipe.threshold, RATE))}",
            "that of default; where patients are unknown or too few for it, quantile takes its place, which "
            "holds on average only",
        ),
    )


def reasons_for(
    survey: Survey, cohort: Cohort, recipe: Recipe, backbone: Backbone, picked: Picked
) -> tuple[Choice, ...]:
    """The choices for images of anything else."""
    return (
        _images(survey),
        _patients(cohort),
        _size(recipe, survey),
        _colours(survey),
        _mask(survey),
        _backbone(backbone),
        Choice("members and score", picked.name, _why(picked.tried) + _weighed(recipe)),
        _checks(recipe),
        _threshold(recipe),
    )


def _checks(recipe: Recipe) -> Choice:
    names = ", ".join(part_name(check).replace("_", " ") for check in recipe.cell_checks)
    return Choice(
        "checks of quality",
        names,
        "an image far outside the healthy ones in one of these is refused; what an anomaly may change, such "
        "as texture, is left to the detector",
    )


def _backbone(backbone: Backbone) -> Choice:
    if backbone.missing:
        return Choice(
            "features",
            backbone.name,
            "gradients and levels of small regions, which need no network. A network describes more. "
            f"{backbone.missing}",
        )
    return Choice(
        "features", backbone.name, "a network that has seen many photos describes more than gradients"
    )


def _images(survey: Survey) -> Choice:
    sizes = survey.sizes
    shown = " x ".join(map(str, sizes[0]))
    said = f"all of {shown} px" if len(sizes) == 1 else f"of {len(sizes)} sizes, most often {shown} px"
    formats = ", ".join(f"{count:,} {ending}" for ending, count in survey.endings)
    depth = "8 bits a channel"
    if not all(one.is_plain for one in survey.looked):
        depth = "some with more than 8 bits a channel, or transparent, which are read as 8 bits"
    return Choice(
        "images", f"{survey.healthy:,} healthy, {survey.anomalous:,} anomalous", f"{formats}; {said}; {depth}"
    )


def _patients(cohort: Cohort) -> Choice:
    if not cohort.are_patients_known:
        return Choice(
            "patients",
            "unknown",
            "it is not known whose the images are, so that each counts for itself",
        )
    count = len({record.patient for record in cohort.records} - {UNKNOWN_PATIENT})
    return Choice(
        "patients",
        f"{count:,}",
        f"{cohort.patients_by or 'named by the data'}; all images of one stand in one part",
    )


def _size(recipe: Recipe, survey: Survey) -> Choice:
    size = next((step.size for step in recipe.members[0].steps if isinstance(step, Resize)), survey.side)
    given = f"the shorter side of a typical image has {survey.side} px"
    if size < survey.side:
        given += "; images are made smaller, so that learning is quick and fits the memory"
    return Choice("size", f"{size} x {size} px", given)


def _colours(survey: Survey) -> Choice:
    if survey.is_gray:
        return Choice("gray or colour", "gray", "the images have no colours")
    if survey.mixed_colours:
        return Choice(
            "gray or colour", "gray", "some images are gray and some are not, and that is no anomaly"
        )
    return Choice("gray or colour", "colour", "the images have colours")


def _mask(survey: Survey) -> Choice:
    if survey.has_dark_surround:
        return Choice(
            "mask",
            "none",
            f"{percent(1 - survey.foreground)} of a typical image is a nearly black surround, which is kept, "
            "because the outline of what is shown may be what differs",
        )
    return Choice("mask", "none", "the images are filled, so that all of each image counts")


def _why(tried: Sequence[Tried]) -> str:
    if not tried:
        return "there are too few images to try candidates, and this one learns from the fewest"
    own = next(one for one in tried if one.is_chosen)
    best = max((one for one in tried if not one.is_chosen), key=lambda one: one.mean)
    reached = (
        f"on synthetic anomalies of held-out healthy images, without any label, it reaches a mean AUROC of "
        f"{own.mean:.3f}, and the best other ({best.name}) {best.mean:.3f}"
    )
    if own.mean >= best.mean:
        return reached
    return (
        f"{reached}, which is not clearly better; synthetic anomalies are a weak guide, so that the usual "
        "ensemble is kept"
    )


def _weighed(recipe: Recipe) -> str:
    weights = recipe.fusion.weights
    if not weights:
        return ""
    shares = f"{', '.join(f'{weight:g}' for weight in weights[:-1])} and {weights[-1]:g}"
    return f". In their sum the members count {shares}: on many kinds of images the whole image ranked best"


def _threshold(recipe: Recipe) -> Choice:
    share = getattr(recipe.threshold, RATE)
    rate = percent(share)
    return Choice(
        "threshold",
        f"{part_name(recipe.threshold)} at {rate}",
        f"on average {rate} of new healthy images are flagged, which {round(1 / share) - 1} calibration "
        "images or more can promise; at a lower rate the few most unusual healthy images alone would set "
        "the threshold, and more anomalies would be missed",
    )
