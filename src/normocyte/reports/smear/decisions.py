"""What each decision on a smear is called, what it means, and what to do next."""

import math
from dataclasses import dataclass

from normocyte.core.messages import to_translate
from normocyte.reports.drawing.formatting import plain
from normocyte.reports.smear.numbers import percent, rounded
from normocyte.results.smear import REVIEW, Answer, Smear
from normocyte.results.verdict import MIN_CELLS, Decision
from normocyte.wording.language import gettext, ngettext, translated


@dataclass(frozen=True, slots=True)
class DecisionText:
    """A decision as a reader meets it: the shape of its sign, its title, and what it means."""

    sign: str
    title: str
    meaning: str


SIGNS = {
    Decision.PARASITES_SEEN: "triangle",
    Decision.LOOK_AT_CELLS: "diamond",
    Decision.UNUSABLE_PHOTOS: "square",
    Decision.NOT_ENOUGH_CELLS: "dashes",
    Decision.NONE_SEEN: "tick",
    Decision.NOTHING_SUSPICIOUS: "circle",
}
"""Each decision has a shape of its own, so that it needs no colour."""


DECISIONS = {
    Decision.PARASITES_SEEN: to_translate("parasites seen"),
    Decision.LOOK_AT_CELLS: to_translate("cells to look at"),
    Decision.UNUSABLE_PHOTOS: to_translate("unusable photos"),
    Decision.NOT_ENOUGH_CELLS: to_translate("not enough cells"),
    Decision.NONE_SEEN: to_translate("none seen"),
    Decision.NOTHING_SUSPICIOUS: to_translate("nothing suspicious"),
}
"""What each decision is called in a table."""


_TITLES = {
    Decision.UNUSABLE_PHOTOS: to_translate("Unusable photos"),
    Decision.NOT_ENOUGH_CELLS: to_translate("Not enough cells"),
}


def text_for(smear: Smear) -> DecisionText:
    """The decision as a title, its sign, and its meaning in plain words."""
    return DecisionText(SIGNS[smear.answer.decision], _title(smear), _meaning(smear))


def left(smear: Smear) -> int:
    """How many flagged cells nobody has looked at."""
    return smear.flagged - smear.answer.looked_at


def no_share(smear: Smear) -> str:
    """Why no share is stated, in a sentence."""
    answer = smear.answer
    if not smear.cells:
        return gettext("It is not known: no red cell counts.")
    if answer.bound_sentence:
        return translated(answer.bound_sentence)
    if smear.cells < MIN_CELLS:
        return ngettext(
            "No share is stated: {n} red cell counted, and fewer than {least} are too few.",
            "No share is stated: {n} red cells counted, and fewer than {least} are too few.",
            smear.cells,
            least=MIN_CELLS,
        )
    return gettext(
        "No share is stated yet: the count alone does not distinguish this smear from a healthy one. Look at "
        "the flagged cells; then the report states the share in which you saw parasites."
    )


def by_count(smear: Smear) -> str:
    """What the number of flagged cells says; nothing where a person saw parasites, who knows better."""
    return "" if smear.answer.is_reviewed else translated(smear.answer.reason)


def counting(smear: Smear) -> str:
    """What the count alone can show; nothing where it does not matter.

    That is where no cell counts, a person saw parasites, or the bound excludes what must not be missed.
    """
    answer = smear.answer
    is_excluded = answer.bound <= answer.limit  # False for NaN
    if not smear.cells or not math.isfinite(answer.least_shown) or answer.is_reviewed or is_excluded:
        return ""
    return f"{_shown_by_count(smear)} {_looking(answer)}"


def _shown_by_count(smear: Smear) -> str:
    """Whether the count shows what must not be missed, and from how many cells on."""
    answer, limit = smear.answer, percent(smear.answer.limit)
    if answer.cells_needed > smear.cells:
        needed = rounded(answer.cells_needed)
        return gettext(
            "Counting alone shows {limit} from about {needed} red cells on.", limit=limit, needed=needed
        )
    if answer.cells_needed:
        return gettext("So many red cells show {limit} by counting alone.", limit=limit)
    return gettext(
        "Counting cannot show {limit}, however many cells: healthy patients differ too much.", limit=limit
    )


