"""Pages of measurements are what their templates make of the kept results."""

import importlib

import pytest

from studies.kit.measured import Page
from studies.kit.pages import TEMPLATES

ELSEWHERE = {"results", "peers"}
"""Studies whose pages are made in another way."""
MODULES = "*findings.py"


def pages(root) -> list[Page]:
    """The page of every study that names one."""
    names = sorted(path.relative_to(root).with_suffix("").parts for path in root.glob(f"studies/*/{MODULES}"))
    return [importlib.import_module(".".join(name)).PAGE for name in names]


def test_every_page_is_what_its_kept_results_make(root):
    for page in pages(root):
        assert (root / page.place).read_text(encoding="utf-8") == page.text(), page.place


def test_every_template_has_a_page(root):
    templates = {path for path in (root / "studies").rglob(TEMPLATES) if path.parent.name not in ELSEWHERE}
    assert {page.template for page in pages(root)} == templates


def test_kept_results_are_small(root):
    sizes = {page.kept.name: page.kept.stat().st_size for page in pages(root)}
    assert max(sizes.values()) < 60_000


def test_a_page_tells_when_it_was_measured_and_how_it_is_made_again(root):
    page = pages(root)[0]
    assert f"python -m studies.{page.stem.parent.name} --kept" in page.text()


@pytest.fixture(autouse=True)
def _at_the_root(root, monkeypatch):
    monkeypatch.chdir(root)
