"""Pages lead where they say, and no file tells on which machine it was written."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

import normocyte

MACHINE = re.compile(r"(?<![\w./])/(?:home|root|Users|work|scratch)/\w+|[A-Z]:\\Users\\\w+")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
ELSEWHERE = ("http://", "https://", "mailto:")


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub writes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def dead_links(page: Path) -> list[str]:
    """Links of a page to a file that is not there or to a heading that does not exist."""
    links = [
        first or second for first, second in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    ]
    return [
        f"{page.name}: {link}" for link in links if not link.startswith(ELSEWHERE) and _is_dead(page, link)
    ]


def _is_dead(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    if not target.exists():
        return True
    return (
        bool(anchor) and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8"))
    )


def machine_paths(text: str) -> list[str]:
    """Absolute paths that exist on somebody's machine only."""
    return MACHINE.findall(text)


@pytest.fixture(scope="module")
def tracked(root):
    """Every file that travels with the project."""
    if shutil.which("git") is None or not (root / ".git").exists():
        pytest.skip("only a git checkout knows which files travel")
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True, text=True
    ).stdout
    return [root / name for name in names.split("\0") if name and (root / name).is_file()]


def test_no_page_has_a_dead_link(tracked):
    assert [link for page in tracked if page.suffix == ".md" for link in dead_links(page)] == []


def test_no_file_names_a_path_of_somebodys_machine(tracked):
    texts = {file: file.read_bytes().decode("utf-8", errors="ignore") for file in tracked}
    assert {str(file): machine_paths(text) for file, text in texts.items() if machine_paths(text)} == {}


def test_the_version_is_said_once(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == normocyte.__version__


def test_the_changelog_has_a_place_for_what_comes_next(root):
    assert "## [Unreleased]" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("link", ["missing.md", "page.md#no-such-heading", "#no-such-heading"])
def test_a_dead_link_is_found(tmp_path, link):
    page = tmp_path / "page.md"
    page.write_text(
        f"# A heading\n[here]({link}) [there](https://example.org) [up](#a-heading)\n", encoding="utf-8"
    )
    assert dead_links(page) == [f"page.md: {link}"]


@pytest.mark.parametrize("folder", ["home", "root", "Users", "work"])
def test_a_path_of_somebodys_machine_is_found(folder):
    path = "/".join(["", folder, "anna", "cells.png"])
    assert machine_paths(f"open('{path}')") == ["/".join(["", folder, "anna"])]
