"""What may be wrong with a source or a folder of results: one sentence each, and everything else goes on."""

import builtins
import errno
import gzip
import os
import sys
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from normocyte.core import files
from normocyte.core.errors import BundleError, DatasetError, ImageError, MissingExtraError, OutputError
from normocyte.pipeline.bundle.bundle import open_bundle
from normocyte.records.manifest import Manifest
from normocyte.workflows.batch import batch as module
from normocyte.workflows.batch.batch import BatchRequest
from normocyte.workflows.batch.stores import LocalStore
from normocyte.workflows.batch.summary import SummaryRequest, summarise

from .conftest import Heard, put_in_parquet, put_in_tar, put_in_zip


def errors(rows):
    """Path and error of the rows that have one."""
    return {row["path"]: row["error"] for row in rows if row["error"]}


@pytest.mark.parametrize("ending", ["zip", "tar", "parquet"])
def test_a_corrupt_shard_in_the_middle_is_a_row_and_the_rest_goes_on(ending, drawn, score, rows, tmp_path):
    shards = tmp_path / "shards"
    shards.mkdir()
    put = {"zip": put_in_zip, "tar": put_in_tar, "parquet": put_in_parquet}[ending]
    for number in range(3):
        put(shards / f"{number}.{ending}", drawn[number * 10 : number * 10 + 10])
    bad = shards / f"1.{ending}"
    bad.write_bytes(b"damaged" * 100)
    result = score(shards)
    assert (result.counts.images, result.counts.failed) == (21, 1)
    assert str(bad) in errors(rows())[str(bad)]
    put(bad, drawn[10:20])
    assert score(shards).decoded == 10
    assert errors(rows()) == {}


def test_a_tar_that_is_damaged_inside_keeps_what_stands_before(drawn, score, rows, tmp_path):
    place = tmp_path / "cells.tar"
    begins = put_in_tar(place, drawn)
    data = bytearray(place.read_bytes())
    data[begins[20] : begins[20] + 512] = b"x" * 512
    place.write_bytes(data)
    assert score(place).counts.images == 21
    assert f"it is damaged at byte {begins[20]:,}" in errors(rows())[str(place)]


def test_a_tar_that_is_cut_off_names_the_image_and_the_bytes(drawn, score, rows, tmp_path):
    place = tmp_path / "cells.tar"
    begins = put_in_tar(place, drawn)
    place.write_bytes(place.read_bytes()[: begins[20] + 600])
    assert score(place).counts.scored == 20
    assert len(errors(rows())) >= 1
    assert all("is cut off" in error for error in errors(rows()).values())


def test_damaged_rows_of_a_parquet_are_told_and_the_other_groups_go_on(drawn, score, rows, tmp_path):
    place = tmp_path / "cells.parquet"
    put_in_parquet(place, drawn)
    column = pq.ParquetFile(place).metadata.row_group(1).column(0)
    data = bytearray(place.read_bytes())
    start = column.dictionary_page_offset or column.data_page_offset
    data[start : start + 40] = b"\xff" * 40
    place.write_bytes(data)
    assert score(place).counts.scored == 22
    assert "rows from 8 on are damaged" in errors(rows())[f"{place}!8"]


def test_two_images_of_one_name_are_both_scored_and_told(drawn, score, rows, tmp_path):
    put_in_tar(tmp_path / "cells.tar", [drawn[0], drawn[1], (drawn[0][0], drawn[2][1])])
    score(tmp_path / "cells.tar")
    name = drawn[0][0]
    assert [row["path"].rpartition("!")[2] for row in rows()] == [name, drawn[1][0], f"{name}#2"]
    (sentence,) = score.sentences
    assert f"such as {name}: each is scored, and the second is called {name}#2" in sentence


def test_results_of_another_bundle_are_refused_with_both_names(folder, score, monkeypatch):
    score(folder)
    other = replace(open_bundle("shipped"), name="runs/mine", digest="f" * 64)
    monkeypatch.setattr(module, "open_bundle", lambda _: other)
    with pytest.raises(BundleError, match=r"results of the bundle shipped \(.*but this is runs/mine \(ffff"):
        score(folder)


def test_a_shard_that_changes_meanwhile_is_named_once(drawn, score, rows, tmp_path):
    put_in_tar(tmp_path / "cells.tar", drawn)
    result = score(tmp_path / "cells.tar", hear=lambda _: os.utime(tmp_path / "cells.tar", (5, 5)))
    assert result.changed == (str(tmp_path / "cells.tar"),)
    assert "was changed while it was scored: its rows are left out" in result.sentences[1]
    heard = []
    assert score(tmp_path / "cells.tar", hear=heard.append).counts.images == len(rows()) == 30
    assert [pace.images for pace in heard] == [8, 16, 24, 30]


def test_a_source_that_changes_meanwhile_is_left_out_and_told(folder, score, rows, monkeypatch):
    changing = min((folder / "b").iterdir())

    plain = LocalStore.read

    def read(store, address):
        data = plain(store, address)
        if address == str(changing):
            changing.write_bytes(data + b" ")
        return data

    with monkeypatch.context() as patch:
        patch.setattr(LocalStore, "read", read)
        result = score(folder)
    assert result.changed == (str(changing),)
    assert "was changed while it was scored" in result.sentences[1]
    assert len(rows()) == 22
    assert score(folder).counts.images == len(rows()) == 30


