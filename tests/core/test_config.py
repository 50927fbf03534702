"""A configuration becomes parts, or one list of all that is wrong with it."""

from dataclasses import dataclass, field

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.config import (
    Document,
    build_fields,
    build_part,
    fields_table,
    part_table,
    read_document,
    settable,
)
from normocyte.core.errors import ConfigError
from normocyte.core.registry import KINDS, part_class, part_names

PARTS = [
    (room, name)
    for room in ("preprocessing", "detectors", "scores", "thresholds")
    for name in part_names(room)
]


@dataclass
class Fields:
    """One field of every kind, one that is learnt, and a rule between them."""

    count: int = 1
    share: float = 0.5
    word: str = "a"
    is_on: bool = False
    counts: tuple[int, ...] = (1, 2)
    shares: tuple[float, ...] = ()
    pairs: tuple[tuple[int, ...], ...] = ()
    learnt_: float = field(init=False, default=0.0)

    def __post_init__(self):
        if self.count < 0:
            raise ConfigError(f"count must be at least 0, not {self.count}.")


def document(text: str = "") -> Document:
    return Document("recipe.toml", text, {})


def faults_of(values: dict) -> list[str]:
    given_document = document()
    assert build_fields(given_document, Fields, values, ("part",)) is None
    return given_document.faults


def sentence_of(given_document: Document) -> str:
    with pytest.raises(ConfigError) as caught:
        given_document.raise_faults()
    return str(caught.value)


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(
    fields=st.builds(
        Fields,
        count=st.integers(0, 2**63 - 1),
        share=finite,
        word=st.text(),
        is_on=st.booleans(),
        counts=st.lists(st.integers()).map(tuple),
        shares=st.lists(finite).map(tuple),
        pairs=st.lists(st.lists(st.integers()).map(tuple)).map(tuple),
    )
)
def test_fields_survive_a_toml_file(fields, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "fields.toml"
    path.write_bytes(tomli_w.dumps(fields_table(fields)).encode())
    read = read_document(path)
    assert build_fields(read, Fields, read.content, ()) == fields
    assert read.faults == []


@pytest.mark.parametrize(("room", "name"), PARTS)
def test_every_part_survives_with_its_defaults(room, name):
    part, given_document = part_class(room, name)(), document()
    assert part_table(part)["name"] == name
    rebuilt = build_part(given_document, room, part_table(part), (room,))
    assert (fields_table(rebuilt), type(rebuilt)) == (fields_table(part), type(part))
    assert given_document.faults == []


def test_a_whole_number_is_accepted_where_any_number_is():
    fields = build_fields(document(), Fields, {"share": 1, "shares": [1, 2.5]}, ())
    assert [type(value) for value in (fields.share, *fields.shares)] == [float, float, float]


def test_what_is_learnt_cannot_be_set():
    assert "learnt_" not in settable(Fields)
    assert faults_of({"learnt_": 1.0}) == [
        "there is no field 'learnt_' here. Choose from: count, share, word, is_on, counts, shares, pairs."
    ]


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("count", 1.0, "a whole number, not 1.0"),
        ("count", True, "a whole number, not True"),
        ("count", "1", "a whole number, not '1'"),
        ("share", "0.5", "a finite number, not '0.5'"),
        ("share", False, "a finite number, not False"),
        ("share", float("nan"), "a finite number, not nan"),
        ("share", float("-inf"), "a finite number, not -inf"),
        ("share", 10**400, "a finite number, not 1000"),
        ("word", 3, "a text, not 3"),
        ("is_on", 1, "true or false, not 1"),
        ("counts", 3, "a list, each item a whole number, not 3"),
        ("counts", [1, 2.5], "a list, each item a whole number, not [1, 2.5]"),
        ("counts", "12", "a list, each item a whole number, not '12'"),
        ("pairs", [1], "a list, each item a list, each item a whole number"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_what_was_wanted(key, value, wanted):
    (fault,) = faults_of({key: value})
    assert fault.startswith(f"{key} must be {wanted}")


def test_all_faults_of_a_table_are_gathered():
    assert len(faults_of({"count": "x", "colour": 1, "is_on": "yes", "word": "fine"})) == 3


def test_a_rule_between_fields_is_told_at_the_table():
    given_document = document("\n[part]\ncount = -1")
    assert build_fields(given_document, Fields, {"count": -1}, ("part",)) is None
    assert given_document.faults == ["line 2: count must be at least 0, not -1."]


@pytest.mark.parametrize("table", ["pca", 3, [], {}, {"name": 3}, {"components": 3}])
@pytest.mark.parametrize("room", KINDS)
def test_a_part_without_a_name_is_refused_with_an_example(room, table):
    given_document = document()
    assert build_part(given_document, room, table, ("part",)) is None
    assert given_document.faults == [
        f'a {KINDS[room]} needs a table with a name, such as name = "...", not {table!r}.'
    ]


@pytest.mark.parametrize("name", ["", "PCA", "../pca", "contract", "pca.py", "os"])
def test_a_name_that_is_no_part_is_refused_with_those_that_are(name):
    given_document = document('[detector]\n\nname = "?"')
    assert build_part(given_document, "detectors", {"name": name}, ("detector",)) is None
    assert given_document.faults == [
        f"line 3: There is no detector called '{name}'. Choose one of: {', '.join(part_names('detectors'))}."
    ]


def test_no_fault_raises_nothing():
    assert document().raise_faults() is None


def test_faults_are_reported_together_each_with_its_line_if_it_has_one():
    given_document = document("a = 1\n\n[b]\nc = 2")
    given_document.fault(("b", "c"), "c is wrong.")
    given_document.fault(("a",), "a is wrong.")
    given_document.fault((), "the table [d] is missing.")
    assert sentence_of(given_document).splitlines() == [
        "recipe.toml has 3 mistakes:",
        "  line 4: c is wrong.",
        "  line 1: a is wrong.",
        "  the table [d] is missing.",
    ]


def test_one_fault_is_one_mistake():
    given_document = document()
    given_document.fault((), "it is wrong.")
    assert sentence_of(given_document) == "recipe.toml has 1 mistake:\n  it is wrong."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_text_is_read_as_utf8_with_or_without_the_mark_of_windows(tmp_path, encoding):
    (tmp_path / "recipe.toml").write_bytes('word = "µ"\r\n[b]\r\nc = 1\r\n'.encode(encoding))
    read = read_document(tmp_path / "recipe.toml")
    read.fault(("b", "c"), "wrong.")
    assert (read.content, read.faults) == ({"word": "µ", "b": {"c": 1}}, ["line 3: wrong."])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"seed 7", r"is not valid TOML: .*line 1.*Correct it there"),
        (b"seed = 7\nseed = 8\n", r"is not valid TOML: .*line 2"),
        ("seed = 7".encode("utf-16"), r"is not UTF-8 text: .*Save it as UTF-8"),
        (b"seed = " + b"9" * 5000, r"is not valid TOML: .*digits"),
        (b"seed = " + b"[" * 5000 + b"]" * 5000, r"is not valid TOML: .*recursion"),
    ],
)
def test_a_file_that_cannot_be_understood_is_a_config_error_that_names_it(tmp_path, content, sentence):
    (tmp_path / "recipe.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=rf"recipe\.toml {sentence}"):
        read_document(tmp_path / "recipe.toml")


def test_a_missing_file_and_a_folder_are_config_errors_with_the_reason(tmp_path):
    with pytest.raises(ConfigError, match=r"Cannot read the configuration .*none\.toml: No such file.*Check"):
        read_document(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="Is a directory"):
        read_document(tmp_path)
