"""Every example in the docstrings of the Python face runs."""

import doctest
import importlib
import pkgutil
import shutil

import pytest
from matplotlib import pyplot as plt

import normocyte.api

MODULES = [f"normocyte.api.{module.name}" for module in pkgutil.iter_modules(normocyte.api.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name, there, cells, photos):
    plt.switch_backend("agg")
    shutil.copytree(cells, "cells")
    shutil.copytree(photos, "photos")
    shutil.copytree(cells / "cell_images" / "Uninfected", "healthy")
    outcome = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    plt.close("all")
    assert outcome.failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(found) >= 9
