"""A detector that somebody adds passes the exam as it stands: that of the how-to guide is put into a copy."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "how-to" / "add-a-detector.md"


@pytest.fixture
def exam(tmp_path):
    """Runs the exam of detectors on a copy of the package with one more detector."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))

    def run(name, source):
        (tmp_path / f"src/normocyte/detectors/{name}.py").write_text(source, encoding="utf-8")
        call = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", "-k", name]
        environment = os.environ | {"PYTHONPATH": str(tmp_path / "src")}
        file = str(ROOT / "tests" / "contracts" / "test_detectors.py")
        return subprocess.run(
            [*call, file], capture_output=True, text=True, cwd=ROOT, env=environment, check=False
        )

    return run


@pytest.fixture
def guide():
    return re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[1]


def test_the_detector_of_the_guide_passes_the_exam_without_editing_it(exam, guide):
    outcome = exam("mean_cell", guide)
    assert outcome.returncode == 0, outcome.stdout
    assert re.search(r"1[5-9] passed", outcome.stdout)


def test_a_detector_that_sees_nothing_fails_the_exam(exam, guide):
    blind = guide.replace("return signed_residual(", "return 0 * signed_residual(")
    outcome = exam("mean_cell", blind)
    assert outcome.returncode == 1, outcome.stdout
    assert "test_an_infected_cell_is_stranger_than_a_healthy_one[mean_cell]" in outcome.stdout
