"""A batch that writes down each image that it reads, with units of a chosen size: to be killed.

    python studies/scale/counted_run.py SOURCE TO LOG UNIT [ENGINE [ADDRESS]]

Prints the number of rows after each unit; two processes work.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from normocyte.core.progress import Silent
from normocyte.workflows.batch import batch as module
from normocyte.workflows.batch import units
from normocyte.workflows.batch.stores import LocalStore

WORKERS = 2


@dataclass(frozen=True)
class Counting(LocalStore):
    """Adds a byte to a file for each image that is read, whoever reads it."""

    log: str = ""

    def read(self, address: str) -> bytes:
        """The bytes of an image, counted."""
        log = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(log, b"+")
        os.close(log)
        return super().read(address)


def main(source: str, to: str, log: str, unit: str, engine: str = "local", address: str = "") -> None:
    """Score, and print a line after each unit."""
    units.IMAGES = int(unit)
    module.store_of = lambda address: Counting(address, log)
    request = module.BatchRequest(source, Path(to), workers=WORKERS, engine=engine, address=address)
    module.batch(request, Silent(), hear=lambda pace: print(pace.images, flush=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
