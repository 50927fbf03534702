"""One set of rules says which patient an image is of."""

import contextlib
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.datasets.support.patients import WORDS, number_in, patient_rule, patients_in


@pytest.mark.parametrize("word", WORDS)
def test_each_word_is_a_rule_and_nothing_else_that_has_no_group(word):
    assert patient_rule(word) == word
    with pytest.raises(ConfigError, match=f"`patients` '{word}s' has 0 groups; give it exactly one, as in"):
        patient_rule(f"{word}s")


def test_a_word_that_is_not_possible_here_is_refused_with_those_that_are():
    with pytest.raises(ConfigError, match=r"`patient_pattern` 'one' has 0 groups.*, or say file or folder"):
        patient_rule("one", ("file", "folder"), "patient_pattern")


@given(st.text("()[]|\\a1C^", max_size=12))
@example("([[a])")
def test_any_text_is_a_word_an_expression_with_one_group_or_refused(text):
    with contextlib.suppress(ConfigError):
        rule = patient_rule(text)
        assert rule in WORDS if isinstance(rule, str) else rule.groups == 1


def test_an_expression_finds_the_patient_or_shows_the_names_that_have_none():
    rule = patient_rule("^([^_]+)_")
    assert patients_in(["anna_1.png", "bert_2.png"], rule, "names", "Rename them.") == ["anna", "bert"]
    with pytest.raises(DatasetError, match=r"1 of 2 names name no patient .*: 3.png. Rename them"):
        patients_in(["anna_1.png", "3.png"], rule, "names", "Rename them.")


def test_a_group_that_finds_nothing_names_no_patient():
    with pytest.raises(DatasetError, match=re.escape("1 of 1 names name no patient")):
        patients_in(["a"], patient_rule("a(x)?"), "names", "Rename them.")


@pytest.mark.parametrize(
    ("name", "number"),
    [("C12_3.png", "C12"), ("C12P3.png", "C12"), ("C12.png", ""), ("C.png", ""), ("xC1_a.png", "")],
)
def test_c_and_a_number_tell_the_patient_where_more_follows(name, number):
    assert number_in(name) == number
