"""A batch in units of two images that writes down each image that it reads: to be killed by a test."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from normocyte.core.progress import Silent
from normocyte.workflows.batch import batch as module
from normocyte.workflows.batch import units
from normocyte.workflows.batch.stores import LocalStore


@dataclass(frozen=True)
class Counting(LocalStore):
    """Adds a byte to a file for each image that is read, whoever reads it."""

    log: str = ""

    def read(self, address):
        log = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(log, b"+")
        os.close(log)
        return super().read(address)


def _tell(pace):
    sys.stdout.write(f"{pace.images}\n")
    sys.stdout.flush()


def main(source, to, log):
    """Score, and print a line after each unit."""
    units.IMAGES = 2
    module.store_of = lambda address: Counting(address, log)
    request = module.BatchRequest(source, Path(to), workers=2)
    module.batch(request, Silent(), hear=_tell)


if __name__ == "__main__":
    main(*sys.argv[1:])
