"""Every study can be asked what it does, and its page template stands beside it."""

import json
import re
import tomllib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "studies"
STUDIES = sorted(path.parent.name for path in FOLDER.glob("*/__main__.py"))
PARTS = sorted(
    f"studies.{path.parent.name}.{path.stem}"
    for path in FOLDER.glob("*/*.py")
    if "peers" not in path.parent.name and path.stem not in {"__init__", "__main__"}
)
SCRIPTS = ("peers/run.py", "threshold_peers/run.py")


EACH_HELP = """
import contextlib, importlib, io, json, runpy, sys
answers, faults = {}, {}
studies, parts = (words.split() for words in sys.argv[1:])
for study in studies:
    said, status = io.StringIO(), None
    sys.argv = [study, "--help"]
    with contextlib.redirect_stdout(said):
        try:
            runpy.run_module(f"studies.{study}", run_name="__main__", alter_sys=True)
        except SystemExit as end:
            status = end.code
        except Exception as error:
            status = repr(error)
    answers[study] = [status, said.getvalue()]
    for module in [name for name in sys.modules if name.partition(".")[0] == "studies"]:
        del sys.modules[module]
for part in parts:
    try:
        importlib.import_module(part)
    except Exception as error:
        faults[part] = repr(error)
print(json.dumps([answers, faults]))
"""
"""What each study answers to --help, and which part of a study cannot be imported.

Libraries are imported once, studies each time."""


def check_help(outcome):
    assert outcome.returncode == 0, outcome.stderr
    assert "--data" in outcome.stdout


@pytest.fixture(scope="module")
def said(run):
    """Exit status and page of help of every study, and why a part of a study cannot be imported."""
    outcome = run("-c", EACH_HELP, " ".join(STUDIES), " ".join(PARTS))
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)


@pytest.mark.parametrize("study", STUDIES)
def test_a_study_says_what_it_needs(said, study):
    status, page = said[0][study]
    assert status in (0, None), status
    assert "--data" in page


@pytest.mark.parametrize("study", STUDIES)
def test_a_study_says_how_it_is_called(said, study):
    assert said[0][study][1].startswith(f"usage: python -m studies.{study} ")


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_study_with_an_environment_of_its_own_says_what_it_needs(run, script):
    check_help(run(str(FOLDER / script), "--help"))


def test_every_part_of_a_study_can_be_imported(said):
    assert said[1] == {}
    assert len(PARTS) > 40


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
