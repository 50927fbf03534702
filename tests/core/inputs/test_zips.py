import copy
import multiprocessing
import os
import threading
import zipfile

import pytest

from normocyte.core.errors import DatasetError, ImageError
from normocyte.core.inputs import zips

WINDOWS = ["..\\x.png", "a\\..\\x.png", "a/..\\..\\x.png", "\\x.png", "\\\\server\\x.png", "C:\\x.png"]


@pytest.fixture
def packed(tmp_path):
    """Packs names and contents into a zip and gives its path."""

    def pack(content, name="cells.zip", method=zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(tmp_path / name, "w", method) as archive:
            for member, data in content.items():
                archive.writestr(member, data)
        return tmp_path / name

    yield pack
    zips.close_all()


def test_members_are_the_files_of_the_zip(packed):
    assert zips.members(packed({"a/": b"", "a/1.png": b"1", "b.png": b"2"})) == ["a/1.png", "b.png"]


def test_a_member_gives_its_bytes(packed):
    assert zips.read_member(packed({"a/1.png": b"pixels"}), "a/1.png", 100) == b"pixels"


def test_names_with_backslashes_are_places_as_windows_means_them(packed):
    path = packed({"cells\\": b"", "cells\\a\\1.png": b"1", "cells/b.png": b"2"})
    assert zips.members(path) == ["cells/a/1.png", "cells/b.png"]
    assert zips.read_member(path, "cells/a/1.png", 100) == b"1"
    assert zips.head_of_member(path, "cells/a/1.png", 100) == b"1"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("again", ["a/1.png", "a\\1.png"])
def test_a_name_that_is_written_twice_is_one_file_the_last(tmp_path, again):
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as archive:
        archive.writestr("a/1.png", b"old")
        archive.writestr(again, b"new")
    assert zips.members(tmp_path / "twice.zip") == ["a/1.png"]
    assert zips.read_member(tmp_path / "twice.zip", "a/1.png", 100) == b"new"


@pytest.mark.parametrize("name", ["../x.png", "a/../../x.png", "/etc/x.png", "C:/x.png", *WINDOWS])
def test_a_name_that_leads_out_of_the_zip_is_refused(packed, name):
    path = packed({"a.png": b"1", name: b"2"})
    with pytest.raises(DatasetError, match=r"holds 1 unsafe names such as .*x\.png"):
        zips.members(path)


def test_a_bomb_is_refused_before_anything_is_unpacked(packed, monkeypatch):
    monkeypatch.setattr(zips, "FREE_EXPANSION_BYTES", 10**6)
    path = packed({"bomb.png": bytes(10**6 + 1)})
    with pytest.raises(DatasetError, match=r"claims to unpack to 1,000,001: a zip bomb"):
        zips.members(path)


def test_members_that_share_their_bytes_are_a_bomb(tmp_path):
    with zipfile.ZipFile(tmp_path / "quoted.zip", "w") as archive:
        archive.writestr("1.png", os.urandom(5000))
        archive.filelist.append(copy.copy(archive.filelist[0]))
    with pytest.raises(DatasetError, match=r"claims to unpack to 10,000: a zip bomb"):
        zips.members(tmp_path / "quoted.zip")


def test_a_member_larger_than_the_limit_is_refused(packed):
    with pytest.raises(ImageError, match=r"has 1,000 bytes. Give images of at most 999 bytes"):
        zips.read_member(packed({"a.png": bytes(1000)}), "a.png", 999)


def test_a_member_that_lies_about_its_size_is_not_unpacked_further(packed):
    path = packed({"a.png": bytes(100_000)})
    path.write_bytes(path.read_bytes().replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    with pytest.raises(ImageError, match="Bad CRC-32"):
        zips.read_member(path, "a.png", 1000)


def test_a_damaged_member_is_refused(packed):
    path = packed({"a.png": b"pixels of a cell"}, method=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"pixels", b"pixelz"))
    with pytest.raises(ImageError, match=r"a\.png cannot be read: Bad CRC-32"):
        zips.read_member(path, "a.png", 100)


def test_an_encrypted_member_is_refused(packed):
    path = packed({"a.png": b"secret"}, method=zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(ImageError, match=r"is encrypted. Pack the images again without a password"):
        zips.read_member(path, "a.png", 100)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_method_without_a_bound_is_refused(packed, method):
    with pytest.raises(ImageError, match="is packed by method"):
        zips.read_member(packed({"a.png": b"pixels"}, method=method), "a.png", 100)


def test_a_missing_member_is_named(packed):
    with pytest.raises(ImageError, match=r"cells\.zip!b\.png does not exist"):
        zips.read_member(packed({"a.png": b"1"}), "b.png", 100)


@pytest.mark.parametrize("content", [b"", b"not a zip at all", b"PK\x03\x04 cut off"])
def test_a_corrupt_zip_is_refused(tmp_path, content):
    (tmp_path / "bad.zip").write_bytes(content)
    with pytest.raises(DatasetError, match=r"bad\.zip cannot be read as a zip: .* Copy or download it again"):
        zips.members(tmp_path / "bad.zip")


def test_reading_from_an_unsafe_zip_is_an_image_error(packed):
    with pytest.raises(ImageError, match="unsafe names"):
        zips.read_member(packed({"../a.png": b"1"}), "../a.png", 100)


def test_a_missing_zip_is_an_image_error(tmp_path):
    with pytest.raises(ImageError, match=r"gone\.zip!a\.png cannot be read: .*No such file"):
        zips.read_member(tmp_path / "gone.zip", "a.png", 100)


def test_a_replaced_zip_is_read_anew(packed):
    assert zips.read_member(packed({"a.png": b"old"}), "a.png", 100) == b"old"
    assert zips.read_member(packed({"a.png": b"newer"}), "a.png", 100) == b"newer"


def test_more_zips_than_are_kept_open_can_be_read(packed):
    paths = [packed({"a.png": bytes([number])}, name=f"{number}.zip") for number in range(9)]
    assert [zips.read_member(path, "a.png", 100)[0] for path in paths + paths] == [*range(9), *range(9)]


def test_closing_leaves_no_file_open(packed):
    archive = zips._open_zips.get(packed({"a.png": b"1"})).archive
    zips.close_all()
    assert archive.fp is None


def test_threads_share_a_zip_safely(packed):
    content = {f"{number}.png": bytes([number]) * 20_000 for number in range(40)}
    path, wrong = packed(content), []

    def check():
        wrong.extend(name for name, data in content.items() if zips.read_member(path, name, 20_000) != data)

    threads = [threading.Thread(target=check) for _ in range(4)]
    _run(threads)
    assert wrong == []


def _run(workers):
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def _first_byte(path):
    return zips.read_member(path, "a.png", 100)[:1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only systems with fork share open files with children")
def test_a_forked_child_opens_its_own_zip(packed):
    path = packed({"a.png": b"1"})
    zips.members(path)
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(_first_byte, (path,)) == b"1"
    assert _first_byte(path) == b"1"
