"""Every table and key is found on its line, however the file is laid out."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.lines import line_of

TEXT = """\
# size = 1, the comment of line 1
seed = 7
title = "size = 5 # [detector]"
lines = \"\"\"
[detector]
size = 6
\"\"\"

[[preprocessing]]
name = "resize"
size = 32
  [[ preprocessing ]]   # indented, spaced, commented
  name = "resize"
  "size" = 64

[detector] # size = 17
name = 'pca'
filters = [
  8, # [score]
  16,
]
latent = 3
[ "score" ]
size = 24
[split.more]
size = 26
"""
PLACES = {
    ("seed",): 2,
    ("title",): 3,
    ("lines",): 4,
    ("preprocessing",): 9,
    ("preprocessing", 0): 9,
    ("preprocessing", 0, "size"): 11,
    ("preprocessing", 1): 12,
    ("preprocessing", 1, "size"): 14,
    ("detector",): 16,
    ("detector", "name"): 17,
    ("detector", "filters"): 18,
    ("detector", "filters", 1): 18,
    ("detector", "latent"): 22,
    ("score",): 23,
    ("score", "size"): 24,
    ("split",): 25,
    ("split", "more"): 25,
    ("split", "more", "size"): 26,
}


@pytest.mark.parametrize("place", PLACES)
def test_a_key_is_found_on_its_line(place):
    assert line_of(TEXT, place) == PLACES[place]


@pytest.mark.parametrize("place", PLACES)
def test_windows_line_ends_change_nothing(place):
    assert line_of(TEXT.replace("\n", "\r\n"), place) == PLACES[place]


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("detector", "size"), 16),
        (("preprocessing", 1, "method"), 12),
        (("preprocessing", 2), 9),
        (("score", "size", "more"), 24),
    ],
)
def test_a_key_that_is_not_there_stands_where_its_table_stands(place, line):
    assert line_of(TEXT, place) == line


@pytest.mark.parametrize("place", [("size",), ("threshold", "size"), ()])
def test_what_is_nowhere_has_no_line(place):
    assert line_of(TEXT, place) == 0


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        ('seed = 1\ndetector = {name = "pca", seed = 2}', ("detector", "seed"), 2),
        ('seed = 1\ndetector.name = "pca"\ndetector.seed = 2', ("detector", "seed"), 3),
        ('seed = 1\ndetector . "seed" = 2', ("detector", "seed"), 2),
        ('\npreprocessing = [{name = "a"}, {name = "b", size = 3}]', ("preprocessing", 1, "size"), 2),
        ('preprocessing = [\n{name = "a"},\n{name = "b"},\n]\nseed = 1', ("preprocessing", 1, "name"), 1),
        ('preprocessing = [\n{name = "a"},\n{name = "b"},\n]\nseed = 1', ("seed",), 5),
        ("[split]\nseed = 1\n[detector]", ("seed",), 0),
        ("text = '''\n[a]\n'''\n[a]\nb = 1", ("a", "b"), 5),
        ("[[a]]\n[a.b]\nc = 1\n[[a]]\n[a.b]\nc = 2", ("a", 1, "b", "c"), 6),
        ("[[a]]\n[[a.b]]\n[[a.b]]\nc = 1\n[[a]]\n[[a.b]]\nc = 1", ("a", 1, "b", 0, "c"), 7),
        ("[[a]]\n[[a.b]]\n[[a.b]]\nc = 1\n[[a]]\n[[a.b]]\nc = 1", ("a", 0, "b", 1, "c"), 4),
        ('"a.b" = 1\n[a]\nb = 2', ("a", "b"), 3),
        ('"a.b" = 1\n[a]\nb = 2', ("a.b",), 1),
        ("", ("a",), 0),
    ],
)
def test_odd_layouts_are_understood(text, place, line):
    assert tomllib.loads(text) is not None
    assert line_of(text, place) == line


@given(
    gaps=st.lists(st.sampled_from(["", "# seed = 1", "   ", "# [detector]"]), max_size=5),
    name=st.text(st.characters(codec="utf-8", exclude_characters='"\\', exclude_categories=["Cc"])),
)
def test_comments_and_any_quoted_name_are_no_trouble(gaps, name):
    text = "\n".join([*gaps, "[table]", *gaps, f'"{name}" = 1'])
    assert line_of(text, ("table", name)) == 2 * len(gaps) + 2
