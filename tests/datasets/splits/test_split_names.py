"""A split names files that are not UTF-8 in a way that is found again."""

import os
from pathlib import Path

from normocyte.core.types import HEALTHY, Part, Record, Source
from normocyte.datasets.splits import split_file


def test_odd_names_and_patients_come_back_from_a_split(tmp_path):
    odd = os.fsdecode(b"k\xf6ln")
    records = [
        Record(Source(Path(f"/set/{odd}_{number}.png")), HEALTHY, f"{odd}{number}") for number in (1, 2)
    ]
    parts = [Part.TRAIN, Part.TEST]
    split_file.write(tmp_path / "split.csv", records, parts)
    assert split_file.read_parts(tmp_path / "split.csv", records) == parts
