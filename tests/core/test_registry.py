"""One file adds one part: found by name, without importing it."""

import sys
from abc import ABC, abstractmethod
from types import ModuleType

import pytest

from normocyte.core import registry
from normocyte.core.errors import ConfigError
from normocyte.core.registry import KINDS, part_class, part_name, part_names


class _Contract(ABC):
    @abstractmethod
    def apply(self) -> None: ...


def _part(name: str, base: type = object) -> type:
    return type(name, (base,), {"__module__": "normocyte.scores.invented"})


@pytest.fixture
def room(tmp_path, monkeypatch):
    """An empty room of scores."""
    monkeypatch.setattr(registry, "_SOURCE", tmp_path)
    (tmp_path / "scores").mkdir()
    return tmp_path / "scores"


@pytest.fixture
def invented(room, monkeypatch):
    """The module of an invented score, to be filled with classes."""
    (room / "invented.py").touch()
    module = ModuleType("normocyte.scores.invented")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


@pytest.mark.parametrize("name", KINDS)
def test_every_room_of_parts_exists_and_has_a_contract(name):
    assert (registry._SOURCE / name / "contract.py").is_file()


def test_parts_are_the_public_files_sorted(room):
    for name in ("pca.py", "mean_square.py", "contract.py", "__init__.py", "notes.md"):
        (room / name).touch()
    assert part_names("scores") == ["mean_square", "pca"]


def test_a_part_is_listed_without_being_imported(room):
    (room / "broken.py").write_text("raise RuntimeError", encoding="utf-8")
    assert part_names("scores") == ["broken"]


def test_a_part_is_the_one_public_class_of_its_file(invented):
    invented.Invented = _part("Invented")
    assert part_class("scores", "invented") is invented.Invented


def test_private_abstract_and_imported_classes_are_no_parts(invented):
    invented.Invented = _part("Invented")
    invented._Helper = _part("_Helper")
    invented.Base = _part("Base", _Contract)
    invented.Path = ModuleType
    assert part_class("scores", "invented") is invented.Invented


@pytest.mark.parametrize("names", [[], ["First", "Second"]])
def test_a_file_without_exactly_one_part_is_a_mistake_of_its_author(invented, names):
    vars(invented).update({name: _part(name) for name in names})
    with pytest.raises(
        TypeError, match=rf"normocyte\.scores\.invented must define exactly one.*not {len(names)}"
    ):
        part_class("scores", "invented")


def test_an_unknown_name_is_answered_with_all_names(room):
    (room / "mean_square.py").touch()
    (room / "top_fraction.py").touch()
    with pytest.raises(ConfigError) as caught:
        part_class("scores", "mse")
    assert str(caught.value) == "There is no score called 'mse'. Choose one of: mean_square, top_fraction."


@pytest.mark.parametrize("name", ["../core/files", "contract", "gate", "__init__", "", "Mean_Square", "os"])
def test_a_name_cannot_reach_another_file(room, name):
    (room / "mean_square.py").touch()
    (room / "contract.py").touch()
    with pytest.raises(ConfigError, match="There is no score called"):
        part_class("scores", name)


def test_a_part_knows_the_name_of_its_file():
    assert part_name(_part("Invented")()) == "invented"
