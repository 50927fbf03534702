"""Every cause has a sentence, and the sentence shows what the cause knows."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.results.verdict import Cause, CauseCode
from normocyte.wording.causes import SENTENCES, sentence, sentences, short

NUMBERS = st.floats(-1e9, 1e9)
REFUSED = Cause(CauseCode.UNLIKE_HEALTHY, "detail", 0.25, (0.5, math.inf), detail="too blurred")


@st.composite
def causes(draw):
    """Any cause, with one of a cell inside where its code may have one."""
    low, high = sorted((draw(NUMBERS), draw(NUMBERS | st.just(math.inf))))
    code, count = draw(st.sampled_from(CauseCode)), draw(st.integers(0, 10**6))
    return Cause(code, draw(st.text()), draw(NUMBERS), (low, high), count, draw(st.text()), REFUSED)


def test_each_code_has_its_sentence():
    assert set(SENTENCES) == set(CauseCode)


@given(cause=causes())
def test_any_cause_can_be_worded(cause):
    assert sentences([cause, cause]) == [sentence(cause)] * 2
    assert isinstance(short(cause), str)


def test_no_cause_has_no_words():
    assert sentence(None) == ""


@given(value=st.floats(1e-3, 1e6), ratio=st.floats(1.0001, 3))
def test_a_refused_value_is_seen_to_lie_beyond_what_passes(value, ratio):
    cause = Cause(CauseCode.UNLIKE_HEALTHY, "size", value, (value * ratio, value * 9), detail="too small")
    own, low = re.search(r"\(size (\S+), healthy cells (\S+) to ", sentence(cause)).groups()
    assert float(own) < float(low)


def test_a_short_cause_has_no_numbers():
    assert short(REFUSED) == "too blurred"
    assert short(Cause(CauseCode.COUNTED_ELSEWHERE, detail="a.jpg")) == "counted in another photo"
    assert short(Cause(CauseCode.OTHER_KIND, detail="border")) == "cut by the border of the photo"


def test_a_refusal_names_the_program_that_reads_photos_where_it_may_be_one():
    cause = Cause(CauseCode.PERHAPS_A_PHOTO, limits=(1280, 960), inner=REFUSED)
    assert cause.is_refusal
    assert sentence(cause) == (
        "unlike the healthy cells of the training: too blurred (detail 0.25, healthy cells 0.5 and more); a "
        "picture of 1280 x 960 pixels may be a photo of a smear, in which 'normocyte smear' finds the cells"
    )


@pytest.mark.parametrize(("judged", "some"), [(0, "None"), (1234, "Only 1,234")])
def test_few_judged_cells_are_told_with_what_is_said_of_the_others(judged, some):
    cause = Cause(CauseCode.FEW_JUDGED, value=judged, of=5000, inner=REFUSED)
    assert sentence(cause) == (
        f"{some} of 5,000 red cells could be judged; most others were refused: too blurred (detail 0.25, "
        "healthy cells 0.5 and more)."
    )
