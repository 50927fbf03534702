"""A language is chosen by its code or by the environment, and writes sentences and numbers its own way."""

import pickle

import pytest

from normocyte.core.errors import ConfigError
from normocyte.core.messages import Figure, deferred, joined, ndeferred
from normocyte.core.percent import percent
from normocyte.wording.language import (
    figure,
    gettext,
    language_for,
    languages,
    ngettext,
    speaking,
    translated,
)

THIN = "\N{NARROW NO-BREAK SPACE}"
SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr"}, "fr"),
        ({"LANG": "fr_FR", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "fr_SN"}, "fr"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "tlh_QO"}, "en"),
        ({"LANG": "", "LC_ALL": ""}, "en"),
    ],
)
def test_the_environment_says_the_language_and_english_is_for_all_others(variables, code):
    assert language_for(variables) == code


def test_an_unknown_language_is_refused_with_those_that_there_are():
    with (
        pytest.raises(ConfigError, match=r"`language='xx'` is not known; choose one of: en, fr"),
        speaking("xx"),
    ):
        pass
    assert languages()[0] == "en"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,234.5", f"1{THIN}234,5"),
        ("12 %", f"12{SPACE}%"),
        (f"0.01{SPACE}%", f"0,01{SPACE}%"),
        ("\N{EN DASH}", "\N{EN DASH}"),
        ("7", "7"),
    ],
)
def test_french_writes_numbers_its_own_way_and_english_as_they_are(text, said):
    with speaking("fr"):
        assert figure(text) == said
    assert figure(text) == text


def test_the_language_decides_which_numbers_are_one():
    with speaking("fr"):
        said = [ngettext("{n} cell", "{n} cells", number) for number in (0, 1, 2)]
    assert said == [f"0{SPACE}cellule", f"1{SPACE}cellule", f"2{SPACE}cellules"]


def test_a_sentence_of_a_result_is_english_and_can_be_said_again():
    with speaking("fr"):
        said = deferred("That is more than in {share} of healthy smears.", share=percent(0.995, 3))
        assert said == "That is more than in 99.5 % of healthy smears."
        assert translated(said) == f"C'est plus que dans 99,5{SPACE}% des frottis sains."


def test_a_sentence_of_a_result_comes_back_from_another_process_as_it_was():
    inner = ndeferred("{patients} patient", "{patients} patients", 3, patients=3)
    said = pickle.loads(pickle.dumps(joined([inner, deferred("about {cells}", cells=Figure("1,200"))])))
    assert said == "3 patients about 1,200"
    with speaking("fr"):
        assert translated(said) == f"3 patients environ 1{THIN}200"


def test_what_the_catalogue_does_not_know_stays_as_it_is():
    with speaking("fr"):
        assert (translated("an own part says {this}"), translated("")) == ("an own part says {this}", "")
        assert gettext("cell {number} of {photo}", number=1200, photo="{odd}.jpg") == (
            f"cellule 1{THIN}200 de {{odd}}.jpg"
        )
