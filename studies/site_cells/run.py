"""Cuts cells of another laboratory and sets a few healthy ones apart, to calibrate a bundle on.

    python -m studies.site_cells --data DIR

`DIR` holds the IML malaria fields. Writes into `--out` the folder `healthy`, with --cells healthy cells of
--fields random fields, a subfolder a field, for `normocyte calibrate`; and `others.csv`, a manifest of all
cells of all other fields, for `normocyte evaluate`.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from normocyte.core.files import csv_text, make_folder, write_text
from normocyte.core.seeds import generator
from normocyte.core.types import HEALTHY, Record
from normocyte.datasets.folder import Folder
from studies.kit.fields import cut_cells, said_of


def drawn(records: Sequence[Record], fields: int, cells: int, seed: int) -> list[Record]:
    """Healthy cells of some fields, as many of each."""
    rng = generator(seed, "site")
    each = cells // fields
    healthy = [record for record in records if record.label == HEALTHY]
    names, counts = np.unique([record.patient for record in healthy], return_counts=True)
    chosen = rng.choice(names[counts >= each], fields, replace=False)
    groups = [[record for record in healthy if record.patient == name] for name in chosen]
    return [own[row] for own in groups for row in rng.choice(len(own), each, replace=False)]


def write_others(records: Sequence[Record], fields: set[str], place: Path) -> int:
    """The manifest of the cells of all other fields; how many they are."""
    others = [record for record in records if record.patient not in fields]
    rows = [(str(r.source.path.resolve()), r.label, r.patient, r.group) for r in others]
    write_text(place, csv_text(("path", "label", "patient", "group"), rows))
    return len(others)


def main() -> None:
    """Cut, draw, write and say how many."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("runs/site"))
    parser.add_argument("--fields", type=int, default=50)
    parser.add_argument("--cells", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    records = Folder(manifest=str(cut_cells(asked.data, asked.out / "cells"))).records()
    own = drawn(records, asked.fields, asked.cells, asked.seed)
    shutil.rmtree(asked.out / "healthy", ignore_errors=True)
    for record in own:
        folder = make_folder(asked.out / "healthy" / record.patient)
        shutil.copy(record.source.path, folder / record.source.name)
    others = write_others(records, {record.patient for record in own}, asked.out / "others.csv")
    print(
        f"{said_of(records)}\n{len(own)} healthy cells of {asked.fields} fields; {others:,} cells of others"
    )


if __name__ == "__main__":
    main()
