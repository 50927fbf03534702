"""Summarises the rows of a batch: DuckDB reads them from the Parquet files, in little memory."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
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
_LOOKED_AT = 100
"""The bins of the scores lie where those of so many files do, evenly spread over all."""
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
    """A database whose view `rows` are the rows that count, and `few` those of a few files among all."""
    duckdb = needs("duckdb", "batch")
    database = duckdb.connect(config={"memory_limit": _MEMORY, "autoinstall_known_extensions": "false"})
    try:
        database.execute("SET preserve_insertion_order=false")
        files = [str(part) for part in contents.parts]
        few = files[:: -(-len(files) // _LOOKED_AT)]
        for name, own in (("rows", files), ("few", few)):
            database.from_parquet(own, hive_partitioning=False).create_view(name)
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
    """What a look at some rows says: lowest and highest score, and which columns are filled."""

    low: float | None
    high: float | None
    filled: tuple[str, ...]


def _facts(database: Any, view: str) -> _Facts:
    columns = ", ".join(f"count({name})" for name in COLUMNS)
    asked = f"SELECT min(score), max(score), {columns} FROM {view}"
    low, high, *counts = database.execute(asked).fetchone()
    return _Facts(low, high, _filled(counts))


def _filled(counts: Sequence[int]) -> tuple[str, ...]:
    return tuple(name for name, count in zip(COLUMNS, counts, strict=True) if count)


def _by(asked: str, filled: Sequence[str]) -> tuple[str, str]:
    """What the groups are called, and the expression that gives the group of a row; empty for none."""
    if asked and asked not in COLUMNS:
        _check_pattern(asked)
        quoted = asked.replace("'", "''")
        return asked, f"nullif(regexp_extract(path, '{quoted}', 1), '')"
    name = asked or next(iter(filled), "")
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
    """All rows are read once, and again only where the few looked at first were not like the others."""
    facts, known = _facts(database, "few"), contents.counts
    bins = _bins(database, "few", facts) or _bins(database, "rows", _facts(database, "rows"))
    by, group_of = _by(asked, facts.filled)
    counted = _counted(database, group_of, bins or _empty(0.0, 0.0))
    if counted.filled[:1] != facts.filled[:1] and not asked:
        by, group_of = _by(asked, counted.filled)
        counted = _counted(database, group_of, counted.bins)
    tallies = counted.tallies
    whole = sum((one.counts for one in tallies.values()), start=np.zeros(_FINE, np.intp))
    fine = replace(counted.bins, counts=whole) if whole.any() else None
    return Summary(
        bundle=contents.about["bundle"],
        digest=contents.about["digest"],
        images=known.images,
        scored=known.scored,
        flagged=known.flagged,
        refused=known.refused,
        failed=known.failed,
        causes=tuple(sorted(counted.causes.items(), key=lambda one: (-one[1], one[0]))),
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

    def add(self, place: int | None, images: int, flagged: int) -> None:
        """So many images more, with scores in this bin; None for those without a score."""
        self.images += images
        self.flagged += flagged
        if place is not None:
            self.scores.counts[place] += images

    @property
    def counts(self) -> Numbers:
        """How many scores lie in each bin, (n,)."""
        return self.scores.counts


@dataclass(frozen=True)
class _Counted:
    """All rows counted by group, None for those without one, and by cause; and which columns are filled."""

    bins: _Histogram
    tallies: dict[str | None, _Tally]
    causes: dict[str, int]
    filled: tuple[str, ...]


def _empty(low: float, high: float) -> _Histogram:
    return _Histogram(low, high, np.zeros(_FINE, np.intp))


def _bins(database: Any, view: str, facts: _Facts) -> _Histogram | None:
    """Empty bins from the lowest to the highest thousandth of the scores; None where there are none."""
    if facts.low is None or facts.high is None:
        return None
    whole = _empty(facts.low, facts.high)
    asked = f"SELECT {whole.bin_of}, count(*) FROM {view} WHERE score IS NOT NULL GROUP BY 1"
    for place, count in database.execute(asked).fetchall():
        whole.counts[place] = count
    return _empty(whole.below(_TAIL), whole.below(1 - _TAIL))


def _counted(database: Any, group_of: str, bins: _Histogram) -> _Counted:
    """All rows, read once."""
    tallies: dict[str | None, _Tally] = {}
    causes: dict[str, int] = {}
    columns = dict.fromkeys(COLUMNS, 0)
    counts = ", ".join(f"count({name})" for name in COLUMNS)
    asked = (
        f"SELECT {group_of or 'NULL'}, {bins.bin_of}, cause, count(*), count(*) FILTER (flagged), {counts} "
        "FROM rows GROUP BY 1, 2, 3"
    )
    for name, place, cause, count, flagged, *filled in _fetched(database.execute(asked)):
        tally = tallies.setdefault(name, _Tally(_empty(bins.low, bins.high)))
        _check_count(tallies, name)
        tally.add(place, count, flagged)
        if cause is not None:
            causes[cause] = causes.get(cause, 0) + count
        for column, own in zip(COLUMNS, filled, strict=True):
            columns[column] += own
    return _Counted(bins, tallies, causes, _filled([*columns.values()]))


def _fetched(rows: Any) -> Iterator[tuple[Any, ...]]:
    while several := rows.fetchmany(_FINE):
        yield from several


def _check_count(tallies: dict[str | None, _Tally], name: str | None) -> None:
    if len(tallies) > _MOST_GROUPS:
        raise ConfigError(
            f"`by` makes more than {_MOST_GROUPS:,} groups, such as {name!r}. Give one with fewer."
        )


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
