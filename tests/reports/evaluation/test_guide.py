"""The example of the guide for report sections runs as it is printed."""

import re
from pathlib import Path

import pytest

from normocyte.reports.evaluation import words

GUIDE = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-report-section.md"


@pytest.fixture
def sentence():
    """The function that the guide adds to `words.py`, in the names of that file."""
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    source = next(block for block in blocks if "def cells_by_patient" in block)
    names = dict(vars(words))
    exec(compile(source, str(GUIDE), "exec"), names)
    return names["cells_by_patient"]


def test_the_sentence_of_the_guide_says_how_many_cells_a_patient_has(sentence, contents):
    said = sentence(contents)
    assert re.match(r"\d+\N{NO-BREAK SPACE}patients with \d+ to \d+ cells each, half of them with", said)


def test_every_file_that_the_guide_names_is_there():
    folder = Path(words.__file__).parent
    named = re.findall(r"^\*\*`([\w.]+)`\*\*", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert named == ["words.py", "page.py", "page.html.j2"]
    assert all((folder / name).is_file() for name in named)
