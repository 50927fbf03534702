"""What a threshold that was tuned with labels promises too much on the cells that chose it."""

from dataclasses import dataclass

from normocyte.reports.drawing.formatting import count, figure, signed
from normocyte.results.evaluation import Contents, Shares, ThresholdRow


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the table: F1, and below it precision and recall."""

    f1: str
    rest: str


def rows(contents: Contents) -> list[tuple[str, bool, list[Place]]]:
    """Of each rule that was tuned: its name, whether it is in use, and its places.

    The places: on its own cells, nested, on test cells, and the first less the second and the third.
    """
    return [(row.rule, row.is_in_use, _places(row)) for row in _tuned(contents)]


def words(contents: Contents) -> tuple[str, ...]:
    """The rule in use, or else the first that was tuned, in words, and how the table was made."""
    tuned = sorted(_tuned(contents), key=lambda row: not row.is_in_use)
    if not tuned:
        return ()
    made = _how_nested(tuned[0], contents)
    return (_told(tuned[0], contents), f"Large is F1, below it precision and recall. {made}")


def _tuned(contents: Contents) -> list[ThresholdRow]:
    return [row for row in contents.thresholds if row.is_tuned]


def _places(row: ThresholdRow) -> list[Place]:
    apparent, nested = row.tuned.apparent, row.tuned.nested
    return [
        *(_place(counts) for counts in (apparent, nested, row)),
        *(_difference(apparent, other) for other in (nested, row)),
    ]


def _place(counts: Shares) -> Place:
    return Place(figure(counts.f1), f"{figure(counts.precision)} · {figure(counts.recall)}")


def _difference(one: Shares, other: Shares) -> Place:
    rest = (signed(one.precision - other.precision), signed(one.recall - other.recall))
    return Place(signed(one.f1 - other.f1), " · ".join(rest))


def _told(row: ThresholdRow, contents: Contents) -> str:
    unit, who = contents.unit, contents.who
    apparent, nested, test = row.tuned.apparent.f1, row.tuned.nested.f1, row.f1
    own = f"Tuned with labels, {row.rule} has F1 {figure(apparent)} on the {unit}s that chose its threshold"
    if not row.tuned.folds:
        return f"{own} and {figure(test)} on test {who}, a difference of {signed(apparent - test)}."
    unseen = "patients whom" if contents.are_patients_known else f"{unit}s that"
    return (
        f"{own}, {figure(nested)} on tuning {unseen} the threshold had not seen, and {figure(test)} on test "
        f"{who}. Its optimism, the first less the second, is {signed(apparent - nested)}: what the first "
        f"owes to judging the {unit}s that chose the threshold. The first less the third is "
        f"{signed(apparent - test)}; there the {who} differ too."
    )


def _how_nested(row: ThresholdRow, contents: Contents) -> str:
    unit, who = contents.unit, contents.who
    if not row.tuned.folds:
        return row.tuned.why_not
    return (
        f"For the second column the {count(row.tuned.patients, f'tuning {who[:-1]}')} were dealt into "
        f"{row.tuned.folds} groups, {row.tuned.repeats} times, and each group was judged by a threshold "
        f"fitted on the others; all {unit}s are counted together. Fewer {who} than the rule's own chose "
        "those thresholds, so that the column is rather too low than too high."
    )
