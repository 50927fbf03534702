"""The page of a comparison: one file that needs no other, with every name escaped."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from normocyte.reports.comparison import chart, words
from normocyte.reports.drawing.html import Cell, environment
from normocyte.reports.drawing.shortcuts import Section, shortcut_section
from normocyte.results.comparison import Comparison, Measured, Row
from normocyte.wording.glossary import terms
from normocyte.wording.shortcuts import Kinds

_TERMS = (
    "AUROC",
    "sensitivity (recall)",
    "specificity",
    "average precision",
    "shortcut baseline",
    "95 % interval",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One place of the table of differences; `mark` is "better", "worse" or nothing."""

    value: str
    span: str
    p_value: str
    mark: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table with its number, name and places."""

    number: int
    name: str
    cells: tuple[Cell, ...]
    changes: tuple[Change, ...]
    is_reference: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One set of labels."""

    title: str
    lines: tuple[Line, ...]


def render(contents: Comparison, figure: str) -> str:
    """The HTML of the comparison; `figure` is SVG, or nothing."""
    pages = environment()
    pages.filters["breakable"] = _breakable
    return pages.get_template("comparison/page.html.j2").render(
        contents=contents,
        outcome=words.outcome(contents),
        beside=_beside(contents),
        key_numbers=words.key_numbers(contents),
        tables=[_table(contents, *item) for item in words.titles(contents).items()],
        costs=[(number, row.name, words.costs(row)) for number, row in _finished(contents)],
        cost_names=words.cost_names(contents),
        figure=figure,
        figure_words=chart.lacks(contents) or chart.words(contents),
        means=words.means(contents),
        terms=terms(_TERMS, contents.unit, contents.anomaly, are_patients_known=contents.are_patients_known),
    )


def _beside(contents: Comparison) -> list[tuple[str, Section]]:
    """The shortcut baselines beside each configuration, the one with the highest AUROC first."""
    kinds = Kinds.of(contents.unit, contents.anomaly)
    best = contents.best_beside
    sorted_rows = sorted(contents.beside, key=lambda one: one is not best)
    return [(one.configuration, shortcut_section(one.shortcuts, kinds)) for one in sorted_rows]


def _breakable(name: str) -> Markup:
    """A name that may be broken before what a sweep has set, and around its values."""
    broken = escape(name).replace("[", Markup("<wbr>["))
    return broken.replace(",", Markup(",<wbr>")).replace("=", Markup("=<wbr>"))


def _finished(contents: Comparison) -> list[tuple[int, Row]]:
    """The rows that did not fail, with their numbers."""
    return [(number, row) for number, row in enumerate(contents.rows, start=1) if not row.failure]


def _table(contents: Comparison, is_undoubted: bool, title: str) -> Table:
    best = [
        words.best(contents, place, is_undoubted) if len(contents.finished) > 1 else None
        for place in range(len(contents.metrics))
    ]
    lines = [
        Line(
            number,
            row.name,
            tuple(
                Cell(words.value(one.estimate), words.span(one.estimate), top is row)
                for one, top in zip(row.labels(is_undoubted), best, strict=True)
            ),
            tuple(_change(one) for one in row.labels(is_undoubted)),
            row.name == contents.reference,
        )
        for number, row in _finished(contents)
    ]
    return Table(title, tuple(lines))


def _change(one: Measured) -> Change:
    mark = "better" if one.is_better else "worse" if one.is_worse else ""
    return Change(words.signed(one.difference.value), words.signed_span(one.difference), words.p(one), mark)
