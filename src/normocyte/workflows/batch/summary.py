"""Summarises the rows of a batch: DuckDB reads them from the Parquet files, in little memory."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import log, sqrt
from pathlib import Path
from typing import Any

import numpy as np

from normocyte.core.errors import ConfigError, DatasetError, needs
from normocyte.core.types import Floats, Numbers
from normocyte.records.manifest import Contents, contents_of
from normocyte.results.batch import Group, Summary

COLUMNS = ("day", "site")
BARS = 40
_FINE = 2000
_MEMORY = "256MB"
_SHARES = (0.01, 0.25, 0.5, 0.75, 0.99)
_ALPHA = 0.05
_TAIL = 0.001
_MOST_GROUPS = 2000
_MIDDLE = 0.5


@dataclass(frozen=True)
class SummaryRequest:
    """A folder of results, and what its images are grouped by.

    Attributes:
        folder: the folder that a batch wrote.
        by: `day`, `site`, or a regular expression with one group for the path; empty for the first of the
            columns day and site that is filled, if any.
    """

    folder: Path
    by: str = ""


def summarise(request: SummaryRequest) -> Summary:
    """Counts, causes, score distribution, and how groups differ.

    DatasetError for a folder without results or rows, ConfigError for an impossible `by`, and
    MissingExtraError without the extra "batch".
    """
    needs("duckdb", "batch")
    contents = contents_of(request.folder)
    if not contents.parts:
        raise DatasetError(
            f"There are 0 rows in {request.folder} yet. Wait until normocyte batch wrote some."
        )
    with _rows(contents) as database:
        return _summary(database, contents, request.by)


@contextlib.contextmanager
def _rows(contents: Contents) -> Iterator[Any]:
    """A database whose view `rows` are the rows that count."""
    duckdb = needs("duckdb", "batch")
    database = duckdb.connect(config={"memory_limit": _MEMORY, "autoinstall_known_extensions": "false"})
    try:
        database.execute("SET preserve_insertion_order=false")
        database.execute("SET parquet_metadata_cache=true")
        files = [str(part) for part in contents.parts]
        database.from_parquet(files, hive_partitioning=False).create_view("rows")
        yield database
    except duckdb.Error as error:
        raise DatasetError(
            f"The rows cannot be read: {str(error).splitlines()[0]}. Give normocyte batch again with "
            "the same folder, which makes lost files anew."
        ) from error
    finally:
        database.close()


@dataclass(frozen=True)
class _Facts:
    """What one look at all rows says: causes, lowest and highest score, and which columns are filled."""

    causes: tuple[tuple[str, int], ...]
    low: float | None
    high: float | None
    filled: tuple[str, ...]


def _facts(database: Any) -> _Facts:
    columns = ", ".join(f"count({name})" for name in COLUMNS)
    asked = (
        f"SELECT cause, count(*), min(score), max(score), {columns} FROM rows GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    rows = database.execute(asked).fetchall()
    causes = tuple((str(cause), int(count)) for cause, count, *_ in rows if cause is not None)
    lows, highs = ([row[at] for row in rows if row[at] is not None] for at in (2, 3))
    filled = tuple(name for at, name in enumerate(COLUMNS, start=4) if any(row[at] for row in rows))
    return _Facts(causes, min(lows, default=None), max(highs, default=None), filled)


def _by(asked: str, facts: _Facts) -> tuple[str, str]:
    """What the groups are called, and the expression that gives the group of a row; empty for none."""
    if asked and asked not in COLUMNS:
        _check_pattern(asked)
        quoted = asked.replace("'", "''")
        return asked, f"nullif(regexp_extract(path, '{quoted}', 1), '')"
    name = asked or next(iter(facts.filled), "")
    return name, name


def _check_pattern(pattern: str) -> None:
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        raise ConfigError(f"`by='{pattern}'` is no regular expression: {error}.") from error
    if groups != 1:
        raise ConfigError(
            f"`by='{pattern}'` has {groups} groups; give day, site, or a regular expression with one "
            "group for the path, such as 'site-([a-z]+)'."
        )


def _summary(database: Any, contents: Contents, asked: str) -> Summary:
    facts, known = _facts(database), contents.counts
    by, group_of = _by(asked, facts)
    tallies = _tallies(database, group_of, _bins(database, facts))
    whole = sum((one.counts for one in tallies.values()), start=np.zeros(_FINE, np.intp))
    fine = replace(next(iter(tallies.values())).scores, counts=whole) if whole.any() else None
    return Summary(
        bundle=contents.about["bundle"],
        digest=contents.about["digest"],
        images=known.images,
        scored=known.scored,
        flagged=known.flagged,
        refused=known.refused,
        failed=known.failed,
        causes=facts.causes,
        edges=tuple(fine.edges[:: _FINE // BARS].tolist()) if fine else (),
        bars=tuple(whole.reshape(BARS, -1).sum(axis=1).tolist()) if fine else (),
        quantiles=tuple(fine.below(share) for share in _SHARES) if fine else (),
        by=by,
        groups=_groups(tallies),
    )


@dataclass(frozen=True)
class _Histogram:
    """Scores counted in fine bins (n,) from `low` to `high`; those beyond lie in the outer ones."""

    low: float
    high: float
    counts: Numbers

    @property
    def edges(self) -> Floats:
        """The edges of the bins, (n + 1,)."""
        return np.linspace(self.low, self.high, _FINE + 1)

    @property
    def cumulated(self) -> Floats:
        """The share of the scores below each inner edge and the last, (n,)."""
        return np.asarray(np.cumsum(self.counts) / max(self.counts.sum(), 1))

    def below(self, share: float) -> float:
        """The score below which this share lies."""
        return float(np.interp(share, np.concatenate([[0.0], self.cumulated]), self.edges))

    @property
    def bin_of(self) -> str:
        """The expression that gives the bin of a score, NULL for none, which `least` would leave out."""
        width = (self.high - self.low) / _FINE or 1.0
        place = f"least(greatest(floor((score - {self.low!r}) / {width!r}), 0), {_FINE - 1})::INTEGER"
        return f"CASE WHEN score IS NOT NULL THEN {place} END"


@dataclass
class _Tally:
    """One group: its scores in fine bins, and how many of its images there are and are flagged."""

    scores: _Histogram
    images: int = 0
    flagged: int = 0

    @property
    def counts(self) -> Numbers:
        """How many scores lie in each bin, (n,)."""
        return self.scores.counts


def _bins(database: Any, facts: _Facts) -> _Histogram:
    """Empty bins from the lowest to the highest thousandth of all scores."""
    whole = _Histogram(facts.low or 0.0, facts.high or 0.0, np.zeros(_FINE, np.intp))
    asked = f"SELECT {whole.bin_of}, count(*) FROM rows WHERE score IS NOT NULL GROUP BY 1"
    for place, count in database.execute(asked).fetchall():
        whole.counts[place] = count
    return _Histogram(whole.below(_TAIL), whole.below(1 - _TAIL), np.zeros(_FINE, np.intp))


def _tallies(database: Any, group_of: str, bins: _Histogram) -> dict[str | None, _Tally]:
    """All rows by group, None for those without one."""
    found: dict[str | None, _Tally] = {}
    counts = f"{bins.bin_of}, count(*), count(*) FILTER (flagged)"
    rows = database.execute(f"SELECT {group_of or 'NULL'}, {counts} FROM rows GROUP BY 1, 2")
    while several := rows.fetchmany(_FINE):
        for name, place, count, flagged in several:
            tally = found.setdefault(name, _Tally(replace(bins, counts=np.zeros(_FINE, np.intp))))
            tally.images += count
            tally.flagged += flagged
            if place is not None:
                tally.counts[place] += count
        if len(found) > _MOST_GROUPS:
            raise ConfigError(
                f"`by` makes more than {_MOST_GROUPS:,} groups, such as {name!r}. Give one with fewer."
            )
    return found


def _groups(tallies: dict[str | None, _Tally]) -> tuple[Group, ...]:
    """Each group in the order of names, compared with all other rows that have a group."""
    named = {name: tally for name, tally in tallies.items() if name is not None}
    total = sum((one.counts for one in named.values()), start=np.zeros(_FINE, np.intp))
    return tuple(_group(name, named[name], total, len(named)) for name in sorted(named))


def _group(name: str, tally: _Tally, total: Numbers, groups: int) -> Group:
    own, others = tally.scores, replace(tally.scores, counts=total - tally.counts)
    scored, rest = int(own.counts.sum()), int(others.counts.sum())
    median = own.below(_MIDDLE) if scored else None
    plain = Group(str(name), tally.images, scored, tally.flagged, median)
    if not scored or not rest:
        return plain
    distance = float(np.abs(own.cumulated - others.cumulated).max())
    by_chance = sqrt(-log(_ALPHA / groups / 2) / 2 * (scored + rest) / (scored * rest))
    return replace(plain, distance=distance, is_unlike=distance > by_chance)
