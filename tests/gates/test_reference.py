"""The reference pages are what the code says."""

import importlib.util
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "reference"


@pytest.fixture(scope="module")
def make():
    specification = importlib.util.spec_from_file_location("make_reference", FOLDER / "make.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["parts.md", "command-line.md", "python.md", "glossary.md"])
def test_a_reference_page_is_what_the_code_says(make, name):
    kept = (FOLDER / name).read_text(encoding="utf-8")
    assert make.PAGES[name]() == kept, "run: python docs/reference/make.py"


def test_the_python_face_fits_two_printed_pages():
    """Two columns a page, each of 90 lines of 80 characters, blank lines left out."""
    lines = (FOLDER / "python.md").read_text(encoding="utf-8").splitlines()
    assert sum(len(textwrap.wrap(line, 80)) for line in lines) <= 2 * 2 * 90
