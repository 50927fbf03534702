"""A field is declared once; what it must be follows in words."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from normocyte.core.config import Document, build_fields
from normocyte.core.errors import ConfigError
from normocyte.core.fields import Declared, described, settable


@dataclass
class Base(Declared):
    """Fields of every kind."""

    count: int = described(3, "how many", at_least=1)
    few: int = described(3, "how many", at_least=1, at_most=9, is_odd=True)
    share: float = described(0.5, "what share", at_least=0, at_most=1)
    part: float = described(0.5, "what part", above=0, below=1)
    most: float = described(0.5, "what part", above=0, at_most=1)
    gain: float = described(1.0, "factor", above=0, unit="decibels")
    cut: float = described(0.0, "where", may_be_infinite=True)
    word: str = described("a", "which", one_of=("a", "b", "c"))
    size: int = described(3, "which", one_of=(3, 5))
    is_on: bool = described(False, "whether")
    levels: tuple[int, ...] = described((8, 16), "levels", at_least=1, min_items=2)
    pair: tuple[float, float] = described((0.0, 1.0), "from and to", at_least=0)
    plain: str = ""
    learnt_: float = field(init=False, default=-1.0)


@dataclass
class Other(Base):
    """The same with another default."""

    count: int = 7


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("count", -3, "count must be a whole number from 1, not -3."),
        ("count", 2.5, "count must be a whole number from 1, not 2.5."),
        ("count", True, "count must be a whole number from 1, not True."),
        ("count", "3", "count must be a whole number from 1, not '3'."),
        ("few", 4, "few must be an odd whole number from 1 to 9, not 4."),
        ("share", 1.5, "share must be a number from 0 to 1, not 1.5."),
        ("share", float("nan"), "share must be a number from 0 to 1, not nan."),
        ("part", 1, "part must be a number above 0 and below 1, not 1."),
        ("most", 0.0, "most must be a number above 0 and at most 1, not 0.0."),
        ("gain", float("inf"), "gain must be a finite number above 0, not inf."),
        ("cut", float("nan"), "cut must be a number, not nan."),
        ("word", "x", "word must be one of a, b, c, not 'x'."),
        ("size", 3.0, "size must be one of 3, 5, not 3.0."),
        ("is_on", 1, "is_on must be true or false, not 1."),
        ("levels", (8,), "levels must be a list of at least 2, each item a whole number from 1, not (8,)."),
        (
            "levels",
            (8, 0),
            "levels must be a list of at least 2, each item a whole number from 1, not (8, 0).",
        ),
        ("pair", (1.0,), "pair must be a list of 2, each item a finite number from 0, not (1.0,)."),
        ("plain", 3, "plain must be a text, not 3."),
    ],
)
def test_a_value_that_is_none_is_refused_in_a_sentence(name, value, sentence):
    with pytest.raises(ConfigError) as caught:
        Base(**{name: value})
    assert str(caught.value) == sentence


def test_all_faults_are_told_at_once():
    with pytest.raises(
        ConfigError, match=r"^count must .* not 0\. share must .* not 2\. word must .* not 'x'\.$"
    ):
        Base(count=0, share=2, word="x")


def test_a_number_of_numpy_is_a_number():
    assert Base(count=np.int64(2), share=np.float32(0.5)).count == 2


def test_an_infinite_value_fits_where_it_is_allowed():
    assert Base(cut=float("inf")).cut == float("inf")


def test_another_default_keeps_the_declaration():
    count = settable(Other)["count"]
    assert (count.default, count.meaning, count.wanted) == (7, "how many", "a whole number from 1")


def test_what_is_learnt_is_no_setting():
    assert "learnt_" not in settable(Base)


def test_each_fault_of_a_file_has_the_line_of_its_field():
    text = '[part]\ncount = 0\nis_on = true\nshare = 2.0\nword = "x"\n'
    document = Document("recipe.toml", text, {})
    values = {"count": 0, "is_on": True, "share": 2.0, "word": "x"}
    assert build_fields(document, Base, values, ("part",)) is None
    assert document.faults == [
        "line 2: count must be a whole number from 1, not 0.",
        "line 4: share must be a number from 0 to 1, not 2.0.",
        "line 5: word must be one of a, b, c, not 'x'.",
    ]