@pytest.mark.parametrize("write", range(9))
def test_a_disk_that_is_full_at_any_write_loses_nothing(write, folder, score, rows, monkeypatch):
    writes = iter(range(100))
    sync = os.fsync

    def full(file):
        if next(writes) == write:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(file)

    class Full(Manifest):
        def commit(self, unit, known):
            if next(writes) == write:
                self._database.execute("PRAGMA max_page_count=1")
                known = [one._replace(picture="x" * 10**5) for one in known]
            return super().commit(unit, known)

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", full)
        patch.setattr(module, "Manifest", Full)
        if write < 8:
            with pytest.raises(OutputError, match=r"Free some space|No space left"):
                score(folder)
        else:
            score(folder)
    assert score(folder).counts.images == 30
    assert len({row["path"] for row in rows()}) == len(rows()) == 30


def test_a_file_without_read_permission_is_a_row_that_says_so(folder, score, rows, monkeypatch):
    locked = min((folder / "a").iterdir())
    plain = builtins.open

    def guarded(path, *arguments, **options):
        if str(path) == str(locked):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return plain(path, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "open", guarded)
        score(folder)
        assert errors(rows()) == {str(locked): f"{locked} cannot be read: Permission denied. Check the path."}
    assert score(folder).decoded == 1
    assert errors(rows()) == {}


@pytest.mark.parametrize("ending", ["", ".zip", ".tar"])
def test_an_empty_source_is_refused_every_time(ending, score, tmp_path):
    place = tmp_path / f"empty{ending}"
    if ending:
        {".zip": put_in_zip, ".tar": put_in_tar}[ending](place, [])
    else:
        place.mkdir()
    for _ in range(2):
        with pytest.raises(DatasetError, match=r"There are no images in .*empty"):
            score(place)


def test_a_source_that_is_not_there_is_refused(score, tmp_path):
    with pytest.raises(DatasetError, match=r"no file or folder at .*missing"):
        score(tmp_path / "missing")


def test_an_archive_inside_an_archive_is_a_row_that_says_what_to_do(drawn, score, rows, tmp_path):
    put_in_zip(tmp_path / "inner.zip", drawn[:3])
    inner = (tmp_path / "inner.zip").read_bytes()
    put_in_zip(tmp_path / "outer.zip", [("inner.zip", inner), ("inner.tar", b""), *drawn[:4]])
    assert score(tmp_path / "outer.zip").counts.scored == 4
    assert set(errors(rows())) == {f"{tmp_path / 'outer.zip'}!inner.{ending}" for ending in ("zip", "tar")}
    assert all("is an archive inside an archive" in error for error in errors(rows()).values())


def test_a_compressed_tar_says_how_to_pack_it(drawn, score, rows, tmp_path):
    put_in_tar(tmp_path / "cells.tar", drawn)
    place = tmp_path / "cells.tar.gz"
    place.write_bytes(gzip.compress((tmp_path / "cells.tar").read_bytes()))
    score(place)
    assert "Pack it without compression, as .tar." in errors(rows())[str(place)]


def test_a_parquet_without_images_is_refused_with_its_columns(score, tmp_path):
    pq.write_table(pa.table({"name": ["a"], "data": [b"no image"]}), tmp_path / "cells.parquet")
    with pytest.raises(DatasetError, match=r"no column with the bytes of images; its columns: name, data"):
        score(tmp_path / "cells.parquet")


def test_results_among_the_images_are_refused(folder, score):
    with pytest.raises(OutputError, match="is inside"):
        score(folder, to="cells/out")


def test_two_batches_into_one_folder_are_refused(folder, score, tmp_path):
    with Manifest(tmp_path / "out"), pytest.raises(OutputError, match=r"Another batch writes into .*out"):
        score(folder)


@pytest.mark.parametrize(
    ("package", "extra", "use"),
    [
        ("duckdb", "batch", lambda _, to: summarise(SummaryRequest(to))),
        (
            "ray",
            "cluster",
            lambda folder, to: module.batch(BatchRequest(str(folder), to, engine="ray"), Heard()),
        ),
    ],
)
def test_a_missing_extra_is_named_with_its_install_line(package, extra, use, folder, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=rf"'{package}'.*pip install 'normocyte\[{extra}\]'"):
        use(folder, tmp_path / "out")


def test_unread_images_keep_their_rows_until_they_are_read(folder, score, rows, tmp_path, monkeypatch):
    def refused(*_):
        raise ImageError("it cannot be read")

    with monkeypatch.context() as patch:
        patch.setattr(LocalStore, "read", refused)
        score(folder)
    folder.rename(tmp_path / "away")
    with pytest.raises(DatasetError, match="no file or folder"):
        score(folder)
    assert len(rows()) == 30
    (tmp_path / "away").rename(folder)
    heard = []
    assert score(folder, hear=heard.append).counts.scored == len(rows()) == 30
    assert heard[-1].images == 30


def test_a_folder_into_which_nothing_was_scored_takes_another_bundle(folder, score, tmp_path, monkeypatch):
    with pytest.raises(DatasetError) as refused:
        score(tmp_path / "missing")
    assert not hasattr(refused.value, "__notes__")
    other = replace(open_bundle("shipped"), name="runs/mine")
    monkeypatch.setattr(module, "open_bundle", lambda _: other)
    assert score(folder).decoded == 30


def test_names_of_a_tar_that_begin_with_the_current_folder_are_looked_at(drawn, score, rows, tmp_path):
    put_in_tar(tmp_path / "cells.tar", [(f"./a/{name}", data) for name, data in drawn[:3]])
    score(tmp_path / "cells.tar")
    assert rows()[0]["path"].endswith(f"cells.tar!./a/{drawn[0][0]}")
