"""The manifest: a unit is entered whole or not at all, and takes the place of those in its range."""

import pytest

from normocyte.core.errors import DatasetError, OutputError
from normocyte.records.counts import Counts
from normocyte.records.manifest import Contents, Known, KnownResults, Manifest, UnitRecord, contents_of

COUNTS = Counts(images=4, scored=3, flagged=1, failed=1)


def unit(key, first, last, shard="a.tar", stamp="1"):
    return UnitRecord(key, shard, stamp, first, last, f"rows/{key}.parquet", "", 10, 0, COUNTS)


def known(content):
    return Known(content, 1.5, True, 0.25, "suspicious", None, "", "f" * 32)


@pytest.fixture
def manifest(tmp_path):
    with Manifest(tmp_path) as opened:
        yield opened


def test_parts_come_in_the_order_of_shards_and_places(manifest, tmp_path):
    for one in (unit("c", b"0", b"1", "b.tar"), unit("b", b"5", b"9"), unit("a", b"0", b"4")):
        manifest.commit(one, [])
    assert manifest.parts() == ["rows/a.parquet", "rows/b.parquet", "rows/c.parquet"]
    found = contents_of(tmp_path)
    assert found.counts == Counts(images=12, scored=9, flagged=3, failed=3)
    assert [part.name for part in found.parts] == ["a.parquet", "b.parquet", "c.parquet"]


def test_a_unit_takes_the_place_of_all_that_its_range_touches(manifest):
    for one in (unit("a", b"0", b"4"), unit("b", b"5", b"9"), unit("c", b"5", b"9", "b.tar")):
        manifest.commit(one, [])
    assert manifest.commit(unit("d", b"4", b"5"), []).parts == ["rows/a.parquet", "rows/b.parquet"]
    assert manifest.parts() == ["rows/d.parquet", "rows/c.parquet"]


@pytest.mark.parametrize(
    ("first", "last", "replaced"),
    [(b"1", b"3", "a"), (b"3", b"5", ""), (b"4", b"6", "b"), (b"0", b"7", "ab"), (b"7", b"9", "b")],
)
def test_only_units_that_reach_into_the_range_are_replaced(first, last, replaced, manifest):
    for one in (unit("a", b"1", b"2"), unit("b", b"6", b"7")):
        manifest.commit(one, [])
    assert manifest.commit(unit("d", first, last), []).parts == [f"rows/{key}.parquet" for key in replaced]


def test_to_enter_a_unit_costs_the_same_behind_many_others(manifest):
    """Steps of the database's machine are counted: work then grows with the units, not with their square."""
    steps = []
    for number in range(400):
        steps.append(0)

        def count():
            steps[-1] += 1

        manifest._database.set_progress_handler(count, 1)
        manifest.commit(unit(f"{number}", b"%06d0" % number, b"%06d9" % number), [])
    assert steps[-1] < 1.2 * steps[20]


def test_files_and_units_are_compared_both_ways(manifest):
    for one in (unit("a", b"0", b"4"), unit("b", b"5", b"9")):
        manifest.commit(one, [])
    assert manifest.compare(["rows/b.parquet", "rows/stray.parquet"]) == ["rows/stray.parquet"]
    assert manifest.parts() == ["rows/b.parquet"]
    assert manifest.compare(["rows/b.parquet"]) == []


def test_a_shard_that_is_listed_to_its_end_keeps_what_was_seen(manifest):
    for one in (unit("a", b"0", b"4"), unit("b", b"5", b"9")):
        manifest.commit(one, [])
    assert manifest.is_done("a")
    removed = manifest.close_shard("a.tar", "1", 1)
    assert (removed.parts, removed.counts) == (["rows/b.parquet"], unit("b", b"5", b"9").counts)
    assert manifest.is_whole("a.tar", "1")
    assert not manifest.is_whole("a.tar", "2")


def test_a_unit_that_cannot_be_entered_leaves_nothing(manifest):
    bad = known("1")._replace(verdict=None)

    def entered():
        manifest.commit(unit("a", b"0", b"4"), [known("0"), bad])

    with pytest.raises(OutputError, match=r"manifest\.sqlite: NOT NULL constraint failed: known\.verdict"):
        entered()
    assert manifest.parts() == []


def test_what_is_known_is_found_by_content_while_others_write(manifest, tmp_path):
    results = KnownResults(tmp_path)
    manifest.commit(unit("a", b"0", b"4"), [known(str(number)) for number in range(1200)])
    found = results.of([str(number) for number in range(2000)])
    assert len(found) == 1200
    assert found["7"] == known("7")
    results.close()


def test_a_folder_without_a_manifest_knows_nothing(tmp_path):
    assert KnownResults(tmp_path).of(["1"]) == {}
    with pytest.raises(DatasetError, match=r"There are no results of a batch in"):
        contents_of(tmp_path)


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "manifest.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(OutputError, match="file is not a database"):
        contents_of(tmp_path)


def test_a_batch_that_begins_just_now_has_no_rows_yet(tmp_path):
    (tmp_path / "manifest.sqlite").touch()
    assert contents_of(tmp_path) == Contents({}, Counts(), ())