def _looking(answer: Answer) -> str:
    """The least that counting shows, and that looking shows less."""
    if answer.least_shown >= 1:
        return gettext("Looking at the flagged cells can show what counting does not.")
    return gettext(
        "The least that it shows is {share}, some {cells} infected red cells per microlitre. Looking at the "
        "flagged cells can show single parasites, where these were flagged.",
        share=percent(answer.least_shown),
        cells=rounded(answer.least_shown * answer.red_cells),
    )


def _title(smear: Smear) -> str:
    match smear.answer.decision:
        case Decision.PARASITES_SEEN:
            n = smear.answer.confirmed
            return ngettext("Parasites seen in {n} cell", "Parasites seen in {n} cells", n)
        case Decision.LOOK_AT_CELLS:
            return ngettext("{n} cell to look at", "{n} cells to look at", left(smear))
        case Decision.NONE_SEEN:
            return ngettext(
                "No parasite seen in {n} flagged cell", "No parasite seen in {n} flagged cells", smear.flagged
            )
        case Decision.NOTHING_SUSPICIOUS:
            return ngettext("Nothing suspicious in {n} cell", "Nothing suspicious in {n} cells", smear.cells)
        case decision:
            return gettext(_TITLES[decision])


def _meaning(smear: Smear) -> str:
    parts: tuple[str, ...]
    match smear.answer.decision:
        case Decision.PARASITES_SEEN:
            parts = (_looked_at(smear), gettext("Species and stage are not named here."))
        case Decision.LOOK_AT_CELLS:
            parts = (_looked_at(smear), gettext(_A_PERSON_DECIDES))
        case Decision.UNUSABLE_PHOTOS:
            parts = (gettext(_NO_GOOD_PHOTO), gettext(_NEITHER), gettext(_SEE_PHOTOS))
        case Decision.NOT_ENOUGH_CELLS:
            few = gettext("With fewer than {least} red cells no share is stated.", least=MIN_CELLS)
            parts = (_looked_at(smear), few, gettext(_NEITHER))
        case Decision.NONE_SEEN | Decision.NOTHING_SUSPICIOUS:
            parts = (_looked_at(smear), translated(smear.answer.bound_sentence))
    return " ".join(part for part in parts if part)


def _looked_at(smear: Smear) -> str:
    """How many of the flagged cells a person has looked at, and with what result; nothing for none."""
    answer, flagged, review = smear.answer, smear.flagged, table(smear)
    if answer.confirmed:
        return gettext(
            "According to {review} a person saw parasites in {cells} and has looked at {part} of {flagged}.",
            review=review,
            cells=ngettext("{n} cell", "{n} cells", answer.confirmed),
            part=answer.looked_at,
            flagged=flagged_cells(flagged),
        )
    if answer.looked_at:
        return gettext(
            "According to {review} a person has looked at {part} of {flagged} and saw no parasite in them.",
            review=review,
            part=answer.looked_at,
            flagged=flagged_cells(flagged),
        )
    return "" if flagged else gettext("No cell is flagged.")


def table(smear: Smear) -> str:
    """The name of the table in which a person writes what was seen."""
    return plain(smear.review)


def flagged_cells(number: int) -> str:
    """So many flagged cells."""
    return ngettext("{n} flagged cell", "{n} flagged cells", number)


