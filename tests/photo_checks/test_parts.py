"""Photos stitched together from many fields are measured part by part, and not refused for their size."""

import cv2
import numpy as np
import pytest

from normocyte.photo_checks.gate import FieldGate
from normocyte.photo_checks.grading.parts import parts_of
from normocyte.results.verdict import Grade
from normocyte.segmentation.watershed import Watershed
from normocyte.wording.causes import sentences
from normocyte.workflows.smear.detections import photo_of


def stitched(fields):
    """Six fields as one photo, three beside one another."""
    return np.vstack([np.hstack(fields[:3]), np.hstack(fields[3:])])


def found_in(pixels):
    """The photo with what the segmenter finds in it."""
    return photo_of(pixels, Watershed().segment(np.ascontiguousarray(pixels)))


@pytest.fixture(scope="module")
def photo(fields):
    """The six as one photo, with what is in it."""
    return found_in(stitched(fields))


def test_a_stitched_photo_is_good_where_its_fields_are(photo, fields):
    finding = FieldGate().assess(photo)
    assert photo.count > 610
    assert {FieldGate().assess(found_in(field)).grade for field in fields} == {Grade.GOOD}
    assert (finding.grade, finding.causes) == (Grade.GOOD, ())


def test_parts_hold_every_thing_once_and_every_pixel(photo):
    parts = parts_of(photo)
    assert sum(part.count for part in parts) == photo.count
    assert sum(part.pixels[..., 0].size for part in parts) == photo.pixels[..., 0].size
    assert all(75 < part.count < 300 for part in parts)


def test_a_photo_of_one_field_has_one_part(fields):
    photo = found_in(fields[0])
    assert parts_of(photo)[0] is photo


@pytest.mark.parametrize("share", [0.72, 0.5])
def test_parts_of_another_magnification_are_told(fields, share):
    small = [cv2.resize(field, None, fx=share, fy=share, interpolation=cv2.INTER_AREA) for field in fields]
    other = np.tile(small[0], (2, 2, 1))[:720, :960]
    finding = FieldGate().assess(found_in(stitched([other, *fields[1:3], other, *fields[4:]])))
    assert finding.grade is not Grade.GOOD
    assert any(
        reason.startswith("Its parts show cells of different sizes") for reason in sentences(finding.causes)
    )


def test_a_part_that_is_blurred_is_told(fields):
    blurred = cv2.GaussianBlur(fields[0], (0, 0), 4)
    finding = FieldGate().assess(found_in(stitched([blurred, *fields[1:]])))
    assert finding.grade is Grade.USABLE
    assert "parts of this photo would be unusable alone: It is blurred" in sentences(finding.causes)[-1]


def test_many_tiny_things_are_too_many(photo):
    side = (photo.pixels.shape[1] // 3, photo.pixels.shape[0] // 3)
    finding = FieldGate().assess(found_in(cv2.resize(photo.pixels, side, interpolation=cv2.INTER_AREA)))
    assert any(reason.startswith("There are too many objects") for reason in sentences(finding.causes))
