"""Progress for a scheduler: one JSON object a line, on standard output."""

import dataclasses
import json
import math

import typer

from normocyte.core.progress import Silent
from normocyte.workflows.batch.batch import BatchResult
from normocyte.workflows.batch.pace import Pace


class JsonLines(Silent):
    """Prints what it hears; each object has its kind in `event`: note, progress or end."""

    def tell(self, sentence: str) -> None:
        """A sentence for the user."""
        if sentence:
            _print("note", sentence=str(sentence))

    def hear(self, pace: Pace) -> None:
        """How far it is; `remaining_s` is null while nothing is known."""
        known = dataclasses.asdict(pace)
        remaining = None if math.isnan(pace.remaining_s) else round(pace.remaining_s, 1)
        _print("progress", **known | {"rate": round(pace.rate, 1), "remaining_s": remaining})

    def end(self, found: BatchResult) -> None:
        """The counts of all rows."""
        counts = dataclasses.asdict(found.counts)
        _print("end", **counts, decoded=found.decoded, changed=list(found.changed))


def _print(event: str, **values: object) -> None:
    typer.echo(json.dumps({"event": event, **values}))
