"""Every example in the docstrings of the Python face runs."""

import doctest
import importlib
import pkgutil
import re
import shutil
from pathlib import Path

import pytest
from matplotlib import pyplot as plt

import normocyte.api

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "own-parts.md"
LOUDEST = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[1]
MODULES = [f"normocyte.api.{module.name}" for module in pkgutil.iter_modules(normocyte.api.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name, there, cells, photos, own_parts_forgotten):
    plt.switch_backend("agg")
    shutil.copytree(cells, "cells")
    shutil.copytree(photos, "photos")
    shutil.copytree(cells / "cell_images" / "Uninfected", "healthy")
    Path("my_parts/scores").mkdir(parents=True)
    Path("my_parts/scores/loudest.py").write_text(LOUDEST, encoding="utf-8")
    outcome = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    plt.close("all")
    assert outcome.failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(found) >= 9
