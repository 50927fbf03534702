"""Batch: score all images of a source into a folder, unit by unit, and go on where it was stopped."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from normocyte.core.cancel import CancelToken, Stopped
from normocyte.core.errors import (
    BundleError,
    ConfigError,
    Interrupted,
    NormocyteError,
    OutputError,
    check_installed,
)
from normocyte.core.files import keep_apart, write_bytes
from normocyte.core.progress import Progress
from normocyte.core.version import __version__
from normocyte.core.words import numbered
from normocyte.engine.pool import Engine
from normocyte.pipeline.bundle.bundle import Bundle, open_bundle
from normocyte.pipeline.bundle.folder import DEFAULT
from normocyte.records.counts import Counts, Removed
from normocyte.records.manifest import SCHEMA, Manifest, UnitRecord
from normocyte.workflows.batch.answers import Done
from normocyte.workflows.batch.cluster import LOCAL, Cluster
from normocyte.workflows.batch.listing import Listing
from normocyte.workflows.batch.pace import Clock, Pace
from normocyte.workflows.batch.stores import LocalStore, Store, store_of
from normocyte.workflows.batch.task import ScoreUnits
from normocyte.workflows.batch.units import Unit

ROWS = "rows"
RAY = "ray"
_NAME = 24
"""So many digits of a key name a part: no two differ by chance."""


Hear = Callable[[Pace], None]


def _nobody(_: Pace) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class BatchRequest:
    """Images to be scored, and the folder of their rows.

    Attributes:
        source: a folder, a zip, tar or Parquet file, or an address that fsspec opens.
        to: the folder of the results; one that holds results of the same bundle is gone on with.
        bundle: the folder of the bundle, or `shipped`.
        workers: how many processes work at a time; 0 takes one a core.
        engine: `local` for processes of this machine, or `ray`.
        address: of the head of a Ray cluster; empty begins Ray on this machine.
    """

    source: str
    to: Path
    bundle: Path | Bundle = DEFAULT
    workers: int = 0
    engine: str = LOCAL
    address: str = ""


@dataclass(frozen=True)
class BatchResult:
    """What is in the folder, and what this run did.

    Attributes:
        counts: of all rows.
        decoded: how many images this run decoded; the others were known, or could not be read.
        changed: shards and files that were changed while they were scored; they have no rows yet.
    """

    counts: Counts
    decoded: int
    changed: tuple[str, ...] = ()

    @property
    def sentences(self) -> list[str]:
        """The counts in words, and what was left out."""
        counts = self.counts
        said = (
            f"{numbered(counts.images, 'image')}: {counts.scored:,} scored, {counts.flagged:,} flagged, "
            f"{counts.refused:,} not assessable, {counts.failed:,} failed; "
            f"{self.decoded:,} decoded in this run."
        )
        if not self.changed:
            return [said]
        first = self.changed[0]
        if len(self.changed) == 1:
            told = f"{first} was changed while it was scored: its rows are left out."
        else:
            told = (
                f"{len(self.changed):,} files were changed while they were scored, such as {first}: their "
                "rows are left out."
            )
        return [said, f"{told} Give the command again once nothing writes there."]


def batch(
    request: BatchRequest, progress: Progress, cancel: CancelToken | None = None, hear: Hear = _nobody
) -> BatchResult:
    """Score what has no row yet.

    Args:
        request: the images, what scores them, and where the rows go.
        progress: hears how far it is, in bytes of the source, and sentences for the user.
        cancel: stops the work after the units at hand; by default the current token.
        hear: hears the pace after each unit.

    Returns:
        The counts; the rows are in the folder.

    Raises:
        Interrupted: it was stopped; the same request goes on.
        NormocyteError: of its kinds, for what cannot be used or written.
    """
    _check_engine(request)
    check_installed("pyarrow", "batch")
    bundle = open_bundle(request.bundle)
    store = store_of(request.source)
    if isinstance(store, LocalStore):
        keep_apart(request.to, [Path(request.source)])
    with Manifest(request.to) as manifest:
        _check_bundle(manifest, bundle, request.to)
        return _Run(request, bundle, store, manifest, progress, hear).run(cancel)


def _engine(request: BatchRequest) -> Engine | Cluster:
    if request.engine == RAY:
        return Cluster(request.address or LOCAL, request.workers)
    return Engine(request.workers)


def _check_engine(request: BatchRequest) -> None:
    """ConfigError for an unknown engine, or an address that it has no use for."""
    if request.engine not in (LOCAL, RAY):
        raise ConfigError(f"`engine='{request.engine}'` is none; choose {LOCAL} or {RAY}.")
    if request.address and request.engine != RAY:
        raise ConfigError(
            f"`address='{request.address}'` is that of a Ray cluster; give `engine='ray'`, too."
        )


def _check_bundle(manifest: Manifest, bundle: Bundle, folder: Path) -> None:
    """Results of two bundles never stand in one folder."""
    about = manifest.about()
    own = {"schema": SCHEMA, "bundle": bundle.name, "digest": bundle.digest, "normocyte": __version__}
    if about.get("schema", SCHEMA) == SCHEMA and manifest.is_empty():
        manifest.describe(own)
    elif about["schema"] != SCHEMA:
        raise OutputError(
            f"{folder} holds results in format {about['schema']} of Normocyte {about['normocyte']}; this is "
            f"{__version__}, which writes format {SCHEMA}. Choose another folder."
        )
    elif about["digest"] != bundle.digest:
        raise BundleError(
            f"{folder} holds results of the bundle {about['bundle']} ({about['digest'][:12]}), but this is "
            f"{bundle.name} ({bundle.digest[:12]}). Choose another folder, or give that bundle."
        )


@dataclass
class _Run:
    request: BatchRequest
    bundle: Bundle
    store: Store
    manifest: Manifest
    progress: Progress
    hear: Hear
    decoded: int = 0
    changed: list[str] = field(default_factory=list)
    _pace: Clock = field(init=False)

    def run(self, cancel: CancelToken | None) -> BatchResult:
        self._sweep()
        listing = Listing(self.store, self.manifest, self.progress.tell, self._forget, self._skip)
        total = listing.size()
        self._pace = Clock(total, self.manifest.counts())
        self.progress.begin("Scoring, in bytes", total)
        task = ScoreUnits(self.bundle.folder, self.bundle.digest, self.store, self.request.to)
        with contextlib.closing(task), _engine(self.request) as engine, self._said():
            for unit, done in engine.as_done(task, listing.undone(), cancel):
                self._take(unit, done)
        return BatchResult(self.manifest.counts(), self.decoded, tuple(dict.fromkeys(self.changed)))

    def _take(self, unit: Unit, done: Done) -> None:
        """Write the rows of a unit, then say in the manifest that they count."""
        self.decoded += done.decoded
        if done.changed:
            self.changed.append(done.changed)
            return
        part = f"{ROWS}/{_folder_name(unit.shard)}/{unit.key[:_NAME]}.parquet"
        write_bytes(self.request.to / part, done.part)
        hash_ = hashlib.sha256(done.part).hexdigest()
        record = UnitRecord(
            unit.key,
            unit.shard,
            unit.stamp,
            unit.first,
            unit.last,
            part,
            hash_,
            unit.size,
            done.unread,
            done.counts,
        )
        self._forget(self.manifest.commit(record, done.known))
        pace = self._pace.after(unit.size, done.counts)
        self.progress.advance(unit.size, f"{pace.images:,} images, {pace.rate:.0f} a second")
        self.hear(pace)

    def _skip(self, size: int) -> None:
        self._pace.skip(size)
        self.progress.advance(size)

    def _forget(self, removed: Removed) -> None:
        """These rows no longer count, nor do their files."""
        self._pace.remove(removed.counts)
        self._drop(removed.parts)

    def _drop(self, parts: Iterable[str]) -> None:
        """Remove files whose rows no longer count; one that stays is removed by the next run."""
        for part in parts:
            with contextlib.suppress(OSError):
                (self.request.to / part).unlink()

    def _sweep(self) -> None:
        """Remove what a killed run left; units whose file is lost are done again."""
        self._drop(self.manifest.compare(_parts(self.request.to)))

    @contextlib.contextmanager
    def _said(self) -> Iterator[None]:
        """What ends the work early keeps its type, and says how far it came."""
        try:
            yield
        except Stopped as error:
            raise Interrupted(f"The batch was stopped after {self._kept}") from error
        except NormocyteError as error:
            if self._pace.counts.images:
                error.add_note(f"It happened after {self._kept}")
            raise

    @property
    def _kept(self) -> str:
        images = f"{self._pace.counts.images:,} images; their rows are in {self.request.to}"
        return f"{images}. Give the same command to go on."


def _folder_name(shard: str) -> str:
    """A folder for the parts of a shard: its name in plain letters, and a hash of the whole."""
    name = "".join(
        letter if (letter.isalnum() and letter.isascii()) or letter in "-_." else "_" for letter in shard
    )
    return f"{name[-40:].strip('._') or 'shard'}-{hashlib.sha256(os.fsencode(shard)).hexdigest()[:8]}"


def _parts(folder: Path) -> Iterator[str]:
    """The files of rows that are there, as the manifest calls them."""
    with contextlib.suppress(FileNotFoundError), os.scandir(folder / ROWS) as shards:
        for shard in filter(os.DirEntry.is_dir, shards):
            with os.scandir(shard) as found:
                names = (f"{ROWS}/{shard.name}/{one.name}" for one in found if one.is_file())
                yield from filter(str.isascii, names)  # another name is not ours
