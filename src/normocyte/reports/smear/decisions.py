"""What each decision on a smear is called, what it means, and what to do next."""

import math
from dataclasses import dataclass

from normocyte.reports.drawing import formatting
from normocyte.reports.smear.numbers import percent, rounded
from normocyte.results.smear import Answer, Smear
from normocyte.results.verdict import MIN_CELLS, Decision


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
        return "It is not known: no red cell counts."
    if answer.bound_sentence:
        return answer.bound_sentence
    if smear.cells < MIN_CELLS:
        return (
            f"No share is stated: {formatting.count(smear.cells, 'red cell')} counted, and fewer than "
            f"{MIN_CELLS} are too few."
        )
    return (
        "No share is stated yet: the count alone does not distinguish this smear from a healthy one. Look at "
        "the flagged cells; then the report states the share in which you saw parasites."
    )


def by_count(smear: Smear) -> str:
    """What the number of flagged cells says; nothing where a person saw parasites, who knows better."""
    return "" if smear.answer.is_reviewed else smear.answer.reason


def counting(smear: Smear) -> str:
    """What the count alone can show; nothing where it does not matter.

    That is where no cell counts, a person saw parasites, or the bound excludes what must not be missed.
    """
    answer = smear.answer
    is_excluded = answer.bound <= answer.limit  # False for NaN
    if not smear.cells or not math.isfinite(answer.least_shown) or answer.is_reviewed or is_excluded:
        return ""
    limit, looking = percent(answer.limit), _looking(answer)
    if answer.cells_needed > smear.cells:
        needed = rounded(answer.cells_needed)
        return f"Counting alone shows {limit} from about {needed} red cells on. {looking}"
    if answer.cells_needed:
        return f"So many red cells show {limit} by counting alone. {looking}"
    return f"Counting cannot show {limit}, however many cells: healthy patients differ too much. {looking}"


def _looking(answer: Answer) -> str:
    """The least that counting shows, and that looking shows less."""
    if answer.least_shown >= 1:
        return "Looking at the flagged cells can show what counting does not."
    cells = rounded(answer.least_shown * answer.red_cells)
    return (
        f"The least that it shows is {percent(answer.least_shown)}, some {cells} infected red cells per "
        "microlitre. Looking at the flagged cells can show single parasites, where these were flagged."
    )


def _title(smear: Smear) -> str:
    match smear.answer.decision:
        case Decision.PARASITES_SEEN:
            return f"Parasites seen in {formatting.count(smear.answer.confirmed, 'cell')}"
        case Decision.LOOK_AT_CELLS:
            return f"{formatting.count(left(smear), 'cell')} to look at"
        case Decision.NONE_SEEN:
            return f"No parasite seen in {formatting.count(smear.flagged, 'flagged cell')}"
        case Decision.NOTHING_SUSPICIOUS:
            return f"Nothing suspicious in {formatting.count(smear.cells, 'cell')}"
        case decision:
            return decision.capitalize()


def _meaning(smear: Smear) -> str:
    match smear.answer.decision:
        case Decision.PARASITES_SEEN:
            text = f"{_looked_at(smear)} Species and stage are not named here."
        case Decision.LOOK_AT_CELLS:
            text = f"{_looked_at(smear)} {_A_PERSON_DECIDES}"
        case Decision.UNUSABLE_PHOTOS:
            text = f"None of these photos is good enough to count cells in. {_NEITHER} {_SEE_PHOTOS}"
        case Decision.NOT_ENOUGH_CELLS:
            text = f"{_looked_at(smear)} With fewer than {MIN_CELLS} red cells no share is stated. {_NEITHER}"
        case Decision.NONE_SEEN | Decision.NOTHING_SUSPICIOUS:
            text = f"{_looked_at(smear)} {smear.answer.bound_sentence}"
    return text.strip()


def _looked_at(smear: Smear) -> str:
    """How many of the flagged cells a person has looked at, and with what result; nothing for none."""
    answer, flagged = smear.answer, smear.flagged
    if answer.confirmed:
        of = f"{answer.looked_at:,} of {formatting.count(flagged, 'flagged cell')}"
        parasites = formatting.count(answer.confirmed, "cell")
        return f"According to review.csv a person saw parasites in {parasites} and has looked at {of}."
    if answer.looked_at:
        of = f"{answer.looked_at:,} of {formatting.count(flagged, 'flagged cell')}"
        return f"According to review.csv a person has looked at {of} and saw no parasite in them."
    return "" if flagged else "No cell is flagged."


_A_PERSON_DECIDES = (
    "The program sorts cells, and a person decides: whether there is a parasite must be decided by someone "
    "who reads smears. White cells, platelets, dirt, scratches, stain and other diseases are flagged, too."
)
_NEITHER = "This is neither a yes nor a no."
_SEE_PHOTOS = "The table of photos states what is wrong with each."
_THICK_FILM = (
    "If there are signs of malaria, do not stop here: a thick film and further smears show parasites that "
    "few cells of one thin film do not."
)
_MORE_FIELDS = "Take photos of more fields: the bound falls as cells are added."
_NEAREST = "Look at the cells below, which are the nearest to suspicious."


_STEPS = {
    Decision.UNUSABLE_PHOTOS: (
        "See in the table of photos what is wrong with each.",
        "Take new photos of a thin film, where cells lie in one layer, in focus and evenly lit.",
        "Run this again with the new photos.",
    ),
    Decision.NONE_SEEN: ("Where much depends on it, have a second person look.", _MORE_FIELDS, _THICK_FILM),
    Decision.NOTHING_SUSPICIOUS: (_NEAREST, _MORE_FIELDS, _THICK_FILM),
}


def next_steps(smear: Smear) -> tuple[str, str, str]:
    """What to do now, in three steps."""
    decision, cells = smear.answer.decision, formatting.count(left(smear), "flagged cell")
    if decision is Decision.LOOK_AT_CELLS:
        return (
            f"Look at the {cells} below, and glance over the photos for parasites in other cells.",
            "Write parasite or no parasite into the column seen of review.csv; leave open what is not sure.",
            "Run normocyte smear again, photos and folder as before: the report then states what you saw.",
        )
    if decision is Decision.PARASITES_SEEN:
        look = f"Look at {cells} that no one has looked at, and run this again."
        return (
            look if left(smear) else "Have a second person look at the same cells.",
            "Glance over the photos for parasites in other cells, and add the rows of these to review.csv.",
            "Have species and stage named at the microscope, and report by the rules of your laboratory.",
        )
    if decision is Decision.NOT_ENOUGH_CELLS:
        more = more_photos(smear) or "more photos"
        return (
            f"Take {more} of other fields of the same film.",
            "Run this again with all photos together.",
            _NEAREST,
        )
    return _STEPS[decision]


def more_photos(smear: Smear) -> str:
    """About how many photos like these are missing for a share, such as 3 more photos; else nothing."""
    used = sum(photo.cells > 0 for photo in smear.photos)
    missing = MIN_CELLS - smear.cells
    if missing <= 0 or not used:
        return ""
    return f"about {formatting.count(math.ceil(missing * used / smear.cells), 'more photo')}"
