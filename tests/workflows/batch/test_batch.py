"""Every kind of source gets the verdicts of `normocyte score`, whatever is killed, copied or added."""

import gc
import json
import shutil

import pytest

from normocyte.core.cancel import CancelToken
from normocyte.core.errors import Interrupted
from normocyte.core.progress import Silent
from normocyte.workflows.batch.units import Entry, Unit
from normocyte.workflows.scoring.score import ScoreRequest
from normocyte.workflows.scoring.score import score as score_in_memory

from .conftest import UNIT, put_in_parquet, put_in_tar, put_in_zip, rows_of

SHARED = ("path", "score", "flagged", "p_value", "verdict", "error", "picture")


def as_scored(source, tmp_path):
    """The rows that `normocyte score` gives, by path."""
    output = tmp_path / "rows.jsonl"
    score_in_memory(ScoreRequest([source], output=output, workers=1), Silent())
    lines = output.read_text(encoding="utf-8").splitlines()
    return {row["path"]: row for row in map(json.loads, lines)}


def in_common(rows):
    """The columns that both have, by path."""
    return {row["path"]: {name: row[name] for name in SHARED} for row in rows}


def alive(kind):
    """How many objects of this class are in memory."""
    return sum(type(one) is kind for one in gc.get_objects())


def without_places(rows):
    """What rows say of the images, whatever they are called."""
    return [{name: value for name, value in row.items() if name not in {"path", "error"}} for row in rows]


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_rows_are_those_of_score(kind, folder, drawn, score, rows, tmp_path):
    (folder / "a" / "broken.png").write_bytes(b"no image")
    source = folder if kind == "folder" else tmp_path / "cells.zip"
    put_in_zip(tmp_path / "cells.zip", [*drawn, ("broken.png", b"no image")])
    result = score(source)
    assert in_common(rows()) == in_common(as_scored(source, tmp_path).values())
    assert (result.counts.images, result.counts.failed, result.decoded) == (31, 1, 31)


def test_tar_and_parquet_come_to_the_same_as_a_zip(drawn, score, rows, tmp_path):
    put_in_zip(tmp_path / "cells.zip", drawn)
    put_in_tar(tmp_path / "cells.tar", [*drawn, ("note.json", b"{}")])
    put_in_parquet(tmp_path / "cells.parquet", drawn)
    for kind in ("zip", "tar", "parquet"):
        score(tmp_path / f"cells.{kind}", to=kind)
    assert without_places(rows("zip")) == without_places(rows("tar")) == without_places(rows("parquet"))
    assert rows("parquet")[17]["path"] == f"{tmp_path / 'cells.parquet'}!17"


def test_shards_in_a_folder_and_images_beside_them_are_all_scored(folder, drawn, score, rows, tmp_path):
    put_in_tar(folder / "b" / "more.tar", [(f"x/{name}", data) for name, data in drawn[:9]])
    score(folder)
    named = f"{folder / 'b' / 'more.tar'}!x/{drawn[0][0]}"
    assert (len(rows()), sum(row["path"] == named for row in rows())) == (39, 1)


def test_site_and_day_of_a_parquet_stand_in_the_rows(drawn, score, rows, tmp_path):
    days = [f"2026-11-{number + 1:02d}" for number in range(30)]
    put_in_parquet(tmp_path / "cells.parquet", drawn, day=days, site=["Lusaka"] * 30)
    score(tmp_path / "cells.parquet")
    assert [row["day"] for row in rows()] == days
    assert {row["site"] for row in rows()} == {"Lusaka"}


def test_two_workers_write_the_bytes_that_one_writes(folder, score, tmp_path):
    score(folder, to="one")
    score(folder, to="two", workers=2)
    assert rows_of(tmp_path / "one") == rows_of(tmp_path / "two")
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / to).glob("rows/*/*")} for to in ("one", "two")
    )
    assert one == two


def test_a_second_run_decodes_nothing(folder, score):
    assert score(folder).decoded == 30
    again = score(folder)
    assert (again.decoded, again.counts.images) == (0, 30)


@pytest.mark.parametrize("put", [put_in_tar, put_in_zip])
def test_a_second_run_on_a_single_shard_reads_none_of_its_images(put, drawn, score, rows, tmp_path):
    place = tmp_path / ("cells.tar" if put is put_in_tar else "cells.zip")
    put(place, drawn)
    score(place)
    heard = []
    assert score(place, hear=heard.append).counts.images == len(rows()) == 30
    assert heard == []


@pytest.mark.parametrize("kind", ["folder", "tar"])
def test_a_source_that_has_grown_costs_only_what_is_new(kind, folder, drawn, score, rows, tmp_path):
    source = folder if kind == "folder" else tmp_path / "cells.tar"
    put_in_tar(tmp_path / "cells.tar", drawn[1:])
    (folder / "a" / drawn[0][0]).unlink()
    score(source)
    put_in_tar(tmp_path / "cells.tar", drawn)
    (folder / "a" / drawn[0][0]).write_bytes(drawn[0][1])
    grown = score(source)
    assert (grown.decoded, grown.counts.images, len({row["path"] for row in rows()})) == (1, 30, 30)


