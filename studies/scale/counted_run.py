"""A batch that writes down each image that it reads, with units of a chosen size: to be killed.

    python studies/scale/counted_run.py SOURCE TO LOG UNIT [ENGINE [ADDRESS]]

Prints the number of rows after each unit; two processes work. Where a file LOG.hold stands, its number is how
many images may be read in all: who reads one more waits until the file is gone, so that the run cannot end.
"""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from normocyte.core.progress import Silent
from normocyte.workflows.batch import batch as module
from normocyte.workflows.batch import units
from normocyte.workflows.batch.stores import LocalStore

WORKERS = 2
HOLD = ".hold"
_ASKED_EVERY_S = 0.01


@dataclass(frozen=True)
class Counting(LocalStore):
    """Adds a byte to a file for each image that is read, whoever reads it."""

    log: str = ""

    def read(self, address: str) -> bytes:
        """The bytes of an image, counted."""
        log = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(log, b"+")
        place = os.fstat(log).st_size
        os.close(log)
        while place > _allowed(f"{self.log}{HOLD}"):
            time.sleep(_ASKED_EVERY_S)
        return super().read(address)


def _allowed(hold: str) -> float:
    """How many images may be read."""
    try:
        return float(Path(hold).read_text("ascii"))
    except FileNotFoundError:
        return float("inf")


def main(source: str, to: str, log: str, unit: str, engine: str = "local", address: str = "") -> None:
    """Score, and print a line after each unit."""
    units.IMAGES = int(unit)
    module.store_of = lambda address: Counting(address, log)
    request = module.BatchRequest(source, Path(to), workers=WORKERS, engine=engine, address=address)
    module.batch(request, Silent(), hear=lambda pace: print(pace.images, flush=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
