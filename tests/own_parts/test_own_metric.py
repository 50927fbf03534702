"""A metric that somebody adds as one file, that of the how-to guide, stands in report, file and terminal."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from normocyte.core.progress import Silent
from normocyte.datasets.synthetic import Synthetic, write_synthetic

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "how-to" / "add-a-metric.md"


@pytest.fixture
def with_mcc(tmp_path):
    """Runs a module on a copy of the package with the metric of the guide."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    source = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[1]
    (tmp_path / "src/normocyte/metrics/mcc.py").write_text(source, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "src"), "COLUMNS": "100"}

    def run(*arguments):
        call = [sys.executable, "-m", *map(str, arguments)]
        return subprocess.run(call, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)

    return run


def test_the_metric_of_the_guide_stands_in_report_file_and_terminal(with_mcc, tmp_path):
    write_synthetic(Synthetic(folder=str(tmp_path / "cells"), cells=80, patients=12, seed=3), Silent())
    outcome = with_mcc(
        "normocyte", "evaluate", "shipped", tmp_path / "cells", "--out", tmp_path / "out", "--new-patients"
    )
    assert outcome.returncode == 0, outcome.stderr
    assert "Matthews correlation at the threshold" in outcome.stdout
    assert "Matthews correlation at the threshold" in (tmp_path / "out" / "report.html").read_text(
        encoding="utf-8"
    )
    metrics = json.loads((tmp_path / "out" / "metrics.json").read_text(encoding="utf-8"))
    assert "mcc" in json.dumps(metrics)
