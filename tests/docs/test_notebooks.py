"""The notebooks run, what they state holds, and their outputs are of their code.

They are run without Jupyter, in this process: TensorFlow is imported once, and a warning is an error.
"""

import json
import re
from hashlib import sha256
from pathlib import Path

import matplotlib
import pytest
from matplotlib import pyplot as plt

FOLDER = Path(__file__).parents[2] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LARGEST_KB = 200
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
ADDRESS = re.compile(r"\]\([^)]*\)")
MACHINE = re.compile(r"/(?:tmp|home|root|Users|work)/|[A-Z]:\\\\")


def cells_of(file: Path, kind: str) -> list[dict]:
    notebook = json.loads(file.read_text(encoding="utf-8"))
    return [
        {**cell, "source": "".join(cell["source"])} for cell in notebook["cells"] if cell["cell_type"] == kind
    ]


def typed_figures(prose: list[str], code: list[str]) -> set[str]:
    """Numbers in the prose that the code does not set, so that somebody has typed a result."""
    written = {number for text in prose for number in NUMBER.findall(ADDRESS.sub("]", text))}
    set_by_code = {number for text in code for number in NUMBER.findall(text)}
    return written - set_by_code


@pytest.fixture(params=NOTEBOOKS, ids=[file.stem for file in NOTEBOOKS])
def notebook(request):
    return request.param


@pytest.mark.timeout(900)
def test_a_notebook_runs_and_what_it_states_holds(notebook, tmp_path, monkeypatch, own_parts_forgotten):
    monkeypatch.chdir(tmp_path)
    names = {"__name__": notebook.stem}
    with matplotlib.rc_context({"backend": "agg"}):
        plt.switch_backend("agg")
        monkeypatch.setattr(plt, "show", plt.close)
        for cell in cells_of(notebook, "code"):
            exec(compile(cell["source"], notebook.name, "exec"), names)  # a notebook of this repository
        plt.close("all")
    assert "nc" in names


def test_no_result_is_typed_into_the_prose(notebook):
    prose = [cell["source"] for cell in cells_of(notebook, "markdown")]
    code = [cell["source"] for cell in cells_of(notebook, "code")]
    assert typed_figures(prose, code) == set()


def test_the_outputs_are_of_this_code(notebook):
    code = "\n\n".join(cell["source"] for cell in cells_of(notebook, "code"))
    kept = json.loads(notebook.read_text(encoding="utf-8"))["metadata"].get("source_digest")
    assert kept == sha256(code.encode()).hexdigest(), "run: just notebooks"


def test_the_outputs_tell_no_warning_and_nothing_of_the_machine(notebook):
    outputs = [output for cell in cells_of(notebook, "code") for output in cell["outputs"]]
    assert [one for one in outputs if one["output_type"] == "error" or one.get("name") == "stderr"] == []
    assert MACHINE.findall(notebook.read_text(encoding="utf-8")) == []


def test_a_notebook_is_small(notebook):
    assert notebook.stat().st_size <= LARGEST_KB * 1024


def test_a_notebook_states_findings(notebook):
    assert sum("assert " in cell["source"] for cell in cells_of(notebook, "code")) >= 1


def test_a_typed_result_is_found():
    assert typed_figures(["It finds 97 % at 99 %.", "[a](b-12.md)"], ["specificity = 99"]) == {"97"}
