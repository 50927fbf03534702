"""What is said of a smear, in sentences for somebody who has never heard of detectors."""

import math
from collections import Counter
from collections.abc import Sequence

from normocyte.reports.drawing import formatting
from normocyte.reports.smear.decisions import by_count, counting, next_steps, no_share, text_for
from normocyte.reports.smear.kinds import DisplayClass, way_of, way_of_kind, ways_of
from normocyte.reports.smear.numbers import between, is_known, p_value, percent, rounded, share, with_interval
from normocyte.results.smear import CERTAIN, Answer, Aside, Detection, PhotoResult, Smear, Suspect
from normocyte.wording.causes import sentence, sentences, short

NO_SUSPECTS = "No cell has a score, so there is none to look at."
NO_PHOTO = "There is no photo."
TILES = (
    "Each cell is shown in its photo, and next to it alone with its contrast raised: spots of colour are "
    "small unusual areas. Without a spot, the colour, size or shape of the whole cell may be unusual."
)
HEAT_ENDS = "a little unusual", "very unusual"
INTERVAL_SCALE = (
    "The bar is the 95 % interval and the mark on it the estimate. From 0.01 % on, each step of the scale is "
    "ten times the one before; it is the same in every report."
)
CERTAINTY = "Certainty is 0.5 at the limit between two kinds and 1 far away from it; it is not a probability."
_MOST_REASONS, _MOST_CAUSES = 3, 5


def screen(smear: Smear) -> tuple[str, ...]:
    """The answer in a few sentences, as a terminal shows them."""
    told = text_for(smear)
    unused = [
        f"{formatting.plain(photo.name)}: {photo.grade}. {sentence(photo.causes[0])}"
        for photo in smear.photos
        if photo.causes and not photo.is_used
    ]
    steps = [f"{number}. {step}" for number, step in enumerate(next_steps(smear), start=1)]
    counted_ones = (shared(smear), counting(smear), uncounted(smear), smear.compared, smear.guarantee)
    lines = (
        f"{told.title}. {told.meaning}",
        by_count(smear),
        *steps,
        *(counted_ones if smear.cells else ()),
        *unused,
    )
    return tuple(line for line in lines if line)


def shared(smear: Smear) -> str:
    """The share that is stated with its interval, or why there is none; nothing where that was said."""
    answer = smear.answer
    if answer.is_stated:
        interval = between(answer.parasitaemia)
        return f"Infected red cells: {stated(answer)}, {interval}. {answer.meaning}"
    return "" if answer.bound_sentence else no_share(smear)


def stated(answer: Answer) -> str:
    """The share that is stated: what a person saw is the least there is."""
    seen = " seen" if answer.is_reviewed else ""
    return f"{share(answer.parasitaemia)}{seen}"


def name(smear: Smear) -> str:
    """What the smear is called, or simply a smear."""
    return formatting.plain(smear.name) or "A smear without a name"


def labels(smear: Smear) -> str:
    """What the user wrote on the report, in one line; nothing for nothing."""
    return formatting.plain(" · ".join(f"{label}: {value}" for label, value in smear.labels))


def counted(smear: Smear) -> str:
    """How many red cells of how many photos count."""
    used = len(_used(smear.photos))
    of = formatting.count(len(smear.photos), "photo")
    return f"{formatting.count(smear.cells, 'red cell')} counted in {used:,} of {of}"


def uncounted(smear: Smear) -> str:
    """Why red cells were not counted, in one line; nothing where all were."""
    causes = Counter(
        _cause(photo, detection)
        for photo in smear.photos
        for detection in photo.detections
        if way_of(detection) is DisplayClass.NOT_COUNTED
    )
    if not causes:
        return ""
    most = causes.most_common(_MOST_CAUSES)
    rest = causes.total() - sum(number for _, number in most)
    told = [f"{number:,} {cause}" for cause, number in most] + [f"{rest:,} for other causes"] * bool(rest)
    were = "was" if causes.total() == 1 else "were"
    return f"{formatting.count(causes.total(), 'red cell')} {were} not counted: {', '.join(told)}."


def _cause(photo: PhotoResult, detection: Detection) -> str:
    """Why a red cell does not count, without its own numbers."""
    if not photo.is_used:
        return "in photos that are not used"
    cause = detection.verdict.cause
    return formatting.plain(short(cause)) if cause else ""


def asked(answer: Answer) -> str:
    """The parasitaemia that must not be missed, as it stands at its mark on the axis."""
    return f"asked for: {percent(answer.limit)}"


def per_microlitre(answer: Answer) -> str:
    """The count in a microlitre, with the assumption that it rests on; nothing where no share is stated."""
    found = answer.per_microlitre
    if not is_known(found) or not answer.is_stated:
        return ""
    low = rounded(found.low) if found.low >= CERTAIN * answer.red_cells else "none"
    return (
        f"About {rounded(found.value)} infected red cells per microlitre of blood (between {low} and "
        f"{rounded(found.high)}), assuming {answer.red_cells:,.0f} red cells per microlitre. That number was "
        "not measured here: with a blood count at hand, multiply by its own."
    )


