"""Who may know whom: the contracts of .importlinter, and a proof that each of them would speak up."""

import ast
import configparser
import json
import shutil
import sys

import pytest

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
LINT_EACH = """
import contextlib, io, json, os, sys
from importlinter.cli import lint_imports
answers = {}
for house in sys.argv[1:]:
    os.chdir(house)
    sys.path.insert(0, os.path.join(house, "src"))
    with contextlib.redirect_stdout(io.StringIO()) as said:
        status = lint_imports(no_cache=True)
    answers[os.path.basename(house)] = [status, said.getvalue()]
    sys.path.remove(os.path.join(house, "src"))
print(json.dumps(answers))
"""
"""What the linter says of each of some houses: it is started once for all of them."""
NUMERIC_PACKAGES = (
    "scores",
    "thresholds",
    "false_discovery",
    "drift",
    "metrics",
    "parasitaemia",
    "shortcuts",
)
ALLOWED_THERE = {"numpy", "scipy", "normocyte", *sys.stdlib_module_names}
EMPTY_NAMES = {"utils", "util", "common", "helpers", "helper", "misc"}
FAULTS = {
    "a sibling": ("Layers", "scores/mean.py", "import normocyte.thresholds"),
    "an import upstairs": ("Layers", "core/files.py", "import normocyte.scores"),
    "wording that knows a table": ("Layers", "wording/causes.py", "import normocyte.tables"),
    "a workflow that knows an entry point": ("Layers", "workflows/training/train.py", "import normocyte.cli"),
    "a workflow that knows the Python face": (
        "Layers",
        "workflows/training/train.py",
        "import normocyte.api",
    ),
    "the command line that knows the Python face": ("Layers", "cli/app.py", "import normocyte.api"),
    "the Python face that knows scikit-learn's": ("Layers", "api/training.py", "import normocyte.sklearn"),
    "a detector that knows its threshold": ("Layers", "detectors/pca.py", "import normocyte.thresholds"),
    "an undeclared package": ("Layers", "utils/__init__.py", ""),
    "a cycle": ("No cycles", "scores/mean.py", "import normocyte.scores.other"),
    "Keras in the pipeline": ("Keras", "pipeline/bundle/bundle.py", "import keras"),
    "ONNX Runtime in a workflow": (
        "Keras",
        "workflows/training/train.py",
        "from onnxruntime import InferenceSession",
    ),
    "Matplotlib in a workflow": (
        "Matplotlib",
        "workflows/training/train.py",
        "from matplotlib.figure import Figure",
    ),
    "OpenCV in a score": ("OpenCV", "scores/mean.py", "import cv2"),
    "Pillow in a data set": ("OpenCV", "datasets/folder.py", "import PIL.Image"),
    "OpenCV in the drawing of reports": ("OpenCV", "reports/drawing/tiling.py", "import cv2"),
    "Pillow in a report": ("OpenCV", "reports/smear/page.py", "import PIL.Image"),
    "Typer in the pipeline": ("Typer", "pipeline/bundle/bundle.py", "import typer"),
    "scikit-learn in a false-discovery rule": (
        "Scores, thresholds",
        "false_discovery/storey.py",
        "import sklearn",
    ),
    "pandas in a smear": ("Scores, thresholds", "parasitaemia/rogan_gladen.py", "import pandas"),
    "a shortcut baseline that reads images": ("Layers", "shortcuts/border.py", "import normocyte.images"),
    "scikit-learn in a shortcut baseline": (
        "Scores, thresholds",
        "shortcuts/support/distance.py",
        "import sklearn",
    ),
    "pandas in a metric": ("Scores, thresholds", "metrics/auroc.py", "import pandas"),
    "SQLite in a workflow": ("SQLite", "workflows/batch/batch.py", "import sqlite3"),
    "a manifest that knows a workflow": ("Layers", "records/manifest.py", "import normocyte.workflows"),
    "fsspec in a table": ("DuckDB", "tables/reading.py", "import fsspec"),
    "pickle": ("Nothing that runs code", "core/files.py", "def f():\n    import pickle"),
    "the tests": ("The source knows", "core/files.py", "import pytest"),
}


def outsiders(tree: ast.Module) -> set[str]:
    """Imported packages that are neither NumPy, SciPy, core nor Python's own."""
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names} - ALLOWED_THERE


def _built(house, root, modules):
    """A copy of the house with empty rooms and the real contracts."""
    house.mkdir()
    shutil.copy(root / ".importlinter", house)
    for init in (file for file in modules if file.name == "__init__.py"):
        copy = house / init.relative_to(root)
        copy.parent.mkdir(parents=True)
        copy.touch()
    (house / "src/normocyte/scores/other.py").write_text("import normocyte.scores.mean\n", encoding="utf-8")
    (house / "src/normocyte/scores/mean.py").touch()
    return house


@pytest.fixture(scope="module")
def said_of(root, modules, run, tmp_path_factory):
    """Status and output of the linter for the empty house and for the house with each fault."""
    folder = tmp_path_factory.mktemp("houses")
    houses = {fault: _built(folder / fault, root, modules) for fault in ("none", *FAULTS)}
    for fault, (_, file, line) in FAULTS.items():
        path = houses[fault] / "src" / "normocyte" / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(line + "\n", encoding="utf-8")
    outcome = run("-c", LINT_EACH, *map(str, houses.values()), PYTHONPATH="")
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)


def test_every_contract_is_kept(run):
    outcome = run("-c", LINT)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_the_empty_house_keeps_every_contract(said_of):
    status, output = said_of["none"]
    assert status == 0, output


@pytest.mark.parametrize("fault", FAULTS)
def test_a_contract_speaks_up(said_of, fault):
    status, output = said_of[fault]
    broken = [text for text in output.splitlines() if text.endswith("BROKEN")]
    assert status == 1
    assert [text.startswith(FAULTS[fault][0]) for text in broken] == [True], output


def test_every_contract_is_broken_by_a_test(root):
    parser = configparser.ConfigParser()
    parser.read(root / ".importlinter", encoding="utf-8")
    names = [parser[part]["name"] for part in parser.sections() if part.startswith("importlinter:contract:")]
    broken = {contract for contract, _, _ in FAULTS.values()}
    assert len(names) > 5
    assert [name for name in names if not any(name.startswith(one) for one in broken)] == []


@pytest.mark.parametrize("package", NUMERIC_PACKAGES)
def test_a_numeric_package_imports_only_numpy_scipy_and_core(root, modules, package):
    files = [file for file in modules if file.is_relative_to(root / "src" / "normocyte" / package)]
    assert {file.name: outsiders(modules[file]) for file in files if outsiders(modules[file])} == {}


def test_an_outsider_in_a_numeric_package_is_found():
    assert outsiders(ast.parse("import math\nimport numpy.linalg\nfrom pandas.api import types")) == {
        "pandas"
    }


def test_no_folder_or_file_has_a_name_that_says_nothing(root, modules):
    parts = {
        part for file in modules for part in (*file.relative_to(root).parent.parts, file.stem.strip("_"))
    }
    assert parts & EMPTY_NAMES == set()
