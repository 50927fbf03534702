"""What is said of a study, in sentences."""

from collections.abc import Sequence

from normocyte.core.percent import percent
from normocyte.reports.drawing import formatting
from normocyte.reports.smear import numbers as smears
from normocyte.reports.smear.decisions import SIGNS
from normocyte.results.study import ORDER, Study, StudyRow
from normocyte.results.verdict import Decision
from normocyte.wording.language import figure, gettext, ngettext, translated

_FEW = 10


def title(study: Study) -> str:
    """In how many smears parasites were seen, and how many have cells that nobody has looked at."""
    seen, left = study.decided(Decision.PARASITES_SEEN), sum(row.left > 0 for row in study.rows)
    smears_in_all = ngettext("{n} smear", "{n} smears", len(study.rows))
    values = {"seen": seen, "left": left, "smears": smears_in_all}
    if seen and left:
        return gettext("Parasites seen in {seen} of {smears}, {left} with cells to look at", **values)
    if seen:
        return gettext("Parasites seen in {seen} of {smears}", **values)
    if left:
        return gettext("{left} of {smears} with cells to look at", **values)
    return gettext("No cell to look at in {smears}", **values)


def name(study: Study) -> str:
    """What the study is called, or simply a study."""
    return formatting.plain(study.name) or "A study without a name"


def name_of(row: StudyRow) -> str:
    """What a smear is called."""
    return formatting.plain(row.name)


def counted(study: Study) -> str:
    """How many red cells of how many photos count."""
    cells = sum(row.cells for row in study.rows)
    used, photos = (sum(counts) for counts in zip(*((r.usable, r.photos) for r in study.rows), strict=True))
    return smears.counted_in(cells, used, photos)


def to_do(study: Study) -> tuple[str, ...]:
    """What a reader has to do, if anything."""
    cells = sum(row.left for row in study.rows)
    undecided = study.decided(Decision.NOT_ENOUGH_CELLS) + study.decided(Decision.UNUSABLE_PHOTOS)
    look = (
        f"{formatting.count(cells, 'flagged cell')} not looked at yet. Write parasite or no parasite "
        "into the column seen of review.csv in the folder of each smear, and run the same command again: the "
        "program sorts cells, and a person decides."
    )
    again = (
        f"{formatting.count(undecided, 'smear')} without an answer, neither yes nor no: take more or better "
        "photos."
    )
    return (look,) * bool(cells) + (again,) * bool(undecided)


def many_tests(study: Study) -> str:
    """That each smear is a test of its own, and what follows for so many; nothing where none was tested."""
    if not study.tested:
        return ""
    level = percent(study.level, 3)
    if study.tested == 1:
        return gettext(
            "A healthy smear has a p-value of {level} or less in up to {level} of cases.", level=level
        )
    expected = study.level * study.tested
    return ngettext(
        "Each p-value is of one smear alone: if all {n} tested smear were healthy, up to {about} of them "
        "would "
        "still have a p-value of {level} or less on average.",
        "Each p-value is of one smear alone: if all {n} tested smears were healthy, up to {about} of them "
        "would "
        "still have a p-value of {level} or less on average.",
        study.tested,
        about=figure(f"{expected:.2g}" if expected < _FEW else f"{expected:,.0f}"),
        level=level,
    )


def key_numbers(study: Study) -> list[tuple[str, str, str]]:
    """How many smears have each decision: the number, what it is, and the shape of its sign."""
    return [(f"{study.decided(decision):,}", str(decision), sign(decision)) for decision in ORDER]


def sign(decision: Decision) -> str:
    """The shape that stands for a decision, as on the page of one smear."""
    return SIGNS[decision]


def looked_at(row: StudyRow) -> str:
    """What is left to look at, or what was seen; nothing where no cell is flagged."""
    if row.left:
        return f"{row.left:,} to look at"
    return f"parasites in {row.confirmed:,}" if row.confirmed else "none seen" if row.flagged else ""


def share(row: StudyRow) -> str:
    """The parasitaemia alone."""
    return smears.share(row.parasitaemia)


def between(row: StudyRow) -> str:
    """The interval of the parasitaemia, short; nothing where there is none."""
    return smears.between(row.parasitaemia) if smears.is_known(row.parasitaemia) else ""


def p_value(row: StudyRow) -> str:
    """The p-value alone."""
    return smears.p_number(row.p_value)


def guaranteed(study: Study) -> str:
    """What the threshold states; nothing where no cell was judged by it."""
    return translated(study.guarantee) if any(row.cells for row in study.rows) else ""


def facts(study: Study) -> Sequence[tuple[str, str]]:
    """What the answers rest on: each with its name."""
    return [
        ("Must not be missed", f"a parasitaemia of {smears.percent(study.limit)}"),
        ("Judged by", formatting.plain(study.bundle)),
        *([("What the threshold guarantees", guaranteed(study))] if guaranteed(study) else []),
        ("Version", f"normocyte {study.normocyte}"),
    ]
