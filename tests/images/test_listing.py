import zipfile

import pytest

from normocyte.core.errors import DatasetError
from normocyte.core.types import Source
from normocyte.images.listing import listed

NAMES = ["b.PNG", "a/2.webp", "a/1.jpg", "a/deep/3.tif", "notes.txt", "Thumbs.db", ".DS_Store", "a/._1.jpg"]
HIDDEN = ["__MACOSX/a/1.jpg", ".cache/x.png"]


def images(path):
    return list(listed([path]).images)


@pytest.fixture
def folder(tmp_path):
    for name in NAMES + HIDDEN:
        path = tmp_path / "cells" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path / "cells"


@pytest.fixture
def packed(tmp_path):
    with zipfile.ZipFile(tmp_path / "cells.zip", "w") as archive:
        for name in NAMES + HIDDEN:
            archive.writestr(name, b"x")
    return tmp_path / "cells.zip"


def test_a_folder_gives_its_images_sorted_and_nothing_else(folder):
    wanted = ["a/1.jpg", "a/2.webp", "a/deep/3.tif", "b.PNG"]
    assert images(folder) == [Source(folder / name) for name in wanted]


def test_a_zip_gives_the_same_images_as_its_folder(packed):
    assert [source.member for source in images(packed)] == ["a/1.jpg", "a/2.webp", "a/deep/3.tif", "b.PNG"]


def test_a_single_file_is_taken_whatever_it_is_called(folder):
    assert images(folder / "notes.txt") == [Source(folder / "notes.txt")]


def test_a_link_in_a_circle_ends(folder):
    (folder / "a" / "back").symlink_to(folder, target_is_directory=True)
    assert len(images(folder)) == 4


def test_a_linked_folder_is_followed(folder, tmp_path):
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "cells").symlink_to(folder / "a", target_is_directory=True)
    assert len(images(tmp_path / "links")) == 3


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(DatasetError, match=r"There are no images in .* Give a folder or zip with PNG"):
        images(tmp_path)


def test_a_zip_without_images_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    with pytest.raises(DatasetError, match=r"There are no images in .*empty\.zip"):
        images(tmp_path / "empty.zip")


def test_a_path_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DatasetError, match=r"There is no folder or zip file at .*nowhere"):
        images(tmp_path / "nowhere")
