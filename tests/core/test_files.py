"""A file is either whole or as it was before."""

import csv
import errno
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import OutputError
from normocyte.core.files import (
    csv_text,
    make_folder,
    replacing,
    sha256_of,
    write_bytes,
    write_json,
    write_text,
)
from normocyte.core.names.hidden import shown

FULL = Path("/dev/full")


@pytest.fixture
def old(tmp_path):
    """A file that somebody would miss."""
    path = tmp_path / "result.json"
    path.write_bytes(b"old")
    return path


def _full_disk(_: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _stop_halfway(path: Path, error: BaseException) -> None:
    with replacing(path) as temporary:
        temporary.write_bytes(b"half")
        raise error


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_file_is_never_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OutputError, match="it is no file"):
        write_bytes(pipe, b"new")
    assert pipe.is_fifo()


def test_a_file_is_written_with_the_folders_above_it(tmp_path):
    write_bytes(tmp_path / "a" / "b" / "file.bin", b"new")
    assert (tmp_path / "a" / "b" / "file.bin").read_bytes() == b"new"


def test_a_new_file_takes_the_place_of_the_old_one_and_nothing_else_is_left(old):
    write_bytes(old, b"new")
    assert {file.name: file.read_bytes() for file in old.parent.iterdir()} == {"result.json": b"new"}


def test_the_old_file_stands_until_the_new_one_is_whole(old):
    with replacing(old) as temporary:
        temporary.write_bytes(b"new")
        assert old.read_bytes() == b"old"
    assert old.read_bytes() == b"new"


def test_the_temporary_file_keeps_the_ending(old):
    with replacing(old) as temporary:
        temporary.touch()
        assert (temporary.suffix, temporary.parent) == (".json", old.parent)


@pytest.mark.parametrize("error", [ValueError("bad"), KeyboardInterrupt(), MemoryError()])
def test_a_failing_write_leaves_the_old_file_and_no_half_one(old, error):
    with pytest.raises(type(error)):
        _stop_halfway(old, error)
    assert {file.name: file.read_bytes() for file in old.parent.iterdir()} == {"result.json": b"old"}


def test_a_full_disk_is_an_output_error_that_names_the_file_the_reason_and_a_way_out(old, monkeypatch):
    monkeypatch.setattr(os, "fsync", _full_disk)
    with pytest.raises(OutputError, match=r"Cannot write .*result\.json: No space left.*Free some space"):
        write_bytes(old, b"new")


def test_a_full_disk_leaves_the_old_file_and_no_half_one(old, monkeypatch):
    monkeypatch.setattr(os, "fsync", _full_disk)
    with pytest.raises(OutputError):
        write_bytes(old, b"new")
    assert {file.name: file.read_bytes() for file in old.parent.iterdir()} == {"result.json": b"old"}


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
def test_a_device_that_is_really_full_is_an_output_error(old):
    with (
        pytest.raises(OutputError, match="No space left"),
        replacing(old),
        FULL.open("wb", buffering=0) as full,
    ):
        full.write(b"new")
    assert old.read_bytes() == b"old"


def test_a_file_in_place_of_a_folder_is_an_output_error(old):
    with pytest.raises(OutputError, match=r"Cannot write .*scores\.csv"):
        write_text(old / "scores.csv", "text")


def test_a_folder_in_place_of_the_file_is_an_output_error(tmp_path):
    (tmp_path / "scores.csv").mkdir()
    with pytest.raises(OutputError, match=r"Cannot write .*scores\.csv"):
        write_text(tmp_path / "scores.csv", "text")


def test_the_reason_of_the_system_is_kept_as_the_cause(old):
    with pytest.raises(OutputError) as caught:
        write_text(old / "scores.csv", "text")
    assert isinstance(caught.value.__cause__, OSError)


def test_text_is_written_as_utf8_with_plain_line_feeds(tmp_path):
    write_text(tmp_path / "card.md", "µ\nκ\n")
    assert (tmp_path / "card.md").read_bytes() == "µ\nκ\n".encode()


def test_json_is_readable_and_ends_with_a_line_feed(tmp_path):
    write_json(tmp_path / "metrics.json", {"name": "µ", "value": 1})
    assert (tmp_path / "metrics.json").read_text("utf-8") == '{\n  "name": "µ",\n  "value": 1\n}\n'


def test_json_refuses_what_is_not_a_number_and_keeps_the_old_file(old):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(old, {"value": float("nan")})
    assert old.read_bytes() == b"old"


def test_a_folder_is_made_with_its_parents_and_may_exist(tmp_path):
    assert make_folder(make_folder(tmp_path / "a" / "b")).is_dir()


def test_a_folder_that_cannot_be_made_is_an_output_error(old):
    with pytest.raises(OutputError, match=r"Cannot make the folder .*Choose another place"):
        make_folder(old / "folder")


def test_the_fingerprint_is_sha256(tmp_path):
    (tmp_path / "empty").touch()
    assert sha256_of(tmp_path / "empty") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2)))
def test_a_table_comes_back_from_its_csv_as_it_can_be_shown(rows):
    found = list(csv.reader(io.StringIO(csv_text(("a", "b"), rows), newline=""), strict=True))
    assert found == [["a", "b"], *([shown(cell).replace("\r", "\\r") for cell in row] for row in rows)]
