"""A split names files that are not UTF-8 as UTF-8 can hold them."""

import os
from pathlib import Path

from normocyte.core.types import HEALTHY, Part, Record, Source
from normocyte.datasets.splits.split import Split


def test_odd_names_and_patients_are_escaped_in_a_split(tmp_path):
    odd = os.fsdecode(b"k\xf6ln")
    records = [
        Record(Source(Path(f"/set/{odd}_{number}.png")), HEALTHY, f"{odd}{number}") for number in (1, 2)
    ]
    Split(tuple(records), (Part.TRAIN, Part.TEST)).save(tmp_path / "split.csv")
    rows = (tmp_path / "split.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert rows == [r"k\xf6ln_1.png,0,k\xf6ln1,,train", r"k\xf6ln_2.png,0,k\xf6ln2,,test"]
