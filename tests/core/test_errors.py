"""The error tree and the drawing of it."""

import inspect
import re

import pytest

from normocyte.core import errors
from normocyte.core.errors import MissingExtraError, NormocyteError, spell_fields


def _classes() -> dict[str, type]:
    found = dict(inspect.getmembers(errors, inspect.isclass))
    return {name: member for name, member in found.items() if member.__module__ == errors.__name__}


def test_the_drawn_tree_names_every_error_in_the_order_of_the_file():
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")
    written = sorted(_classes().values(), key=lambda member: inspect.getsourcelines(member)[1])
    assert ["NormocyteError", *drawn] == [member.__name__ for member in written]


def test_every_error_hangs_on_the_one_base():
    branches = [member for member in _classes().values() if member is not NormocyteError]
    assert {member.__base__ for member in branches} == {NormocyteError}


def test_every_drawn_error_is_explained_by_its_class():
    assert [name for name, member in _classes().items() if not member.__doc__] == []


def test_a_missing_extra_is_answered_with_the_install_line():
    message = str(MissingExtraError("keras", "train"))
    assert message.startswith("This needs the package 'keras', which is not installed")
    assert message.endswith("pip install 'normocyte[train]'")


@pytest.mark.parametrize("name", ["exit_code", "status", "http_status"])
def test_errors_know_no_door(name):
    assert not any(hasattr(member, name) for member in _classes().values())


@pytest.mark.parametrize(
    ("message", "spelled"),
    [
        ("`patients` 'x' is not known.", "<patients > 'x' is not known."),
        ("Choose `rule='quantile'`.", "Choose <rule quantile>."),
        ("Say `new_stain=True`, or `cells=12`.", "Say <new_stain True>, or <cells 12>."),
        ("Of the set `C:/cells`, a ` and a `.", "Of the set `C:/cells`, a ` and a `."),
    ],
)
def test_an_entry_point_spells_the_fields_that_a_message_names(message, spelled):
    assert spell_fields(message, lambda name, value: f"<{name} {value}>") == spelled


def test_a_field_that_an_entry_point_does_not_know_stays_as_it_is():
    assert spell_fields("Give `patients`.", lambda *_: "") == "Give `patients`."
