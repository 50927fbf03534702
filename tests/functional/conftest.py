"""What the functional tests share: a small drawn set, fast recipes, bundles, and the real door."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from normocyte.cli.app import app
from normocyte.core.progress import Silent
from normocyte.datasets.synthetic import Synthetic, write_synthetic

STEPS = """
seed = 7
[[preprocessing]]
name = "cell_mask"
[[preprocessing]]
name = "fill_background"
[[preprocessing]]
name = "resize"
size = 32
[[preprocessing]]
name = "chromatin_contrast"
[score]
name = "dark_top_fraction"
"""
QUANTILE = '[threshold]\nname = "quantile"\nfalse_positive_rate = 0.1\n'
PCA = '[detector]\nname = "pca"\ncomponents = 8\n'
NETWORK = '[detector]\nname = "conv_autoencoder"\nfilters = [4, 8]\nlatent = 8\n'
RECIPES = {
    "pca": STEPS + PCA + QUANTILE,
    "labels": STEPS + PCA + '[threshold]\nname = "best_f1"\n',
    "sure": STEPS + PCA + '[threshold]\nname = "calibration_conditional"\nfalse_positive_rate = 0.05\n',
    "network": STEPS + NETWORK + "epochs = 2\n" + QUANTILE,
    "endless": STEPS + NETWORK + "epochs = 5000\npatience = 5000\n" + QUANTILE,
}


@pytest.fixture(autouse=True, scope="module")
def _as_quick_as_can_be(pictures_drawn_once):
    """The commands draw each picture once."""


@pytest.fixture(scope="session")
def cells(drawn_cells):
    """160 drawn cells of 12 patients in the NIH layout. Nobody changes them."""
    return drawn_cells


@pytest.fixture(scope="session")
def other_cells(tmp_path_factory):
    """Another drawn set, whose patients bear the same names."""
    folder = tmp_path_factory.mktemp("drawn") / "other"
    write_synthetic(Synthetic(folder=str(folder), cells=160, patients=12, seed=1), Silent())
    return folder


@pytest.fixture
def own_cells(cells, tmp_path):
    """A copy of the drawn cells that a test may spoil."""
    return shutil.copytree(cells, tmp_path / "own")


@pytest.fixture(scope="session")
def zipped(cells, tmp_path_factory):
    """The drawn cells in a zip."""
    path = tmp_path_factory.mktemp("zip") / "cells.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(cells.rglob("*.png")):
            archive.write(file, file.relative_to(cells).as_posix())
    return path


@pytest.fixture(scope="session")
def recipes(tmp_path_factory):
    """The path of each recipe by its name."""
    folder = tmp_path_factory.mktemp("recipes")
    for name, text in RECIPES.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.toml" for name in RECIPES}


@pytest.fixture(scope="session")
def call():
    """The command line in this process; gives exit_code, stdout and stderr, and lets no bug be swallowed."""
    runner = CliRunner(env={"COLUMNS": "80", "NO_COLOR": "1"})

    def invoke(*arguments):
        return runner.invoke(app, [str(word) for word in arguments], catch_exceptions=False)

    return invoke


@pytest.fixture(scope="session")
def environment():
    """The environment of a process of its own."""
    source = str(Path(__file__).parents[2] / "src")
    return {**os.environ, "PYTHONPATH": source, "NO_COLOR": "1", "COLUMNS": "80", "TERM": "xterm"}


@pytest.fixture(scope="session")
def process(environment):
    """The command line in a process of its own."""

    def start(*arguments, **options):
        words = [sys.executable, "-m", "normocyte", *(str(word) for word in arguments)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"}
        return subprocess.Popen(words, **{"env": environment, **pipes, **options})

    return start


@pytest.fixture(scope="session")
def demonstrated(call, cells, recipes, tmp_path_factory):
    """The folder of a whole demo with principal components; nobody changes it."""
    out = tmp_path_factory.mktemp("demo") / "out"
    outcome = call("demo", "--config", recipes["pca"], "--data", cells, "--out", out)
    assert outcome.exit_code == 0, outcome.stderr
    out.with_name("screen.txt").write_text(outcome.stdout, encoding="utf-8")
    return out


@pytest.fixture(scope="session")
def bundle(demonstrated):
    """The bundle of the demo."""
    return demonstrated / "bundle"