def test_copies_have_a_row_each_and_are_scored_once(folder, score, rows):
    shutil.copytree(folder / "a", folder / "c")
    assert score(folder).decoded == 30
    assert len(rows()) == 42
    assert len({row["content_hash"] for row in rows()}) == 30


def test_an_image_that_is_gone_has_no_row_any_more(folder, drawn, score, rows):
    score(folder)
    (folder / "a" / drawn[3][0]).unlink()
    assert score(folder).decoded == 0
    assert (len(rows()), any(drawn[3][0] in row["path"] for row in rows())) == (29, False)


def test_an_archive_that_is_renamed_or_gone_has_no_rows_any_more(folder, drawn, score, rows):
    for name in ("one", "two"):
        put_in_zip(folder / f"{name}.zip", [(f"{name}/{file}", data) for file, data in drawn])
    assert score(folder).counts.images == 90
    (folder / "one.zip").rename(folder / "other.zip")
    (folder / "two.zip").unlink()
    again = score(folder)
    assert (again.counts.images, again.decoded) == (60, 0)
    assert {row["path"].rpartition(".zip")[0].rpartition("/")[2] for row in rows()} == {"", "other"}


def test_a_folder_beside_the_one_that_is_scored_keeps_its_rows(folder, drawn, score):
    beside = folder.with_name("cells beside")
    beside.mkdir()
    put_in_zip(beside / "one.zip", drawn)
    score(beside)
    assert score(folder).counts.images == 60


def test_the_units_at_hand_are_kept_when_it_is_stopped(folder, score, rows, tmp_path):
    token = CancelToken()
    with pytest.raises(Interrupted, match=r"stopped after 8 images; their rows are in .*out\. Give the same"):
        score(folder, cancel=token, hear=lambda _: token.set())
    assert len(rows()) == UNIT
    assert score(folder).decoded == 30 - UNIT


def test_the_pace_ends_with_all_bytes_done(folder, score):
    heard = []
    score(folder, hear=heard.append)
    assert [pace.images for pace in heard] == [8, 16, 24, 30]
    assert heard[-1].done == heard[-1].total > 0
    assert heard[-1].remaining_s == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_the_pace_of_a_folder_that_has_grown_counts_each_image_once(workers, folder, drawn, score, rows):
    (folder / "a" / drawn[0][0]).unlink()
    score(folder, unit=100)
    (folder / "a" / drawn[0][0]).write_bytes(drawn[0][1])
    heard = []
    counts = score(folder, unit=100, workers=workers, hear=heard.append).counts
    last = heard[-1]
    assert (last.images, last.flagged, last.failed) == (counts.images, counts.flagged, counts.failed)
    assert counts.images == len(rows()) == 30
    assert counts.flagged > 0


@pytest.mark.parametrize("kind", ["folder", "tar"])
def test_units_that_are_done_are_not_held_in_memory(kind, folder, drawn, score, tmp_path):
    put_in_tar(tmp_path / "cells.tar", drawn)
    held = []
    source = folder if kind == "folder" else tmp_path / "cells.tar"
    gc.collect()  # what earlier tests left in cycles is not of this run
    score(source, hear=lambda _: held.append((alive(Unit), alive(Entry))))
    assert len(held) == 4
    assert max(units for units, _ in held) <= 2
    assert max(images for _, images in held) <= 3 * UNIT


def test_files_that_a_killed_run_left_do_not_count(folder, score, rows, tmp_path):
    score(folder)
    stray = next((tmp_path / "out").glob("rows/*")) / "stray.parquet"
    shutil.copy(next((tmp_path / "out").glob("rows/*/*")), stray)
    assert len(rows()) == 30
    score(folder)
    assert not stray.exists()


def test_a_part_that_is_lost_is_made_again_without_scoring(folder, score, rows, tmp_path):
    score(folder)
    before = rows()
    next((tmp_path / "out").glob("rows/*/*")).unlink()
    assert score(folder).decoded == 0
    assert rows() == before


@pytest.mark.parametrize("put", [put_in_tar, put_in_zip])
def test_site_and_day_of_a_sidecar_stand_in_the_rows_of_its_key(put, drawn, score, rows, tmp_path):
    said = [b'{"site": "Lusaka", "day": 20261101}', b"no JSON", b"[]", b'{"site": {}, "other": 1}']
    members = [(f"s/{at}.json", data) for at, data in enumerate(said)]
    members += [(f"s/{at}.cell.png", drawn[at][1]) for at in range(5)]
    put(tmp_path / "cells.any", sorted(members, reverse=True))
    (tmp_path / "cells.any").rename(tmp_path / ("cells.tar" if put is put_in_tar else "cells.zip"))
    score(next(tmp_path.glob("cells.*")))
    assert [(row["site"], row["day"]) for row in rows()] == [(None, None)] * 4 + [("Lusaka", "20261101")]
