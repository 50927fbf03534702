"""No two images share a picture, and no name leads out of the folder."""

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.names.safe import map_names
from normocyte.core.types import Source

PARTS = st.text(min_size=1, max_size=12).filter(lambda text: "/" not in text and "\0" not in text)
MEMBERS = st.lists(PARTS.filter(lambda part: part not in (".", "..")), min_size=1, max_size=3).map("/".join)


def named(*paths):
    return list(map_names([Source(Path(path)) for path in paths]).values())


def test_one_image_gives_its_own_name():
    assert named("cells/a/one.webp") == ["one.png"]


def test_folders_are_kept_from_where_they_part():
    assert named("cells/a/one.png", "cells/b/one.png") == ["a/one.png", "b/one.png"]


def test_a_zip_is_a_folder():
    sources = [
        Source(Path("cells.zip"), "one.png"),
        Source(Path("one.png")),
        Source(Path("b.zip"), "one.png"),
    ]
    assert list(map_names(sources).values()) == ["cells.zip/one.png", "one.png", "b.zip/one.png"]


def test_images_that_differ_in_their_ending_keep_it():
    assert named("a.png", "a.jpg", "a.tif") == ["a.png", "a.jpg.png", "a.tif.png"]


def test_names_that_differ_in_capitals_alone_get_numbers():
    assert named("a.png", "A.png", "A.PNG") == ["a.png", "A.png.png", "A.PNG-2.png"]


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("a:b?.png", "a_b_.png"),
        ("con.png", "_con.png"),
        ("line\nbreak.png", "line_break.png"),
        ("caf\udce9.png", "caf_.png"),
    ],
)
def test_what_some_system_refuses_is_left_out(name, tidy):
    assert named(name) == [tidy]


def test_a_long_name_is_cut():
    first, second = named("x" * 240 + "a.png", "x" * 240 + "b.png")
    assert first != second
    assert max(len(first), len(second)) < 200


def test_no_images_have_no_names():
    assert map_names([]) == {}


@given(st.lists(MEMBERS, max_size=8, unique=True))
def test_any_members_get_different_names_below_the_folder(members):
    names = list(map_names([Source(Path("cells.zip"), member) for member in members]).values())
    assert len({name.casefold() for name in names}) == len(members)
    assert not any({"..", ".", ""} & set(PurePosixPath(name).parts) for name in names)
    assert all(name.endswith(".png") for name in names)
