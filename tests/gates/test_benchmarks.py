"""Every benchmark can be asked what it does, and its page template stands beside it."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
SCRIPTS = sorted(path.name for path in FOLDER.glob("*.py") if not path.name.startswith("_"))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_benchmark_says_what_it_needs(run, script):
    outcome = run(str(FOLDER / script), "--help")
    assert outcome.returncode == 0, outcome.stderr
    assert "--data" in outcome.stdout


def test_there_are_benchmarks():
    assert "score_speed.py" in SCRIPTS
