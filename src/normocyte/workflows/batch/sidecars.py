"""Sidecars of WebDataset: the JSON file of an image's key in a shard says its site and day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from normocyte.workflows.batch.parquet import ABOUT
from normocyte.workflows.batch.units import Entry

ENDING = ".json"
MOST_BYTES = 2**20
"""A larger JSON file says nothing of one image."""


def with_sidecars(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The images, each with the JSON file of its key, which stands before or behind it in the shard."""
    for _, found in groupby(entries, key=_key):
        members = list(found)
        sidecar = next((one for one in members if _is_sidecar(one)), None)
        images = (one for one in members if not _is_sidecar(one))
        yield from (replace(one, sidecar=sidecar) for one in images) if sidecar else images


def about(data: bytes) -> tuple[str | None, ...]:
    """Site and day of a JSON object; None for what it does not have, and where it is none."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        said = None
    found = [said.get(name) if isinstance(said, dict) else None for name in ABOUT]
    return tuple(str(one) if isinstance(one, str | int | float) else None for one in found)


def _is_sidecar(entry: Entry) -> bool:
    return not entry.fault and entry.name.lower().endswith(ENDING)


def _key(entry: Entry) -> str:
    """The name up to the first full stop behind its folders."""
    folders, slash, name = entry.name.rpartition("/")
    return folders + slash + name.partition(".")[0]
