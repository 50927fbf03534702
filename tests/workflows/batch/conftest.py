"""A few synthetic cells, the same in every kind of source, and batches of small units over them."""

import io
import tarfile
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from normocyte.core.progress import Silent
from normocyte.datasets.synthetic import Synthetic, write_synthetic
from normocyte.records.manifest import contents_of
from normocyte.workflows.batch import batch as module
from normocyte.workflows.batch import units
from normocyte.workflows.batch.batch import BatchRequest

UNIT = 8


class Heard(Silent):
    """Keeps the sentences for the user."""

    def __init__(self):
        self.sentences = []

    def tell(self, sentence):
        self.sentences += [str(sentence)] if str(sentence) else []


def put_in_tar(place, named):
    """A tar of these bytes by name, and in which byte each header begins."""
    with tarfile.open(place, "w") as archive:
        for name, data in named:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    with tarfile.open(place) as archive:
        return [info.offset for info in archive.getmembers()]


def put_in_zip(place, named):
    with zipfile.ZipFile(place, "w") as archive:
        for name, data in named:
            archive.writestr(name, data)


def put_in_parquet(place, named, **columns):
    table = pa.table({"image": [data for _, data in named], **columns})
    pq.write_table(table, place, row_group_size=UNIT)


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """The bytes of 30 synthetic cells by name."""
    folder = tmp_path_factory.mktemp("drawn") / "cells"
    write_synthetic(Synthetic(folder=str(folder), cells=30, patients=4, seed=0), Silent())
    return [(path.name, path.read_bytes()) for path in sorted(folder.rglob("*.png"))]


@pytest.fixture
def folder(drawn, tmp_path):
    """The cells as files in two folders."""
    for number, (name, data) in enumerate(drawn):
        place = tmp_path / "cells" / ("a" if number < 12 else "b") / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return tmp_path / "cells"


@pytest.fixture
def score(monkeypatch, tmp_path):
    """Runs a batch in small units; gives its result, which has the sentences that were told."""

    def run(source, to="out", workers=1, unit=UNIT, **options):
        monkeypatch.setattr(units, "IMAGES", unit)
        heard = Heard()
        request = BatchRequest(str(source), tmp_path / to, workers=workers)
        run.sentences = heard.sentences
        return module.batch(request, heard, **options)

    return run


def rows_of(folder):
    """All rows that count, in order."""
    return [row for part in contents_of(folder).parts for row in pq.read_table(part).to_pylist()]


@pytest.fixture
def rows(tmp_path):
    return lambda to="out": rows_of(tmp_path / to)
