import os
import shutil
import zipfile

import pytest

from normocyte.core.errors import DatasetError
from normocyte.core.inputs import signatures
from normocyte.core.inputs.sources import files_below
from normocyte.core.types import Source
from normocyte.images.listing import listed

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
JPEG = b"\xff\xd8\xff\xe0" + bytes(200)
FILES = {
    "a/1.jpg": JPEG,
    "a/2.HEIC": HEIC,
    "a/3.heic": HEIC,
    "a/4": JPEG,
    "a/5.dat": JPEG,
    "a/6.gif": b"GIF89a",
    "b/7.svs": b"II*\0",
    "README.txt": b"cells of 2026",
    "cells.csv": b"path",
    ".hidden.heic": HEIC,
    "__MACOSX/8.heic": HEIC,
}


@pytest.fixture(autouse=True)
def _without_heic(monkeypatch):
    """As where the package that reads HEIC is not installed."""
    monkeypatch.setattr(signatures, "is_heic_read", lambda: False)


@pytest.fixture
def folder(tmp_path):
    for name, data in FILES.items():
        place = tmp_path / "photos" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return tmp_path / "photos"


@pytest.fixture
def packed(folder):
    place = folder.parent / "photos-packed.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for name, data in FILES.items():
            archive.writestr(name, data)
    return place


def test_an_image_is_found_whatever_its_ending(folder):
    found = files_below(folder).images
    assert found == tuple(Source(folder / name) for name in ("a/1.jpg", "a/4", "a/5.dat"))


def test_what_is_not_looked_at_is_counted_by_ending_with_what_to_do(folder):
    assert files_below(folder).passed_over.sentence == (
        "4 of 7 files were not looked at: 2 .heic, 1 .gif, 1 .svs. Save such files as PNG or JPEG. "
        "Save HEIC photos as JPEG, or install what reads them: pip install 'normocyte[heif]'. "
        "Export fields of the slides as PNG or TIFF."
    )


def test_a_zip_says_the_same_as_its_folder(folder, packed):
    assert files_below(packed).passed_over.sentence == files_below(folder).passed_over.sentence
    assert [source.member for source in files_below(packed).images] == ["a/1.jpg", "a/4", "a/5.dat"]


def test_texts_and_tables_beside_images_need_no_word(folder):
    shutil.rmtree(folder / "b")
    for name in ("2.HEIC", "3.heic", "6.gif"):
        (folder / "a" / name).unlink()
    assert files_below(folder).passed_over.sentence == ""


def test_a_folder_without_any_image_says_what_is_there_instead(folder):
    with pytest.raises(DatasetError, match=r"no images in .*b\. .* 1 of 1 files was not looked at: 1 \.svs"):
        files_below(folder / "b")


def test_a_folder_of_other_pictures_is_no_fault_beside_one_with_images(folder):
    found = listed([folder / "a", folder / "b"])
    assert [source.name for source in found.images] == ["1.jpg", "4", "5.dat"]
    assert [source.name for source in found.photos[3:]] == ["2.HEIC", "3.heic", "6.gif", "7.svs"]
    with pytest.raises(DatasetError, match=r"1 \.svs"):
        listed([folder / "b"])


def test_a_file_that_is_named_is_looked_at_and_not_told_as_passed_over(folder):
    found = listed([folder / "a" / "2.HEIC", folder])
    assert found.images[0] == Source(folder / "a" / "2.HEIC")
    assert "1 .heic" in found.passed_over.sentence


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_without_an_ending_is_not_opened(folder):
    os.mkfifo(folder / "pipe")
    assert len(files_below(folder).images) == 3