def key_numbers(smear: Smear) -> list[tuple[str, str, str]]:
    """The numbers that a reader looks for first: value, what it is, and a detail."""
    answer, used = smear.answer, len(_used(smear.photos))
    rate = formatting.percent(smear.flagged / smear.cells) if smear.cells else ""
    seen = f"parasites seen in {answer.confirmed:,}" if answer.looked_at or answer.confirmed else ""
    return [
        (f"{smear.cells:,}", "red cells counted", ""),
        (f"{smear.flagged:,}", "of them flagged", rate),
        (f"{answer.looked_at:,} of {smear.flagged:,}", "flagged cells looked at", seen),
        (f"{used:,} of {len(smear.photos):,}", "photos used", ""),
    ]


def kinds(smear: Smear) -> list[tuple[str, int]]:
    """How many things of each kind were found in all photos."""
    found = ways_of(detection for photo in smear.photos for detection in photo.detections)
    return [(str(way), found[way]) for way in DisplayClass]


def facts(smear: Smear) -> list[tuple[str, str]]:
    """What the answer rests on: each with its name."""
    answer = smear.answer
    test = (
        f"{p_value(answer.p_value)}: how often a healthy smear has so many flagged cells"
        if math.isfinite(answer.p_value)
        else "none was made"
    )
    is_told = answer.min_anomalous and not answer.looked_at  # a person has looked
    rows = [
        ("Smear", name(smear)),
        *((formatting.plain(label), formatting.plain(value)) for label, value in smear.labels),
        ("Flagged cells", answer.reason),
        ("Test of the count", test),
        ("Must not be missed", f"a parasitaemia of {percent(answer.limit)}"),
        ("By the count alone (inverted test)", with_interval(answer.by_count)),
        ("By the count alone (Rogan and Gladen)", with_interval(answer.rogan_gladen)),
        ("By the count alone (Bayes, never none)", with_interval(answer.bayesian)),
        ("Anomalous cells, without a person", answer.min_anomalous_text if is_told else ""),
        ("Compared", smear.compared),
        ("Judged by", formatting.plain(smear.bundle)),
        ("Flagged from", f"a score above {formatting.score(smear.threshold)}"),
        ("What the threshold guarantees", smear.guarantee if smear.cells else ""),
        ("Not looked at", formatting.plain(smear.passed_over)),
        ("Version", f"normocyte {smear.normocyte}"),
    ]
    return [(fact, value) for fact, value in rows if value]


def judged_by(smear: Smear) -> str:
    """What judged the cells and what its threshold guarantees, in a few sentences."""
    cut = formatting.score(smear.threshold)
    compared = f" {smear.compared}" if smear.compared else ""
    judge = formatting.plain(smear.bundle)
    said = f"{compared} {smear.guarantee}" if smear.cells else ""
    return f"Judged by {judge}; flagged above a score of {cut}.{said}"


def more_in_table(photos: Sequence[PhotoResult]) -> str:
    """How many photos a short table leaves out, and how many of these are not used; nothing for none."""
    if not photos:
        return ""
    useless = len(photos) - len(_used(photos))
    of = f", {useless:,} of them not used" if useless else ""
    return f"and {formatting.count(len(photos), 'more photo')}{of}: see the last page"


def reasons(photo: PhotoResult) -> str:
    """What is to be said of a photo, the most important first, in one line."""
    more = len(photo.causes) - _MOST_REASONS
    rest = f" {more} more in smear.json." if more > 0 else ""
    return formatting.plain(" ".join(sentences(photo.causes[:_MOST_REASONS]))) + rest


def suspects(smear: Smear) -> list[Suspect]:
    """The cells of the review sheet, the most suspicious first; those without a score come last."""
    return sorted(smear.suspects, key=_unlike)


def cells_title(smear: Smear) -> str:
    """What the cells that are shown are."""
    if not smear.flagged:
        return "The cells nearest to suspicious"
    nearest = any(not suspect.verdict.is_flagged for suspect in smear.suspects)
    return "The flagged cells, and those nearest to them" if nearest else "The flagged cells"


def not_shown(smear: Smear, shown: int) -> str:
    """How many flagged cells are not among so many that are shown; nothing for none."""
    left = smear.flagged - min(shown, len(smear.suspects))
    if left <= 0:
        return ""
    more = formatting.count(left, "more flagged cell")
    are = "is" if left == 1 else "are"
    return f"{more} {are} not shown here; all are outlined in their photos and listed in cells.csv."


def place_of(suspect: Suspect | Aside) -> str:
    """Where to find a thing: its number in its photo."""
    return f"cell {suspect.number:,} of {formatting.plain(suspect.photo)}"


def verdict_of(suspect: Suspect) -> str:
    """What a person saw in a cell, or else what the program says."""
    if suspect.seen:
        return f"{suspect.seen} seen"
    return "flagged" if suspect.verdict.is_flagged else "not flagged"


def aside_of(aside: Aside) -> str:
    """What a thing was taken for, and how sure that is."""
    return f"{way_of_kind(aside.cell.kind)}, certainty {aside.cell.certainty:.2f}"


def _unlike(suspect: Suspect) -> float:
    score = suspect.verdict.score
    return -score if math.isfinite(score) else math.inf


def _used(photos: Sequence[PhotoResult]) -> list[PhotoResult]:
    return [photo for photo in photos if photo.is_used]
