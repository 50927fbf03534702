"""Monitor: is a stream of scored cells still like the bundle's calibration cells? Patient by patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from normocyte.core.errors import DatasetError
from normocyte.core.fields import Declared, described
from normocyte.core.types import Names, Scores
from normocyte.drift.contract import FEWEST_REFERENCE
from normocyte.drift.energy_distance import EnergyDistance
from normocyte.drift.kolmogorov_smirnov import KolmogorovSmirnov
from normocyte.drift.simple_jumper import SimpleJumper
from normocyte.drift.support.equal_cells import EqualCells, equal_cells
from normocyte.drift.support.traits import TRAITS
from normocyte.metrics.differences.paired import holm
from normocyte.pipeline.bundle.bundle import Bundle
from normocyte.results.monitoring import Account, Column, Compared, Monitored
from normocyte.tables.reading import P_VALUE, SCORE, Rows, read_scored
from normocyte.tables.writing import QUALITY
from normocyte.workflows.monitoring.stream import Stream, careful, find_patients, notes_of, short_names, torn

WATCH_TIMES = 4
"""The bar of "watch" allows so many times the false alarms of "recalibrate"."""

_MOST_RATE = 0.2
_FEWEST_STREAM = 2


@dataclass(frozen=True)
class Watch(Declared):
    """How a stream is watched.

    `cells` of each patient are compared; `false_alarm_rate` is that of "recalibrate"; `patients` says how
    they are found (`stream.find_patients`). Change none of them for a stream that goes on: the guarantee is
    for one way of watching it.
    """

    cells: int = 20
    false_alarm_rate: float = described(0.05, "that of recalibrate", above=0, at_most=_MOST_RATE)
    patients: str = ""
    seed: int = 0


@dataclass(frozen=True)
class Reference:
    """One number of each calibration cell (m,), and whose cell it is (m,)."""

    values: Scores
    patients: Names


def references_of(bundle: Bundle) -> dict[str, Reference]:
    """What the bundle knows of its calibration cells, by the column of scored rows that holds the same."""
    pipeline, patients = bundle.pipeline, bundle.pipeline.calibration.patients
    watched = [measure.name for measure in pipeline.gate.known if measure.is_watched]
    return {SCORE: Reference(pipeline.calibration.scores, patients)} | {
        QUALITY + name: Reference(pipeline.measured[name].astype(np.float64), patients)
        for name in watched
        if name in pipeline.measured
    }


def monitor(bundle: Bundle, files: Sequence[Path | Rows], watch: Watch) -> Monitored:
    """What is found in the rows of these files, or rows in memory, in their order.

    DatasetError when rows, scores or patients are missing or too few.
    """
    references = references_of(bundle)
    scored = read_scored(files, (*references, P_VALUE))
    stream = find_patients(scored, watch.patients)
    columns = [name for name in references if name in scored.columns]
    is_scored = ~np.isnan(scored.columns[SCORE])  # what the gate refused was not among the calibration cells
    pairs = {
        name: _Pair.of(
            references[name], np.where(is_scored, scored.columns[name], np.nan), stream.patients, watch
        )
        for name in columns
    }
    names = stream_names(stream)
    first = pairs[SCORE].stream
    return Monitored(
        patients=tuple(names[name] for name in first.names.tolist()),
        accounts=tuple(account for name in columns for account in _accounts(name, pairs, watch)),
        columns=tuple(pairs[name].column(name) for name in columns),
        compared=_compared(pairs, watch),
        rates=(WATCH_TIMES * watch.false_alarm_rate, watch.false_alarm_rate),
        cells=watch.cells,
        seed=watch.seed,
        rows=len(scored) + scored.repeated,
        scored=int(np.count_nonzero(~np.isnan(scored.columns[SCORE]))),
        how=stream.how,
        left_out=tuple(names[name] for name in first.left_out.tolist()),
        notes=tuple(notes_of(bundle, scored, stream)),
        careful=(*careful(torn(scored, stream, watch.patients)), *mostly_left_out(first)),
    )


def mostly_left_out(stream: EqualCells) -> tuple[str, ...]:
    """That most patients have too few scored cells to be compared; nothing where most have enough."""
    left, kept = len(stream.left_out), len(stream.names)
    if left <= kept:
        return ()
    return (
        f"{left} of {left + kept} patients are left out, because they have fewer than "
        f"{stream.values.shape[1]} scored cells; give fewer `cells`, or the other patients show little.",
    )


def stream_names(stream: Stream) -> dict[str, str]:
    """What each patient is called for a reader."""
    names = np.unique(stream.patients)
    return dict(zip(names.tolist(), short_names(names), strict=True))


@dataclass(frozen=True)
class _Pair:
    """Reference and stream patients with as many cells each."""

    reference: EqualCells
    stream: EqualCells

    @classmethod
    def of(cls, reference: Reference, values: Scores, patients: Names, watch: Watch) -> _Pair:
        """Both drawn; DatasetError when too few patients are left."""
        calibration = equal_cells(
            reference.values, reference.patients, watch.cells, watch.seed, "calibration"
        )
        stream = equal_cells(values, patients, watch.cells, watch.seed, "stream")
        _check("calibration patients of the bundle", calibration, FEWEST_REFERENCE, reference.patients)
        _check("patients of the stream", stream, _FEWEST_STREAM, patients[~np.isnan(values)])
        return cls(calibration, stream)

    def column(self, name: str) -> Column:
        """The medians."""
        median = TRAITS["level"]
        return Column(name, median(self.reference.values), median(self.stream.values))


def _check(whose: str, drawn: EqualCells, fewest: int, patients: Names) -> None:
    if len(drawn.names) >= fewest:
        return
    sizes = np.sort(np.unique(patients, return_counts=True)[1])[::-1]
    advice = (
        f"give `cells={sizes[max(fewest, (len(sizes) + 1) // 2) - 1]}`"
        if len(sizes) >= fewest
        else f"{fewest} patients are needed at least"
    )
    raise DatasetError(
        f"Only {len(drawn.names)} of {len(sizes)} {whose} have {drawn.values.shape[1]} scored cells or more, "
        f"but {fewest} must; {advice}."
    )


def _accounts(name: str, pairs: dict[str, _Pair], watch: Watch) -> list[Account]:
    """The capitals of a column, which has an equal share of the capital of all columns."""
    pair = pairs[name]
    wealth = SimpleJumper(watch.seed).wealth(pair.reference.values, pair.stream.values) / len(pairs)
    return [Account(name, trait, wealth[:, index]) for index, trait in enumerate(TRAITS)]


def _compared(pairs: dict[str, _Pair], watch: Watch) -> tuple[Compared, ...]:
    """Every test of every column; each test's p-values are corrected over the columns."""
    rows: list[Compared] = []
    for test in (KolmogorovSmirnov(watch.seed), EnergyDistance(watch.seed)):
        name = type(test).__module__.rpartition(".")[2]
        found = {key: test.compare(pair.reference.values, pair.stream.values) for key, pair in pairs.items()}
        plain = [
            Compared(name, column, one.statistic, one.p_value, one.p_value) for column, one in found.items()
        ]
        corrected = holm([one.p_value for one in plain])
        rows += [replace(one, corrected=value) for one, value in zip(plain, corrected, strict=True)]
    return tuple(rows)
