"""The manifest of a batch: which units of work are done, and what is known of each image's content."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from normocyte.core.errors import DatasetError, OutputError
from normocyte.core.files import make_folder
from normocyte.records._database import connected, speaking
from normocyte.records.counts import Counts, Removed

FILE = "manifest.sqlite"
LOCK = "running.sqlite"
SCHEMA = "2"
_ASKED_AT_ONCE = 500
"""SQLite takes at most 999 values in a statement where it is old."""

_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE shards (shard TEXT PRIMARY KEY, stamp TEXT NOT NULL, units INTEGER NOT NULL);
CREATE TABLE units (
    key TEXT PRIMARY KEY, shard TEXT NOT NULL, stamp TEXT NOT NULL, first BLOB NOT NULL, last BLOB NOT NULL,
    part TEXT NOT NULL, hash TEXT NOT NULL, size INTEGER NOT NULL, unread INTEGER NOT NULL,
    images INTEGER NOT NULL, scored INTEGER NOT NULL, flagged INTEGER NOT NULL,
    refused INTEGER NOT NULL, failed INTEGER NOT NULL
);
CREATE INDEX units_in_order ON units (shard, first);
CREATE TABLE known (
    hash TEXT PRIMARY KEY, score REAL, flagged INTEGER, p_value REAL, verdict TEXT NOT NULL, cause TEXT,
    error TEXT NOT NULL, picture TEXT NOT NULL
) WITHOUT ROWID;
"""

_GIVEN_BACK = "RETURNING part, images, scored, flagged, refused, failed"
_REPLACED = f"""
DELETE FROM units WHERE shard=?1 AND last>=?2 AND first<=?3 AND first>=coalesce(
    (SELECT max(first) FROM units WHERE shard=?1 AND first<=?2), ?2
) {_GIVEN_BACK}
"""
_UNSEEN = f"DELETE FROM units WHERE shard=? AND key NOT IN temp.seen {_GIVEN_BACK}"


class Known(NamedTuple):
    """What a bundle made of an image with this content; None where there is no number."""

    hash: str
    score: float | None
    flagged: bool | None
    p_value: float | None
    verdict: str
    cause: str | None
    error: str
    picture: str


@dataclass(frozen=True)
class UnitRecord:
    """A unit that is done.

    Its images lie in the shard from `first` to `last`; its rows are in the file `part`, whose SHA-256 is
    `hash`. `size` is how many bytes were its work. The bytes of `unread` images could not be had: with any,
    the unit is done again by the next run, and its rows count until then.
    """

    key: str
    shard: str
    stamp: str
    first: bytes
    last: bytes
    part: str
    hash: str
    size: int
    unread: int
    counts: Counts


