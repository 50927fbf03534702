"""Whatever stands in a manifest, the answer is records or one error that tells all faults."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from normocyte.core.errors import DatasetError, NormocyteError
from normocyte.datasets.support.manifest import read_manifest

GOOD = b"path,label,patient,group\nC1_a.png,0,anna,\nC2_b.png,1,bea,ring\n"
names = ["C1_a.png", "C2_b.png", "./C1_a.png", "x/../C1_a.png", "gone.zip!a.png", "C1_a.png!b", "/", "~"]
words = ["0", "1", "healthy", "anna", "NaN", "", "..", "\\", "C:\\a.png", "a" * 300, '"', "\u00e9"]
cells = st.sampled_from(names + words)
rows = st.lists(st.lists(cells, max_size=6).map(",".join), max_size=6).map("\n".join)
changes = st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=3)), max_size=4)


@pytest.fixture
def folder(tmp_path):
    for name in ("C1_a.png", "C2_b.png"):
        (tmp_path / name).touch()
    return tmp_path


def changed(places):
    data = bytearray(GOOD)
    for place, new in places:
        data[place : place + 1] = new
    return bytes(data)


@given(data=changes.map(changed) | rows.map(lambda text: GOOD[:25] + text.encode()))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_manifest_gives_records_or_its_faults(folder, data):
    (folder / "cells.csv").write_bytes(data)
    try:
        records = read_manifest(folder / "cells.csv", folder)
    except NormocyteError as error:
        assert isinstance(error, DatasetError)  # noqa: PT017 - both ends are right
        return
    assert all(record.source.path.is_file() and record.patient for record in records)
    assert len({record.source for record in records}) == len(records)
