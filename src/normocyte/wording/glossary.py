"""The glossary: each term is defined once, for the reports, `normocyte list terms` and the reference."""

from collections.abc import Sequence
from dataclasses import dataclass

from normocyte.core.messages import to_translate
from normocyte.wording.articles import a
from normocyte.wording.language import gettext


@dataclass(frozen=True)
class Term:
    """A term and what it means, in one or two sentences."""

    name: str
    meaning: str


_MEANINGS = {
    to_translate("anomaly score"): to_translate(
        "One number for each {thing}: how badly it fits what was learnt from healthy {things}. Higher is "
        "more unusual."
    ),
    to_translate("threshold"): to_translate(
        "{A_thing} whose score is above the threshold is flagged, which means: a person should look at it."
    ),
    to_translate("calibration"): to_translate(
        "Healthy {things} that the detector was not trained on are scored. Their scores set the threshold "
        "and the p-values."
    ),
    "p-value (conformal)": (
        "The share of calibration {things} that score at least as high as this {thing}, which counts as one "
        "of them: (1 + how many) / (1 + all). A small one is unusual for a healthy {thing}."
    ),
    to_translate("p-value of a smear"): to_translate(
        "How often a healthy smear of this size would have so many flagged cells or more, given how much "
        "patients differ."
    ),
    to_translate("sensitivity (recall)"): to_translate("The share of {anomaly} {things} that is flagged."),
    "specificity": (
        "The share of healthy {things} that is not flagged. At 99 % specificity, 1 healthy {thing} in 100 is "
        "flagged."
    ),
    "AUROC": (
        "How often {an_anomaly} {thing} taken at random scores above a healthy one. Guessing gives 0.5, a "
        "perfect score 1."
    ),
    "precision": (
        "The share of flagged {things} that are {anomaly}. It falls when {anomaly} {things} are rarer, and "
        "so do F1 and average precision."
    ),
    "F1": "The harmonic mean of precision and sensitivity at one threshold.",
    "average precision": (
        "The mean precision over all sensitivities. At 1 %: weighted as if 1 {thing} in 100 were {anomaly}."
    ),
    "shortcut baseline": (
        "A score of one property in which no disease is meant to show, such as the file size. Where it comes "
        "close to the detector, the result may show the camera."
    ),
    "95 % interval": ("Where the value would be, 95 times in 100, with other {groups} like these."),
    to_translate("parasitaemia"): to_translate("The share of red blood cells that is infected."),
    "map": "How unusual each pixel of {a_thing} is; the score is made from it.",
    to_translate("cell checks"): to_translate(
        "Limits for brightness, colour, shape and sharpness, set from healthy {things}. An image outside of "
        "them is not assessable: it gets no verdict."
    ),
    "bundle": (
        "The folder with everything that scoring needs: the trained detector, the threshold, the calibration "
        "and a card that describes them."
    ),
    "configuration (recipe)": (
        "A TOML file that names the parts of a detector and their fields. Training makes a bundle from it."
    ),
}
"""Those that a smear speaks of are marked for the catalogue."""
TERMS = tuple(_MEANINGS)
_BY_PATIENT = " Whole patients are resampled, because {things} of one patient resemble each other."


def terms(
    names: Sequence[str] = TERMS,
    thing: str = "cell",
    anomaly: str = "infected",
    *,
    are_patients_known: bool = True,
) -> tuple[Term, ...]:
    """The terms of these names, about such things: `thing` is one image, `anomaly` says what is unusual.

    Unless `are_patients_known`, intervals are over images, each for itself.
    """
    words = _words(thing, anomaly)
    words["groups"] = "patients" if are_patients_known else words["things"]
    meanings = dict(_MEANINGS)
    if are_patients_known:
        meanings["95 % interval"] += _BY_PATIENT
    return tuple(Term(gettext(name), gettext(meanings[name]).format(**words)) for name in names)


def _words(thing: str, anomaly: str) -> dict[str, str]:
    """What stands in the meanings; of infected cells in the language of the reader."""
    if (thing, anomaly) == ("cell", "infected"):
        return {
            "thing": gettext("cell"),
            "things": gettext("cells"),
            "anomaly": gettext("infected"),
            "a_thing": gettext("a cell"),
            "A_thing": gettext("A cell"),
            "an_anomaly": gettext("an infected"),
        }
    return {
        "thing": thing,
        "things": f"{thing}s",
        "anomaly": anomaly,
        "a_thing": f"{a(thing)} {thing}",
        "A_thing": f"{a(thing).capitalize()} {thing}",
        "an_anomaly": f"{a(anomaly)} {anomaly}",
    }
