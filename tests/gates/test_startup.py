"""Help comes at once, because it imports nothing heavy."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

HEAVY = [
    "PIL",
    "cv2",
    "keras",
    "matplotlib",
    "numpy",
    "onnxruntime",
    "pandas",
    "pydicom",
    "scipy",
    "sklearn",
    "tensorflow",
]
ASK_FOR_HELP = """
import contextlib, io, json, runpy, sys, time
sys.argv = {arguments!r}
said = io.StringIO()
with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
    runpy.run_module("normocyte", run_name="__main__")
seconds = time.process_time()
print(json.dumps({{"modules": sorted(sys.modules), "help": said.getvalue(), "seconds": seconds}}))
"""
PAGES = [["normocyte", "--help"], ["normocyte", "score", "--help"], ["normocyte", "train", "--help"]]


@pytest.fixture
def ask(run):
    """Ask for a page of help in a fresh process; gives text, imported modules and processor time."""

    def call(arguments: list[str]) -> dict:
        outcome = run("-c", ASK_FOR_HELP.format(arguments=arguments))
        assert outcome.returncode == 0, outcome.stderr
        return json.loads(outcome.stdout.splitlines()[-1])

    return call


@pytest.mark.parametrize("arguments", PAGES)
def test_help_imports_nothing_heavy(ask, arguments):
    answer = ask(arguments)
    assert "Usage" in answer["help"]
    assert set(answer["modules"]) & set(HEAVY) == set()


def test_help_takes_half_a_second_of_processor_time(ask):
    assert min(ask(PAGES[0])["seconds"] for _ in range(3)) <= 0.5


def test_a_plain_call_that_scores_imports_nothing_of_the_command_line(ask):
    """Two dashes before the file make Typer read the same call."""
    picture = str(ROOT / "docs" / "pictures" / "cells.png")
    plain, typed = ask(["normocyte", "score", picture]), ask(["normocyte", "score", "--", picture])
    assert set(plain["modules"]) & {"typer", "rich", "pydantic", "pandas", "scipy", "PIL"} == set()
    assert "typer" in typed["modules"]
    assert plain["help"] == typed["help"] != ""


def test_a_heavy_import_would_be_seen(run):
    outcome = run("-c", "import cv2, json, sys; print(json.dumps(sorted(sys.modules)))")
    assert "cv2" in set(json.loads(outcome.stdout)) & set(HEAVY)
