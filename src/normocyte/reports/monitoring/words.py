"""What is said of a stream."""

from collections.abc import Iterator

import numpy as np

from normocyte.reports.drawing import formatting
from normocyte.results.monitoring import Finding, Monitored

_TESTS = {"kolmogorov_smirnov": "Kolmogorov-Smirnov", "energy_distance": "energy distance"}


def sentences(contents: Monitored) -> tuple[str, ...]:
    """The finding, after what makes it doubtful, then what it rests on, one sentence or two a line."""
    texts = (*contents.careful, headline(contents), guarantee(contents), *contents.notes, *_beside(contents))
    return tuple(_plain(text) for text in texts)


def headline(contents: Monitored) -> str:
    """The finding, and where it was made."""
    people = formatting.count(len(contents.patients), "patient")
    watch, recalibrate = (1 / rate for rate in contents.rates)
    if contents.first is None:
        return (
            f"{contents.finding} in {people}: the evidence never passed {contents.most:.3g} (watch from "
            f"{watch:.3g}, recalibrate from {recalibrate:.3g}). This does not prove that nothing changed."
        )
    account, place = contents.first
    bar = recalibrate if contents.finding is Finding.RECALIBRATE else watch
    what = (
        "the stream is no longer like the calibration patients; look at stain, camera and preparation, then "
        "calibrate or train on current healthy cells"
        if contents.finding is Finding.RECALIBRATE
        else f"there is some evidence of drift, less than the {recalibrate:.3g} at which to recalibrate"
    )
    return (
        f"{contents.finding}: {what}. The evidence reached {bar:.3g} at patient {place + 1} of "
        f"{len(contents.patients):,} ({contents.patients[place]}), by the {account.name}, and at most "
        f"{contents.most:.3g}."
    )


def guarantee(contents: Monitored) -> str:
    """What the two bars guarantee."""
    watch, recalibrate = map(formatting.rate, contents.rates)
    return (
        f"While patients stay like the {len(contents.columns[0].reference)} calibration patients "
        f"(exchangeable), at most {recalibrate} of such streams ever come to 'recalibrate' and {watch} to "
        "'watch', however long they run and however often one looks (Ville's inequality)."
    )


def _beside(contents: Monitored) -> Iterator[str]:
    for column in contents.columns:
        low, middle, high = np.quantile(column.reference, [0.05, 0.5, 0.95])
        yield (
            f"Median {column.name} of a patient: {np.median(column.stream):.3g} in the stream, {middle:.3g} "
            f"({low:.3g} to {high:.3g}) among the calibration patients."
        )
    tests = "; ".join(
        f"{_TESTS.get(row.test, row.test)} of {row.column} {row.statistic:.3g}, p = {row.corrected:.2g}"
        for row in contents.compared
    )
    yield f"All at once, by patient and for one look only: {tests}{' (Holm)' * (len(contents.columns) > 1)}."
    yield (
        f"{contents.scored:,} of {contents.rows:,} rows have a score. Patients were found {contents.how}; "
        f"{contents.cells} cells of each were compared."
    )
    if contents.left_out:
        yield (
            f"{formatting.count(len(contents.left_out), 'patient')} with fewer cells left out: "
            f"{', '.join(contents.left_out[:5])}{' ...' * (len(contents.left_out) > 5)}."  # noqa: PLR2004
        )


def _plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")
