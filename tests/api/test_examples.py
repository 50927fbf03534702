"""Every example in the docstrings of the Python face runs."""

import doctest
import importlib
import inspect
import pkgutil
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

import normocyte as nc
import normocyte.api

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "own-parts.md"
LOUDEST = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[1]
MODULES = [f"normocyte.api.{module.name}" for module in pkgutil.iter_modules(normocyte.api.__path__)]


VERBS = {
    "comparison": ("compare", "comparison"),
    "evaluation": ("evaluate", "report"),
    "monitoring": ("monitor", "found"),
    "new": ("new", "made"),
    "training": ("train", "run"),
}
"""The verb of a module, and what its example makes: the examples of the module's class go on with that."""
ELSEWHERE = {
    "reconstructions": {"found": lambda: nc.load().reconstruct("cells/")},
    "smear": {"smear": lambda: nc.load().smear("photos/")},
}
"""What examples of a class go on with where its verb stands in another module."""


def _draw_slices():
    """40 gray discs on black, and 12 with a bright spot."""
    down, right = np.mgrid[:48, :48] - 23.5
    disc, rng = np.hypot(down, right) < 20, np.random.default_rng(0)
    for number in range(52):
        noise = rng.normal(0, 4, disc.shape)
        spot = 60 * (np.hypot(down - rng.uniform(-8, 8), right) < 5) if number >= 40 else 0
        image = np.clip(disc * (110 + noise + spot), 0, 255).astype(np.uint8)
        folder = Path("spots" if number >= 40 else "slices")
        folder.mkdir(exist_ok=True)
        Image.fromarray(image).save(folder / f"{number}.png")


def _failed(module):
    """How many examples of a module fail; that of its verb comes first, and runs once."""
    runner, place = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS), module.__name__.rpartition(".")[2]
    verb, made = VERBS.get(place, ("", ""))
    known = {key: make() for key, make in ELSEWHERE.get(place, {}).items()}
    found = sorted(
        doctest.DocTestFinder().find(module), key=lambda test: test.name != f"{module.__name__}.{verb}"
    )
    for test in found:
        test.globs.update(known)
        runner.run(test, clear_globs=False)
        known |= {made: test.globs[made]} if test is found[0] and verb else {}
    return runner.summarize(verbose=False).failed


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name, there, cells, photos, healthy_photos, own_parts_forgotten):
    plt.switch_backend("agg")
    shutil.copytree(cells, "cells")
    shutil.copytree(photos, "photos")
    shutil.copytree(healthy_photos, "healthy photos")
    shutil.copytree(cells / "cell_images" / "Uninfected", "healthy")
    _draw_slices()
    Path("my_parts/scores").mkdir(parents=True)
    Path("my_parts/scores/loudest.py").write_text(LOUDEST, encoding="utf-8")
    assert _failed(importlib.import_module(name)) == 0
    plt.close("all")


def test_every_public_name_and_method_has_an_example():
    public = {getattr(nc, name) for name in nc.__all__ if name != "__version__"}
    methods = {
        method
        for one in public
        if inspect.isclass(one)
        for name, method in vars(one).items()
        if inspect.isfunction(method) and not name.startswith("_")
    }
    assert [one.__qualname__ for one in public | methods if ">>>" not in (one.__doc__ or "")] == []
