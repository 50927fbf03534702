"""What a worker does with a unit: read, hash, look up, score what is new, and encode the rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from normocyte.core.errors import BundleError, ImageError
from normocyte.engine.pool import CHUNK
from normocyte.pipeline.bundle.bundle import Bundle, open_bundle
from normocyte.records.manifest import Known, KnownResults
from normocyte.workflows.batch.answers import Done, Judge, counted, encoded, unread
from normocyte.workflows.batch.members import Fetch, Shelf, damage, fault, from_tar, from_zip
from normocyte.workflows.batch.parquet import Stored, from_parquet
from normocyte.workflows.batch.sidecars import about
from normocyte.workflows.batch.stores import Store
from normocyte.workflows.batch.units import Entry, Kind, Unit


@dataclass
class ScoreUnits:
    """Scores units with the bundle in a folder; `results` is the folder that says what is known already."""

    bundle: Path
    digest: str
    store: Store
    results: Path
    _opened: list[Any] = field(default_factory=list, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """Without what is open: each process opens its own."""
        return {**self.__dict__, "_opened": []}

    def __call__(self, unit: Unit) -> Done:
        """The rows of a unit."""
        judge, shelf = self._tools()
        answers: list[tuple[Stored, Known]] = []
        new: dict[str, Known] = {}
        decoded = 0
        images = _stored(self.store, unit, shelf)
        while chunk := list(islice(images, CHUNK)):
            found, count = judge(chunk, new)
            answers += zip([replace(one, data=b"") for one in chunk], found, strict=True)
            decoded += count
        return Done(
            encoded(answers),
            counted(answers),
            unread(answers),
            decoded,
            tuple(new.values()),
            changed(self.store, unit),
        )

    def close(self) -> None:
        """Close what this process opened."""
        for one in self._opened:
            one.close()
        self._opened.clear()

    def _tools(self) -> tuple[Judge, Shelf]:
        if not self._opened:
            pipeline = _as_it_was(self.bundle, self.digest).pipeline
            self._opened += [Judge(pipeline, KnownResults(self.results)), Shelf()]
        judge, shelf = self._opened
        return judge, shelf


def _as_it_was(folder: Path, digest: str) -> Bundle:
    bundle = open_bundle(folder)
    if bundle.digest != digest:
        raise BundleError(
            f"The bundle {folder} was replaced during the run: it was {digest[:12]} and is "
            f"{bundle.digest[:12]}. Choose another folder for its results."
        )
    return bundle


def changed(store: Store, unit: Unit) -> str:
    """The file that is no longer as it was listed; empty where all are."""
    if unit.stamp:
        return "" if store.stamp(unit.address) == unit.stamp else unit.address
    stamped = (entry for entry in unit.entries if entry.stamp and store.is_local)
    return next((one.name for one in stamped if store.stamp(one.name) != one.stamp), "")


def _stored(store: Store, unit: Unit, shelf: Shelf) -> Iterator[Stored]:
    """The images of a unit with their bytes; what cannot be had says why."""
    if unit.kind is Kind.PARQUET and not unit.entries[0].fault:
        yield from _of_parquet(store, unit)
        return
    fetch = _fetch_of(store, unit, shelf)
    for entry in unit.entries:
        name = entry.name.rpartition("/")[2]
        if entry.fault:
            yield Stored(entry.path, name, fault=entry.fault)
            continue
        try:
            yield Stored(entry.path, name, fetch(entry), "", *_about(entry, fetch))
        except ImageError as error:
            yield Stored(entry.path, name, fault=str(error))


def _about(entry: Entry, fetch: Fetch) -> tuple[str | None, ...]:
    """Site and day of an image, of its sidecar; a damaged one says nothing."""
    try:
        return about(fetch(entry.sidecar)) if entry.sidecar else ()
    except ImageError:
        return ()


def _fetch_of(store: Store, unit: Unit, shelf: Shelf) -> Fetch:
    if unit.kind is Kind.ZIP:
        return from_zip(store, unit, shelf)
    return from_tar(store, unit, shelf) if unit.kind is Kind.TAR else lambda entry: store.read(entry.name)


def _of_parquet(store: Store, unit: Unit) -> Iterator[Stored]:
    count = 0
    try:
        for one in from_parquet(store, unit):
            yield one
            count += 1
    except damage() as error:
        row = unit.entries[0].start + count
        why = fault(unit.address, f"its rows from {row:,} on are damaged ({error})")
        yield Stored(f"{unit.address}!{row}", "", fault=why.fault)