_A_PERSON_DECIDES = to_translate(
    "The program sorts cells, and a person decides: whether there is a parasite must be decided by someone "
    "who reads smears. White cells, platelets, dirt, scratches, stain and other diseases are flagged, too."
)
_NO_GOOD_PHOTO = to_translate("None of these photos is good enough to count cells in.")
_NEITHER = to_translate("This is neither a yes nor a no.")
_SEE_PHOTOS = to_translate("The table of photos states what is wrong with each.")
_THICK_FILM = to_translate(
    "If there are signs of malaria, do not stop here: a thick film and further smears show parasites that "
    "few cells of one thin film do not."
)
_MORE_FIELDS = to_translate("Take photos of more fields: the bound falls as cells are added.")
_NEAREST = to_translate("Look at the cells in the report that are nearest to suspicious.")
_AGAIN = to_translate(
    "Run normocyte smear again, photos and folder as before: the report then states what you saw."
)
_AGAIN_WITH = to_translate(
    "Run normocyte smear again, photos, folder and this table as before: the report then states what you saw."
)
_STEPS = {
    Decision.LOOK_AT_CELLS: (
        to_translate(
            "Write parasite or no parasite into the column seen of {review}; leave open what is not sure."
        ),
        _AGAIN,
    ),
    Decision.PARASITES_SEEN: (
        to_translate(
            "Glance over the photos for parasites in other cells, and add the rows of these to {review}."
        ),
        to_translate(
            "Have species and stage named at the microscope, and report by the rules of your laboratory."
        ),
    ),
    Decision.NOT_ENOUGH_CELLS: (to_translate("Run this again with all photos together."), _NEAREST),
    Decision.UNUSABLE_PHOTOS: (
        to_translate(
            "Take new photos of a thin film, where cells lie in one layer, in focus and evenly lit."
        ),
        to_translate("Run this again with the new photos."),
    ),
    Decision.NONE_SEEN: (_MORE_FIELDS, _THICK_FILM),
    Decision.NOTHING_SUSPICIOUS: (_MORE_FIELDS, _THICK_FILM),
}
"""The second and the third step."""
_FIRST_STEPS = {
    Decision.UNUSABLE_PHOTOS: to_translate("See in the table of photos what is wrong with each."),
    Decision.NONE_SEEN: to_translate("Where much depends on it, have a second person look."),
    Decision.NOTHING_SUSPICIOUS: _NEAREST,
}
"""The first step where no number stands in it."""


def next_steps(smear: Smear) -> tuple[str, str, str]:
    """What to do now, in three steps."""
    second, third = _STEPS[smear.answer.decision]
    if third == _AGAIN and smear.review != REVIEW:
        third = _AGAIN_WITH
    review = table(smear)
    return _first_step(smear), gettext(second, review=review), gettext(third, review=review)


def _first_step(smear: Smear) -> str:
    match smear.answer.decision:
        case Decision.LOOK_AT_CELLS:
            return ngettext(
                "Look at the {n} flagged cell in the report, and glance over the photos for parasites in "
                "other cells.",
                "Look at the {n} flagged cells in the report, and glance over the photos for parasites in "
                "other cells.",
                left(smear),
            )
        case Decision.PARASITES_SEEN:
            return _look_again(left(smear))
        case Decision.NOT_ENOUGH_CELLS:
            more = more_photos(smear) or gettext("more photos")
            return gettext("Take {more} of other fields of the same film.", more=more)
        case decision:
            return gettext(_FIRST_STEPS[decision])


def _look_again(cells: int) -> str:
    """What to do where parasites were seen and so many flagged cells are left."""
    if not cells:
        return gettext("Have a second person look at the same cells.")
    return ngettext(
        "Look at {n} flagged cell that no one has looked at, and run this again.",
        "Look at {n} flagged cells that no one has looked at, and run this again.",
        cells,
    )


def more_photos(smear: Smear) -> str:
    """About how many photos like these are missing for a share, such as 3 more photos; else nothing."""
    used = sum(photo.cells > 0 for photo in smear.photos)
    missing = MIN_CELLS - smear.cells
    if missing <= 0 or not used:
        return ""
    return ngettext("about {n} more photo", "about {n} more photos", math.ceil(missing * used / smear.cells))
