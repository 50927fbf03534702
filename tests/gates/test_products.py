"""One folder a product: what the products of workflows and of reports know of each other stays little."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "normocyte"
MOST_FILES = 16
MOST_IMPORTS = {"workflows": 15, "reports": 3}
SHARED = {"workflows": set(), "reports": {"drawing"}}


def crossings(room):
    """From which product to which an import goes, for every import that leaves its product."""
    folder = SOURCE / room
    for path in sorted(folder.rglob("*.py")):
        own = path.relative_to(folder).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            parts = node.module.split(".") if isinstance(node, ast.ImportFrom) and node.module else []
            if parts[:2] != ["normocyte", room]:
                continue
            others = {parts[2]} if len(parts) > 2 else {alias.name for alias in node.names}
            yield from ((own, other) for other in others - {own} - SHARED[room])


@pytest.mark.parametrize("room", sorted(MOST_IMPORTS))
def test_products_know_little_of_each_other(room):
    found = list(crossings(room))
    assert len(found) <= MOST_IMPORTS[room], found


@pytest.mark.parametrize("room", sorted(MOST_IMPORTS))
def test_no_folder_of_a_product_is_crowded(room):
    folders = [SOURCE / room, *(path for path in (SOURCE / room).iterdir() if path.is_dir())]
    counts = {folder.name: len(list(folder.glob("*.py"))) for folder in folders}
    assert {name: count for name, count in counts.items() if count > MOST_FILES} == {}


def test_an_answer_knows_no_page():
    sources = [path.read_text(encoding="utf-8") for path in (SOURCE / "results").glob("*.py")]
    assert len(sources) > 5
    assert [source for source in sources if "normocyte.reports" in source] == []
