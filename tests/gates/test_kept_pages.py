"""Pages of measurements are what their templates make of the kept results."""

import importlib

import pytest

from studies.demo_story import run as demo_story
from studies.kit.measured import Page
from studies.kit.pages import TEMPLATES, kept_results
from studies.results import run as results

ELSEWHERE = {"results", "peers", "demo_story"}
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


def test_the_page_of_results_is_what_its_kept_results_make(root):
    place = root / "docs" / "measurements" / "results.md"
    made = results.page(kept_results(results.KEPT, results.SCHEMA), results.shown_figure(place))
    assert place.read_text(encoding="utf-8") == made


def test_the_page_of_the_demo_is_what_its_kept_results_make(root):
    place = root / "docs" / "measurements" / "demo-story.md"
    made = demo_story.page(kept_results(demo_story.KEPT, demo_story.SCHEMA))
    assert place.read_text(encoding="utf-8") == made


def test_kept_results_are_small(root):
    sizes = {page.kept.name: page.kept.stat().st_size for page in pages(root)}
    assert max(sizes.values()) < 60_000


def test_a_page_tells_when_it_was_measured_and_how_it_is_made_again(root):
    page = pages(root)[0]
    assert f"python -m studies.{page.stem.parent.name} --kept" in page.text()


@pytest.fixture(autouse=True)
def _at_the_root(root, monkeypatch):
    monkeypatch.chdir(root)
