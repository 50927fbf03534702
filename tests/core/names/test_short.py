"""A photo is called by no more of its folders than tell it from the others."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.names.safe import folders_of, short_parts, shortest
from normocyte.core.types import Source

PLACES = st.sets(st.lists(st.sampled_from("abc"), min_size=1, max_size=5).map(tuple), max_size=12)


def short(*paths):
    return ["/".join(parts) for parts in short_parts([Source(Path(path)) for path in paths]).values()]


def folders(*paths):
    return ["/".join(parts) for parts in folders_of([Source(Path(path)) for path in paths]).values()]


def test_a_file_name_that_no_other_photo_has_is_enough():
    assert short("/a/one.jpg", "/b/two.jpg") == ["one.jpg", "two.jpg"]


def test_photos_of_one_file_name_get_the_folder_that_tells_them_apart():
    assert short("/a/x/one.jpg", "/b/y/one.jpg", "/b/two.jpg") == ["x/one.jpg", "y/one.jpg", "two.jpg"]


def test_folders_of_one_name_get_the_folder_above():
    assert short("/a/x/one.jpg", "/b/x/one.jpg") == ["a/x/one.jpg", "b/x/one.jpg"]


def test_a_photo_in_a_zip_has_the_zip_as_its_folder():
    sources = [Source(Path("/a.zip"), "one.jpg"), Source(Path("/b/one.jpg"))]
    assert list(short_parts(sources).values()) == [("a.zip", "one.jpg"), ("b", "one.jpg")]


def test_a_photo_that_is_given_by_two_paths_is_one_place():
    assert short("/a/one.jpg", "/a/b/../one.jpg") == ["one.jpg", "one.jpg"]


def test_folders_are_those_that_directly_hold_the_photos():
    paths = ("/s/ann/1.jpg", "/s/ann/2.jpg", "/s/bob/photos/1.jpg", "/s/eve/photos/1.jpg")
    assert folders(*paths) == ["ann", "ann", "bob/photos", "eve/photos"]


def test_a_folder_that_another_one_ends_like_is_called_by_its_whole_path():
    assert shortest([("a", "x"), ("x",)]) == {("x",): ("x",), ("a", "x"): ("a", "x")}


@given(PLACES)
def test_no_two_places_get_one_name(places):
    found = shortest(places)
    assert set(found) == places
    assert len(set(found.values())) == len(places)
    assert all(place[-len(name) :] == name for place, name in found.items())
