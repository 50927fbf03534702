"""Every benchmark can be asked what it does, and its page template stands beside it."""

import re
import tomllib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
SCRIPTS = sorted(
    path.relative_to(FOLDER).as_posix()
    for pattern in ("*.py", "*/*.py")
    for path in FOLDER.glob(pattern)
    if not path.name.startswith("_")
)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_benchmark_says_what_it_needs(run, script):
    outcome = run(str(FOLDER / script), "--help")
    assert outcome.returncode == 0, outcome.stderr
    assert "--data" in outcome.stdout


def test_every_part_of_a_benchmark_can_be_imported(run):
    parts = sorted(path.stem for path in FOLDER.glob("_*.py"))
    code = f"import sys; sys.path.insert(0, {str(FOLDER)!r}); import {', '.join(parts)}"
    outcome = run("-c", code)
    assert outcome.returncode == 0, outcome.stderr
    assert len(parts) > 20


def test_there_are_benchmarks():
    assert {"score_speed.py", "peers/run.py"} <= set(SCRIPTS)


@pytest.mark.parametrize("peers", ["peers", "threshold_peers"])
def test_every_package_of_the_peers_is_locked_with_its_hash(peers):
    lock = (FOLDER / peers / "requirements.txt").read_text(encoding="utf-8")
    pins = re.split(r"^(?=[a-z])", lock, flags=re.MULTILINE)[1:]
    assert [pin for pin in pins if not re.match(r"[\w.-]+==\S+ \\\n +--hash=sha256:", pin)] == []


@pytest.mark.parametrize("peers", ["peers", "threshold_peers"])
def test_the_lock_of_the_peers_holds_what_they_ask_for(peers):
    asked = tomllib.loads((FOLDER / peers / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (FOLDER / peers / "requirements.txt").read_text(encoding="utf-8")
    names = [re.match(r"[\w-]+", line)[0] for line in asked["dependencies"]]
    assert [name for name in names if f"\n{name}==" not in lock] == []
