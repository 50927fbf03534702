"""The same picture is recognised, whatever its file is."""

import numpy as np
import pytest

from normocyte.images.fingerprints import duplicates, fingerprint, quick_fingerprint
from normocyte.images.reading import decode

each = pytest.mark.parametrize("told", [fingerprint, quick_fingerprint])


@each
def test_a_lossless_copy_has_the_same_fingerprint(picture, saved, told):
    copies = [decode(saved(picture, kind), "field") for kind in ("PNG", "BMP", "TIFF")]
    assert {told(copy) for copy in copies} == {told(picture)}


@each
def test_one_other_pixel_gives_another_fingerprint(picture, told):
    other = picture.copy()
    other[3, 4, 1] ^= 1
    assert told(other) != told(picture)


@each
def test_the_same_bytes_in_another_shape_are_another_picture(picture, told):
    assert told(picture.reshape(32, 24, 3)) != told(picture)


@each
def test_a_view_has_the_fingerprint_of_its_copy(picture, told):
    assert told(picture[:, ::-1]) == told(np.ascontiguousarray(picture[:, ::-1]))


def test_a_fingerprint_is_a_sha_256():
    assert fingerprint(np.zeros((1, 1, 3), np.uint8)) == (
        "5b5b6c1f598f8ec11dffd0f84f2958006f6716c6b709b755b214f12ca9b176d9"
    )


def test_a_quick_fingerprint_is_an_x_and_32_digits_which_stay_the_same():
    assert quick_fingerprint(np.zeros((1, 1, 3), np.uint8)) == "xfa208cf031e0d58f5436bb70eed759d2"


def test_every_repeated_picture_names_its_first():
    assert duplicates(["a", "b", "a", "c", "b", "a"]) == [(2, 0), (4, 1), (5, 0)]


def test_different_pictures_have_no_duplicates():
    assert duplicates(["a", "b"]) == duplicates([]) == []
