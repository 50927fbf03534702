"""Scoring runs on ONNX Runtime alone: a fresh process never imports what training needs."""

import importlib.util
import json
import subprocess
import sys

import cv2
import pytest

from normocyte.pipeline.bundle.bundle import save_bundle

FOR_TRAINING = ["keras", "onnx", "sklearn", "tensorflow", "tf2onnx"]
SCORE = """
import json, sys
from pathlib import Path
from normocyte.core.types import Source
from normocyte.images.reading import read
from normocyte.pipeline.bundle.bundle import load_bundle
verdicts = load_bundle(Path(sys.argv[1])).pipeline.verdicts([read(Source(Path(sys.argv[2])))])
print(json.dumps({"score": verdicts[0].score, "modules": sorted(sys.modules)}))
"""


@pytest.fixture(scope="module")
def answer(trained, drawn, tmp_path_factory):
    """What a fresh process says of a drawn cell, and the score that this process gives it."""
    folder, (cell,) = tmp_path_factory.mktemp("fresh"), drawn(1, 51)
    save_bundle(trained, folder / "bundle")
    cv2.imwrite(str(folder / "cell.png"), cell[..., ::-1])
    command = [sys.executable, "-c", SCORE, str(folder / "bundle"), str(folder / "cell.png")]
    outcome = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(outcome.stdout), trained.pipeline.verdicts([cell])[0].score


def test_scoring_imports_nothing_that_only_training_needs(answer):
    assert set(answer[0]["modules"]) & set(FOR_TRAINING) == set()
    assert "onnxruntime" in answer[0]["modules"]


def test_a_fresh_process_gives_the_same_score(answer):
    assert answer[0]["score"] == answer[1]


@pytest.mark.parametrize("package", FOR_TRAINING)
def test_every_package_of_training_is_called_so(package):
    assert importlib.util.find_spec(package) is not None