class Manifest:
    """The manifest in a folder of results; a context manager. One process at a time may hold it.

    Every method raises OutputError where the database cannot be read or written, as with a full disk.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / FILE
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Open it, make it where there is none, and keep others out."""
        make_folder(self.folder)
        with contextlib.ExitStack() as stack, speaking(self._path):
            self._keep_others_out(stack)
            self._database = stack.enter_context(contextlib.closing(connected(self._path)))
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=FULL")
            if _is_new(self._database):
                self._database.executescript(f"BEGIN;{_TABLES}COMMIT;")
            self._database.execute("CREATE TEMP TABLE seen (key TEXT PRIMARY KEY)")
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self._stack.close()

    def _keep_others_out(self, stack: contextlib.ExitStack) -> None:
        """A lock that the system frees when the process ends, however it ends."""
        lock = stack.enter_context(contextlib.closing(connected(self.folder / LOCK, wait_s=0)))
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise OutputError(
                f"Another batch writes into {self.folder}. Wait until it ends, or choose another folder."
            ) from error

    def about(self) -> dict[str, str]:
        """What the results are of: format, name and digest of the bundle; empty when it is new."""
        with speaking(self._path):
            return _about(self._database)

    def is_empty(self) -> bool:
        """Whether nothing was scored into it yet: no unit is done, and nothing is known of any content."""
        with speaking(self._path):
            asked = "SELECT 1 FROM units UNION ALL SELECT 1 FROM known LIMIT 1"
            return self._database.execute(asked).fetchone() is None

    def describe(self, about: dict[str, str]) -> None:
        """Write down what the results are of."""
        with self._writing() as database:
            database.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())

    def is_done(self, key: str) -> bool:
        """Whether the unit is done and all its bytes could be had; it counts as seen from now on."""
        with speaking(self._path):
            self._database.execute("INSERT OR IGNORE INTO temp.seen VALUES (?)", (key,))
            asked = "SELECT 1 FROM units WHERE key=? AND NOT unread"
            return bool(self._database.execute(asked, (key,)).fetchone())

    def is_whole(self, shard: str, stamp: str) -> bool:
        """Whether all units of a shard are done, and it is as it was then."""
        asked = (
            "SELECT 1 FROM shards WHERE shard=?1 AND stamp=?2 AND units>0 "
            "AND units=(SELECT count(*) FROM units WHERE shard=?1 AND stamp=?2 AND NOT unread)"
        )
        with speaking(self._path):
            return bool(self._database.execute(asked, (shard, stamp)).fetchone())

    def close_shard(self, shard: str, stamp: str, units: int) -> Removed:
        """A shard is listed to its end: forget its units that were not seen, and give what these were."""
        with self._writing() as database:
            database.execute("INSERT OR REPLACE INTO shards VALUES (?, ?, ?)", (shard, stamp, units))
            unseen = database.execute(_UNSEEN, (shard,)).fetchall()
            database.execute("DELETE FROM temp.seen")
        return Removed.of(unseen)

    def keep_shards(self, below: str, there: Iterable[str]) -> Removed:
        """A folder is listed to its end: forget the shards `below` it that are not `there`, as above."""
        within = "FROM {} WHERE substr(shard, 1, length(?1))=?1 AND shard NOT IN temp.there"
        with self._writing() as database:
            database.execute("CREATE TEMP TABLE there (shard TEXT PRIMARY KEY) WITHOUT ROWID")
            database.executemany("INSERT INTO temp.there VALUES (?)", ((shard,) for shard in there))
            gone = database.execute(f"DELETE {within.format('units')} {_GIVEN_BACK}", (below,)).fetchall()
            database.execute(f"DELETE {within.format('shards')}", (below,))
            database.execute("DROP TABLE temp.there")
        return Removed.of(gone)

    def commit(self, unit: UnitRecord, known: Iterable[Known]) -> Removed:
        """A unit is done: its rows count, older ones of its range no longer; gives what these were.

        Ranges of a shard never overlap: of those that begin before this one only the last may reach into it.
        """
        values = (*astuple(unit)[:-1], *astuple(unit.counts))
        marks = ", ".join("?" * len(values))
        with self._writing() as database:
            old = database.execute(_REPLACED, (unit.shard, unit.first, unit.last)).fetchall()
            database.execute(f"INSERT OR REPLACE INTO units VALUES ({marks})", values)
            database.executemany(
                "INSERT INTO known VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING",
                sorted(known, key=attrgetter("hash")),  # in the order of the table: a third less work
            )
        return Removed.of(old, but=unit.part)

    def compare(self, there: Iterable[str]) -> list[str]:
        """Forget the units whose parts are not among these files; gives the files that are no part."""
        with self._writing() as database:
            database.execute("CREATE TEMP TABLE there (part TEXT PRIMARY KEY) WITHOUT ROWID")
            database.executemany("INSERT INTO temp.there VALUES (?)", ((part,) for part in there))
            database.execute("DELETE FROM units WHERE part NOT IN temp.there")
            strays = "SELECT part FROM temp.there EXCEPT SELECT part FROM units"
            found = [part for (part,) in database.execute(strays)]
            database.execute("DROP TABLE temp.there")
        return found

    def parts(self) -> list[str]:
        """The parts whose rows count, in the order of shards and of the images in them."""
        with speaking(self._path):
            return _parts(self._database)

    def counts(self) -> Counts:
        """The counts of all units that are done."""
        with speaking(self._path):
            return _counts(self._database)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A block of which either all is written or nothing."""
        with speaking(self._path):
            self._database.execute("BEGIN IMMEDIATE")
            with self._database:
                yield self._database


@dataclass(frozen=True)
class Contents:
    """What a folder of results holds: of what, the counts, and the files whose rows count, in order."""

    about: dict[str, str]
    counts: Counts
    parts: tuple[Path, ...]


def contents_of(folder: Path) -> Contents:
    """What is in a folder of results, also while a batch writes into it; DatasetError where it is none."""
    path = folder / FILE
    if not path.is_file():
        raise DatasetError(f"There are no results of a batch in {folder}: {FILE} is missing. Check the path.")
    with speaking(path), contextlib.closing(connected(path, mode="ro")) as database:
        database.execute("BEGIN")
        if _is_new(database):
            return Contents({}, Counts(), ())
        parts = tuple(folder / part for part in _parts(database))
        return Contents(_about(database), _counts(database), parts)


def _is_new(database: sqlite3.Connection) -> bool:
    return not database.execute("SELECT 1 FROM sqlite_master WHERE name='about'").fetchone()


def _about(database: sqlite3.Connection) -> dict[str, str]:
    return dict(database.execute("SELECT name, value FROM about"))


def _counts(database: sqlite3.Connection) -> Counts:
    sums = ", ".join(f"coalesce(sum({one.name}), 0)" for one in fields(Counts))
    return Counts(*database.execute(f"SELECT {sums} FROM units").fetchone())


def _parts(database: sqlite3.Connection) -> list[str]:
    return [part for (part,) in database.execute("SELECT part FROM units ORDER BY shard, first")]


class KnownResults:
    """Looks up what is known of contents, in any process; knows nothing where there is no manifest."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._database: sqlite3.Connection | None = None

    def of(self, hashes: Sequence[str]) -> dict[str, Known]:
        """What is known of these contents, by hash."""
        if self._database is None:
            if not self._path.is_file():
                return {}
            with speaking(self._path):
                self._database = connected(self._path, mode="ro")
        found: dict[str, Known] = {}
        for start in range(0, len(hashes), _ASKED_AT_ONCE):
            asked = hashes[start : start + _ASKED_AT_ONCE]
            wanted = f"SELECT * FROM known WHERE hash IN ({', '.join('?' * len(asked))})"
            with speaking(self._path):
                rows = self._database.execute(wanted, asked).fetchall()
            found |= {row[0]: _known(row) for row in rows}
        return found

    def close(self) -> None:
        """Close the database."""
        if self._database is not None:
            self._database.close()
            self._database = None


def _known(row: tuple[object, ...]) -> Known:
    one = Known(*row)  # type: ignore[arg-type]
    return one._replace(flagged=None if one.flagged is None else bool(one.flagged))
