"""What a cause and a grade are to code that decides by them."""

import pytest

from normocyte.results.verdict import Cause, CauseCode, Grade


@pytest.mark.parametrize("code", CauseCode)
def test_only_what_a_check_refused_is_a_refusal(code):
    refusals = {CauseCode.UNLIKE_HEALTHY, CauseCode.UNLIKE_IMAGES, CauseCode.PERHAPS_A_PHOTO}
    assert Cause(code).is_refusal is (code in refusals)


def test_causes_that_differ_in_their_numbers_are_of_one_group():
    one, other = (Cause(CauseCode.UNLIKE_HEALTHY, "size", value, detail="too small") for value in (1, 2))
    assert one != other
    assert one.group == other.group
    assert one.group != Cause(CauseCode.UNLIKE_HEALTHY, "size", 1, detail="too large").group


@pytest.mark.parametrize("grade", Grade)
def test_the_cells_of_good_and_usable_photos_count(grade):
    assert grade.is_used is (grade in {Grade.GOOD, Grade.USABLE})
