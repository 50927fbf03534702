"""The documentation site shows every page, and asks no network for anything. `just docs` builds it."""

import importlib.util
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SITE = ROOT / "docs" / "site"
TOCTREE = re.compile(r"```\{toctree\}\n(.*?)```", re.DOTALL)


def entries(section: Path) -> list[str]:
    """What the tables of contents of a page name, as paths from the project's folder."""
    lines = "\n".join(TOCTREE.findall(section.read_text(encoding="utf-8"))).splitlines()
    here = section.parent.relative_to(ROOT).as_posix()
    return [
        line[1:] if line.startswith("/") else f"{here}/{line}"
        for line in lines
        if line.strip() and line[0] != ":"
    ]


def unlisted(pages: list[str], patterns: list[str]) -> list[str]:
    """Pages that no pattern names; a star does not reach into a folder, as for Sphinx."""
    named = {
        page
        for page in pages
        for one in patterns
        if fnmatchcase(page, one) and page.count("/") == one.count("/")
    }
    return sorted(set(pages) - named)


@pytest.fixture(scope="module")
def stick():
    specification = importlib.util.spec_from_file_location("stick", SITE / "stick.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def patterns():
    return [entry for section in SITE.glob("*.md") for entry in entries(section)]


def test_every_page_is_in_a_table_of_contents(patterns):
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "docs").rglob("*.ipynb")]
    pages = [file.relative_to(ROOT).with_suffix("").as_posix() for file in found]
    assert unlisted(pages, [*patterns, "docs/site/index"]) == []


def test_every_entry_without_a_star_is_a_page(patterns):
    plain = [entry for entry in patterns if "*" not in entry]
    assert [entry for entry in plain if not ROOT.joinpath(f"{entry}.md").is_file()] == []


def test_the_site_has_its_five_sections():
    sections = entries(SITE / "index.md")[:5]
    assert [Path(one).name for one in sections] == [
        "tutorial",
        "how-to",
        "reference",
        "explanation",
        "measurements",
    ]


def test_a_page_that_no_section_names_is_found():
    assert unlisted(["docs/a/one", "docs/a/b/two", "docs/three"], ["docs/a/*", "docs/t*"]) == ["docs/a/b/two"]


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="https://cdn.example/x.js"></script>',
        "<script defer src=//cdn.example/x.js></script>",
        '<img alt="a" src="http://cdn.example/x.png">',
        '<link href="https://cdn.example/x.css" rel="stylesheet">',
        "@import 'https://cdn.example/x.css';",
        "src: url(https://cdn.example/x.woff2)",
    ],
)
def test_a_request_to_the_network_is_found(stick, markup):
    assert len(stick.network_requests(markup)) == 1


@pytest.mark.parametrize(
    "markup",
    ['<a href="https://example.org">there</a>', '<link rel="next" href="a.html">', '<img src="a.png">'],
)
def test_a_link_is_no_request(stick, markup):
    assert stick.network_requests(markup) == []


def test_a_link_to_a_folder_becomes_its_text(stick, tmp_path):
    (tmp_path / "parts").mkdir()
    text = "[the parts](parts), [a page](page.md), ![a picture](parts)"
    assert stick.without_folders(text, tmp_path) == "the parts, [a page](page.md), ![a picture](parts)"
