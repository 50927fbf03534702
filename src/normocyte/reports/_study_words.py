"""What is said of a study, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from normocyte.reports import _numbers
from normocyte.reports import _smear_words as smears
from normocyte.reports._study import ORDER, Study, StudyRow

SUSPECTED, NOT_ENOUGH, UNUSABLE, NO_EVIDENCE = ORDER
_FEW = 10
_SPACE = "\N{NO-BREAK SPACE}"


def title(study: Study) -> str:
    """In how many smears parasites are suspected."""
    suspected = f"{study.decided(SUSPECTED):,}" if study.decided(SUSPECTED) else "none"
    return f"Parasites suspected in {suspected} of {_numbers.count(len(study.rows), 'smear')}"


def name(study: Study) -> str:
    """What the study is called, or simply a study."""
    return _numbers.plain(study.name) or "A study without a name"


def name_of(row: StudyRow) -> str:
    """What a smear is called."""
    return _numbers.plain(row.name)


def counted(study: Study) -> str:
    """How many red cells of how many photos count."""
    cells = sum(row.cells for row in study.rows)
    used, photos = (sum(counts) for counts in zip(*((r.usable, r.photos) for r in study.rows), strict=True))
    return f"{_numbers.count(cells, 'red cell')} counted in {used:,} of {_numbers.count(photos, 'photo')}"


def to_do(study: Study) -> tuple[str, ...]:
    """What a reader has to do, if anything."""
    undecided = study.decided(NOT_ENOUGH) + study.decided(UNUSABLE)
    suspected = (
        "Somebody who reads smears must look at the suspected ones before anything is concluded: dirt, stain "
        "and other diseases can make cells look unusual too."
    )
    again = (
        f"Of {_numbers.count(undecided, 'smear')} nothing can be said, neither yes nor no: take more or "
        "better photos."
    )
    return (suspected,) * bool(study.decided(SUSPECTED)) + (again,) * bool(undecided)


def many_tests(study: Study) -> str:
    """That each smear is a test of its own, and what follows for so many; nothing where none was tested."""
    if not study.tested:
        return ""
    if study.tested == 1:
        level = f"{100 * study.level:.3g} %"
        return f"If the one tested smear is healthy, it is suspected in up to {level} of cases."
    expected = study.level * study.tested
    about = f"{expected:.2g}" if expected < _FEW else f"{expected:,.0f}"
    return (
        f"Each p-value is of one smear alone: if all {_numbers.count(study.tested, 'tested smear')} were "
        f"healthy, up to {about} of them would still be suspected on average, at the "
        f"{100 * study.level:.3g} % level."
    )


def key_numbers(study: Study) -> list[tuple[str, str, str]]:
    """How many smears have each decision: the number, what it is, and the shape of its sign."""
    return [(f"{study.decided(decision):,}", decision, sign(decision)) for decision in ORDER]


def sign(decision: str) -> str:
    """The shape that stands for a decision, as on the page of one smear."""
    return smears.said_of(decision).sign


def share(row: StudyRow) -> str:
    """The parasitaemia alone."""
    return smears.share(row.parasitaemia)


def between(row: StudyRow) -> str:
    """The interval of the parasitaemia, short; nothing where there is none."""
    return smears.between(row.parasitaemia) if smears.is_known(row.parasitaemia) else ""


def p_value(row: StudyRow) -> str:
    """The p-value alone."""
    return smears.p_value(row.p_value).removeprefix("p").strip(_SPACE).removeprefix("=").strip(_SPACE)


def facts(study: Study) -> Sequence[tuple[str, str]]:
    """What the answers rest on: each with its name."""
    return [
        ("Must not be missed", f"a parasitaemia of {smears.percent(study.limit)}"),
        ("Judged by", _numbers.plain(study.bundle)),
        ("What the cut guarantees", study.guarantee),
        ("Version", f"normocyte {study.normocyte}"),
    ]
