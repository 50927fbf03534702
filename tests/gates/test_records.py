"""What records and CONTRIBUTING list is what the code holds."""

import configparser
import importlib
import re

import pytest

from normocyte.core.registry import KINDS


def layers(root) -> list[set[str]]:
    """The packages of each layer in .importlinter, from the top; optional ones without their brackets."""
    parser = configparser.ConfigParser()
    parser.read(root / ".importlinter", encoding="utf-8")
    lines = parser["importlinter:contract:layers"]["layers"].split("\n")
    return [set(re.findall(r"\w+", line)) for line in lines if line.strip() and not line.startswith("#")]


def packages(root) -> set[str]:
    source = root / "src" / "normocyte"
    return {path.parent.name for path in source.glob("*/__init__.py")}


def drawn(root) -> list[set[str]]:
    """The packages of each line of the drawing in the record of the architecture."""
    text = (root / "docs/design/0001-architecture.md").read_text(encoding="utf-8")
    block = re.search(r"```\n(.*?)```", text, re.DOTALL)[1]
    return [set(re.findall(r"\w+", line.partition("  ")[0])) for line in block.splitlines() if line.strip()]


def test_the_drawing_of_the_layers_is_what_the_contract_holds(root):
    here = packages(root)
    assert [names & here for names in layers(root) if names & here] == [names & here for names in drawn(root)]


def test_every_package_stands_in_the_drawing(root):
    assert packages(root) == set().union(*drawn(root)) & packages(root)


def parts_of_contributing(root) -> dict[str, str]:
    """What CONTRIBUTING says that a part of each package supplies, by package."""
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", text, re.MULTILINE))


def test_contributing_lists_every_package_of_parts(root):
    assert set(parts_of_contributing(root)) == set(KINDS)


@pytest.mark.parametrize("package", KINDS)
def test_contributing_names_the_methods_that_a_part_must_have(package, root):
    contract = importlib.import_module(f"normocyte.{package}.contract")
    bases = [
        member
        for member in vars(contract).values()
        if isinstance(member, type) and member.__module__ == contract.__name__
    ]
    needed = set().union(*(getattr(base, "__abstractmethods__", ()) for base in bases))
    named = set(re.findall(r"`(\w+)(?:\([^)]*\))?`", parts_of_contributing(root)[package]))
    assert needed - named == set()
