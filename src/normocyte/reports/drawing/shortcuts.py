"""The shortcut baselines of a report: what a page shows of them, and the same for programs."""

from dataclasses import dataclass

from normocyte.reports.drawing import formatting
from normocyte.reports.drawing.html import Cell
from normocyte.results.scalars import Json, interval, number
from normocyte.results.shortcuts import CLAIMED, MeasuredContrast, ShortcutRow, Shortcuts
from normocyte.wording.shortcuts import Kinds, beaten, how_many_differ, not_differing, opening, p_value

_WAYS = {False: "healthy_only", True: "with_labels"}
_EVEN = 0.5
_NOTHING = Cell(formatting.UNKNOWN, "", is_best=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One baseline: its title, and its AUROC and what the detector has more, fitted in each of two ways."""

    title: str
    places: tuple[Cell, ...]
    is_close: bool


@dataclass(frozen=True, slots=True)
class Direction:
    """The measures that are higher, or lower, in anomalous images: title, AUROC and p-value of each."""

    title: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What the section of a page shows."""

    sentences: tuple[str, ...]
    lines: tuple[Line, ...]
    explained: tuple[str, ...]
    how_many: str
    directions: tuple[Direction, ...]
    others: str
    tested: str


def shortcut_section(shortcuts: Shortcuts, kinds: Kinds) -> Section:
    """The table of the baselines with its sentences; `kinds` says what the images are called."""
    titles = dict.fromkeys(row.title for row in shortcuts.rows)
    lines = [_line(title, [row for row in shortcuts.rows if row.title == title]) for title in titles]
    said = filter(None, (opening(shortcuts) or beaten(shortcuts), shortcuts.why_not))
    return Section(
        tuple(said),
        tuple(lines),
        _explained(shortcuts),
        how_many_differ(shortcuts, kinds),
        _directions(shortcuts, kinds),
        not_differing(shortcuts),
        _tested(shortcuts),
    )


def _line(title: str, rows: list[ShortcutRow]) -> Line:
    ways = {row.uses_labels: row for row in rows}
    places = [place for way in _WAYS for place in _places(ways.get(way))]
    return Line(title, tuple(places), any(row.is_close for row in rows))


def _places(row: ShortcutRow | None) -> tuple[Cell, Cell]:
    """AUROC and how much the detector has more, each with its interval."""
    if row is None:
        return _NOTHING, _NOTHING
    span = f"{formatting.signed(row.difference.low)} to {formatting.signed(row.difference.high)}"
    return (
        Cell(formatting.figure(row.auroc.value), formatting.span(row.auroc), is_best=False),
        Cell(formatting.signed(row.difference.value), span, is_best=False),
    )


def _directions(shortcuts: Shortcuts, kinds: Kinds) -> tuple[Direction, ...]:
    """The measures that differ by their direction, the strongest first; no direction without any."""
    found = shortcuts.differing
    higher = [_contrast(one) for one in found if one.auroc > _EVEN]
    lower = [_contrast(one) for one in found if one.auroc <= _EVEN]
    both = (("higher or more often", higher), ("lower or less often", lower))
    return tuple(Direction(f"{which} in {kinds.anomalous}", tuple(rows)) for which, rows in both if rows)


def _contrast(one: MeasuredContrast) -> tuple[str, str, str]:
    return one.title, formatting.figure(one.strength), p_value(one.p_value)


def _explained(shortcuts: Shortcuts) -> tuple[str, ...]:
    """How the table was made, and what stands in no row."""
    before = "that the detector has learnt from" if shortcuts.are_learnt_before else "of the other folds"
    alike = f" In all images alike: {', '.join(shortcuts.alike)}." if shortcuts.alike else ""
    return (
        "A baseline looks at one property of an image and at no lesion. On the left it scores how far an "
        f"image is from {shortcuts.healthy:,} healthy ones {before}; on the right it was fitted with the "
        "labels of other test images, in five folds. Where the interval of a difference holds 0, chance "
        "could explain that the detector is better. The intervals of all differences hold together, at 95 %."
        f"{alike}",
    )


def _tested(shortcuts: Shortcuts) -> str:
    return (
        f"{len(shortcuts.measures)} measures were tested together, in both directions; p is corrected for "
        f"all of them, and a measure differs where p lies below {CLAIMED:g}. An AUROC of 0.5 is no "
        "difference. Such a difference comes from how images were taken or stored, or from disease; "
        "the test cannot say which."
    )


def shortcuts_json(shortcuts: Shortcuts) -> Json:
    """Every number of the baselines, null for what cannot be said."""
    return {
        "is_close": bool(shortcuts.close),
        "summary": opening(shortcuts) or beaten(shortcuts),
        "learnt_from_healthy": shortcuts.healthy,
        "are_learnt_before": shortcuts.are_learnt_before,
        "detector_auroc": interval(shortcuts.detector),
        "baselines": [
            {
                "name": row.name,
                "fitted": _WAYS[row.uses_labels],
                "auroc": interval(row.auroc),
                "detector_minus_baseline": interval(row.difference),
                "is_close": row.is_close,
            }
            for row in shortcuts.rows
        ],
        "alike_in_all": list(shortcuts.alike),
        "measures": [
            {
                "name": one.name,
                "measure": one.title,
                "auroc": number(one.auroc),
                "p_value": number(one.p_value),
                "differs": one.differs,
            }
            for one in shortcuts.measures
        ],
        "why_none": shortcuts.why_not,
    }
