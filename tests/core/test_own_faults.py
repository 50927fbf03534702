"""An own part that fails in use is named, whatever it raised; what others raise passes unchanged."""

import pytest

from normocyte.core.errors import DatasetError, PartError
from normocyte.core.own.faults import OwnPartsNamed
from normocyte.core.own.loading import load_own_parts
from normocyte.core.registry import part_class
from normocyte.engine import worker

pytestmark = pytest.mark.usefixtures("own_parts_forgotten")

FAILING = """
from dataclasses import dataclass
from normocyte.core.errors import DatasetError
from normocyte.scores.contract import Score

@dataclass
class Failing(Score):
    def reduce(self, maps, masks):
        if maps:
            raise DatasetError("no cells")
        return 1 / 0
"""


@pytest.fixture
def failing(tmp_path):
    (tmp_path / "scores").mkdir()
    (tmp_path / "scores" / "failing.py").write_text(FAILING, encoding="utf-8")
    load_own_parts(tmp_path)
    return part_class("scores", "failing")()


def test_the_part_its_file_and_line_and_what_it_raised_are_named(failing, tmp_path):
    with pytest.raises(PartError) as caught, OwnPartsNamed():
        failing.reduce(0, 0)
    file = tmp_path.resolve() / "scores" / "failing.py"
    said = "The score 'failing' failed: ZeroDivisionError: division by zero"
    assert str(caught.value) == f"{said} ({file}, line 11). Correct it there."
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_worker_process_names_the_part_itself_since_no_trace_travels(failing):
    with pytest.raises(PartError, match="The score 'failing' failed: ZeroDivisionError"):
        worker.run(-1, lambda chunk: failing.reduce(0, chunk), [])


def test_what_is_no_fault_of_an_own_part_passes(failing):
    with pytest.raises(DatasetError, match="no cells"), OwnPartsNamed():
        failing.reduce(1, 0)
    with pytest.raises(ZeroDivisionError), OwnPartsNamed():
        1 / 0  # noqa: B018
