"""The same picture counts once, whatever it is called."""

from normocyte.reports._smear import PhotoFound
from normocyte.workflows._photos import BEFORE, Judged, without_repeats


def judged(name, digest):
    return Judged(PhotoFound(name, "good", ()), digest)


def grades(*photos):
    return [one.photo.grade for one in without_repeats(photos)]


def test_a_picture_that_comes_again_under_another_name_counts_once():
    assert grades(judged("a.png", "1"), judged("b.png", "1"), judged("c.png", "2")) == [
        "good",
        BEFORE,
        "good",
    ]


def test_a_picture_that_comes_again_under_its_own_name_from_another_folder_counts_once():
    assert grades(judged("a.png", "1"), judged("a.png", "1")) == ["good", BEFORE]


def test_different_pictures_of_one_name_both_count():
    assert grades(judged("a.png", "1"), judged("a.png", "2")) == ["good", "good"]


def test_photos_that_cannot_be_read_are_not_taken_for_each_other():
    assert grades(judged("a.png", ""), judged("b.png", "")) == ["good", "good"]


def test_the_reason_names_the_first():
    _, again = without_repeats([judged("a.png", "1"), judged("b.png", "1")])
    assert again.photo.reasons == ("The same picture as a.png, whose cells are counted there.",)
