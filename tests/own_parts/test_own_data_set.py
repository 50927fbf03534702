"""A data set that somebody adds as one file, that of the how-to guide, is recognised from a bare folder."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "how-to" / "add-a-data-set.md"
ASK = """
import sys, pathlib
from normocyte.core.errors import DatasetError
from normocyte.datasets.opening.detect import open_dataset
try:
    dataset = open_dataset(pathlib.Path(sys.argv[1]))
    print(type(dataset).__name__, sorted({(record.patient, record.label) for record in dataset.records()}))
except DatasetError as error:
    print(error)
"""


@pytest.fixture
def asked(tmp_path):
    """What opening a folder with these images gives in a copy of the package with that data set."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    source = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[1]
    (tmp_path / "src/normocyte/datasets/patient_folders.py").write_text(source, encoding="utf-8")

    def ask(*names):
        for name in names:
            path = tmp_path / "set" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(path), np.zeros((8, 8, 3), np.uint8))
        call = [sys.executable, "-c", ASK, str(tmp_path / "set")]
        environment = os.environ | {"PYTHONPATH": str(tmp_path / "src")}
        return subprocess.run(call, capture_output=True, text=True, env=environment, check=True).stdout

    return ask


def test_its_layout_is_recognised(asked):
    answer = asked("anna/negative/1.png", "anna/positive/2.png", "bert/negative/3.png")
    assert answer.split(maxsplit=1)[0] == "PatientFolders"
    assert "[('anna', 0), ('anna', 1), ('bert', 0)]" in answer


def test_other_layouts_are_recognised_as_before(asked):
    assert asked("Parasitized/C1_a.png", "Uninfected/C2_b.png").startswith("NihMalaria")


def test_its_layout_is_named_where_none_is_recognised(asked):
    assert "nor the folders 'negative' and 'positive' of each patient nor a folder 'healthy'" in asked(
        "1.png"
    )
