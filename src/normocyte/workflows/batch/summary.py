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
_MOST_GROUPS = 10_000


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
        by = _by(database, request.by)
        return _summary(database, contents, by)


@contextlib.contextmanager
def _rows(contents: Contents) -> Iterator[Any]:
    """A database whose view `rows` are the rows that count."""
    duckdb = needs("duckdb", "batch")
    database = duckdb.connect(config={"memory_limit": _MEMORY, "autoinstall_known_extensions": "false"})
    try:
        database.execute("SET preserve_insertion_order=false")
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


def _by(database: Any, asked: str) -> tuple[str, str]:
    """What the groups are called, and the expression that gives the group of a row; empty for none."""
    if asked in COLUMNS:
        return asked, asked
    if asked:
        _check_pattern(asked)
        quoted = asked.replace("'", "''")
        return asked, f"nullif(regexp_extract(path, '{quoted}', 1), '')"
    counts = database.execute(f"SELECT {', '.join(f'count({one})' for one in COLUMNS)} FROM rows").fetchone()
    filled = next((name for name, count in zip(COLUMNS, counts, strict=True) if count), "")
    return filled, filled


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


def _summary(database: Any, contents: Contents, by: tuple[str, str]) -> Summary:
    causes = database.execute(
        "SELECT cause, count(*) FROM rows WHERE cause IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    fine = _fine(database)
    known = contents.counts
    return Summary(
        bundle=contents.about["bundle"],
        digest=contents.about["digest"],
        images=known.images,
        scored=known.scored,
        flagged=known.flagged,
        refused=known.refused,
        failed=known.failed,
        causes=tuple((str(cause), int(count)) for cause, count in causes),
        edges=tuple(fine.edges[:: _FINE // BARS].tolist()) if fine else (),
        bars=tuple(fine.counts.reshape(BARS, -1).sum(axis=1).tolist()) if fine else (),
        quantiles=tuple(fine.below(share) for share in _SHARES) if fine else (),
        by=by[0],
        groups=_groups(database, by[1], fine) if fine and by[1] else (),
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
        """The expression that gives the bin of a score."""
        width = (self.high - self.low) / _FINE or 1.0
        return f"least(greatest(floor((score - {self.low!r}) / {width!r}), 0), {_FINE - 1})::INTEGER"


def _fine(database: Any) -> _Histogram | None:
    """All scores, in bins from the lowest to the highest thousandth; None where there are none."""
    low, high = database.execute("SELECT min(score), max(score) FROM rows").fetchone()
    if low is None:
        return None
    whole = _counted(database, _Histogram(low, high, np.zeros(0, np.intp)))
    return _counted(database, replace(whole, low=whole.below(_TAIL), high=whole.below(1 - _TAIL)))


def _counted(database: Any, bins: _Histogram) -> _Histogram:
    counts = np.zeros(_FINE, np.intp)
    asked = f"SELECT {bins.bin_of}, count(*) FROM rows WHERE score IS NOT NULL GROUP BY 1"
    for place, count in database.execute(asked).fetchall():
        counts[place] = count
    return replace(bins, counts=counts)


def _groups(database: Any, by: str, fine: _Histogram) -> tuple[Group, ...]:
    """Each group in the order of names, compared with all other rows that have a group."""
    asked = (
        f"SELECT {by} AS name, count(*), count(score), count(*) FILTER (flagged) FROM rows "
        f"WHERE name IS NOT NULL GROUP BY 1 ORDER BY 1 LIMIT {_MOST_GROUPS + 1}"
    )
    found = database.execute(asked).fetchall()
    if len(found) > _MOST_GROUPS:
        raise ConfigError(
            f"`by` makes more than {_MOST_GROUPS:,} groups, such as {found[0][0]!r}. Give one with fewer."
        )
    names = [name for name, *_ in found]
    tables = dict(zip(names, np.zeros((len(names), _FINE), np.intp), strict=True))
    bins = (
        f"SELECT {by} AS name, {fine.bin_of}, count(*) FROM rows WHERE score IS NOT NULL AND name IS NOT NULL"
    )
    for name, place, count in database.execute(f"{bins} GROUP BY 1, 2").fetchall():
        tables[name][place] = count
    total = np.sum([*tables.values()], axis=0) if tables else np.zeros(_FINE, np.intp)
    return tuple(_group(fine, row, tables[row[0]], total, len(names)) for row in found)


def _group(
    fine: _Histogram, row: tuple[str, int, int, int], counts: Numbers, total: Numbers, groups: int
) -> Group:
    name, images, scored, flagged = row
    own, others = replace(fine, counts=counts), replace(fine, counts=total - counts)
    rest = int(others.counts.sum())
    if not scored or not rest:
        return Group(str(name), images, scored, flagged, own.below(0.5) if scored else None)
    distance = float(np.abs(own.cumulated - others.cumulated).max())
    by_chance = sqrt(-log(_ALPHA / groups / 2) / 2 * (scored + rest) / (scored * rest))
    return Group(str(name), images, scored, flagged, own.below(0.5), distance, distance > by_chance)
