"""Every study can be asked what it does, and its page template stands beside it."""

import re
import tomllib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "studies"
STUDIES = sorted(path.parent.name for path in FOLDER.glob("*/__main__.py"))
SCRIPTS = ("peers/run.py", "threshold_peers/run.py")


def check_help(outcome):
    assert outcome.returncode == 0, outcome.stderr
    assert "--data" in outcome.stdout


@pytest.mark.parametrize("study", STUDIES)
def test_a_study_says_what_it_needs(run, study):
    check_help(run("-m", f"studies.{study}", "--help"))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_study_with_an_environment_of_its_own_says_what_it_needs(run, script):
    check_help(run(str(FOLDER / script), "--help"))


def test_every_part_of_a_study_can_be_imported(run):
    parts = [f"studies.{path.parent.name}.{path.stem}" for path in FOLDER.glob("*/*.py")]
    parts = sorted(
        part for part in parts if not part.endswith(("__init__", "__main__")) and "peers." not in part
    )
    outcome = run("-c", f"import {', '.join(parts)}")
    assert outcome.returncode == 0, outcome.stderr
    assert len(parts) > 40


def test_there_are_studies():
    assert {"smears", "robustness", "results"} <= set(STUDIES)
    assert [script for script in SCRIPTS if not (FOLDER / script).is_file()] == []


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
