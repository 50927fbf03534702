"""What a user reads is in standard terms: for a short list of words there is a better one."""

import ast
import re
from pathlib import Path

import pytest

from normocyte.core.registry import KINDS

REFUSED = {
    "threshold": r"\b(?:the|a|its|no|each|every|this|that|one|own|new|old|best|highest|possible) cuts?\b"
    r"(?![ -](?:off|out|into|by|short|through)\b)|\bcut(?=:? $|:$|: )|(?<=\S )cut$",
    "synthetic": r"\bdrawn (?:cells?|parasites?|smears?|fields?|darkening|sets?)\b",
    "built-in": r"\b(?:comes?|came|coming) along\b",
    "not flagged": r"\bleft alone\b",
    "unusual": r"\b[Ss]trange(?:r|st)?\b|\b[Oo]dd(?:er|est|ness)\b|\bfinds? (?:it|them) odd\b",
    "not known": r"\b[Nn]obody (?:knows|says)\b|\b[Nn]othing says\b|\bknows nobody\b",
    "package": r"\b[Tt]his (?:room|floor|door|cellar)\b",
    "test": r"\bits? exam\b|\bthe exam that\b",
}
"""For each word that a user should read, what stood in its place."""
FACES = ("api", "cli", "sklearn")
"""Docstrings of these packages and of the parts are read by users, too: help, reference, `normocyte list`."""
APART = {"normocyte/shipped/card.md", "configs/shipped.toml"}
"""Part of the built-in bundle, whose files are sealed."""


def refused_in(text: str) -> list[str]:
    """The refused words of a text, each with the better one."""
    return [
        f"{found[0]!r}: {better}" for better, words in REFUSED.items() for found in re.finditer(words, text)
    ]


def _texts(tree: ast.Module, has_docstrings: bool) -> list[tuple[int, str]]:
    """Every string with its line; docstrings only where users read them."""
    apart = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and not has_docstrings}
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in apart
    ]


def _in_code(file: Path, tree: ast.Module, source: Path) -> list[str]:
    package, *inner = file.relative_to(source).parts
    is_public = package in FACES or (package in KINDS and len(inner) == 1)
    return [
        f"{file.relative_to(source.parent)}:{line} {found}"
        for line, text in _texts(tree, is_public)
        for found in refused_in(text)
    ]


def _in_text(file: Path, root: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [
        f"{file.relative_to(root)}:{number} {found}"
        for number, line in enumerate(lines, start=1)
        for found in refused_in(line)
    ]


def test_no_string_that_a_user_reads_has_a_refused_word(root, modules):
    source = root / "src" / "normocyte"
    assert [found for file, tree in modules.items() for found in _in_code(file, tree, source)] == []


def test_no_page_or_configuration_has_a_refused_word(root):
    files = [*(root / "src").rglob("*.j2"), *(root / "configs").glob("*.toml")]
    kept = [file for file in files if not any(file.as_posix().endswith(one) for one in APART)]
    assert [found for file in kept for found in _in_text(file, root)] == []


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("flags what lies above the cut", "threshold"),
        ("   cut ", "threshold"),
        ("old cut", "threshold"),
        ("the bundle that comes along", "built-in"),
        ("healthy cells with drawn parasites", "synthetic"),
        ("the strangest region", "unusual"),
        ("the share of healthy ones that is left alone", "not flagged"),
    ],
)
def test_a_refused_word_is_found_with_the_better_one(text, better):
    assert [found.rpartition(": ")[2] for found in refused_in(text)] == [better]


@pytest.mark.parametrize(
    "text", ["is cut off after 12 bytes", "cut it into pieces", "an odd whole number", "cut"]
)
def test_other_meanings_of_a_refused_word_are_allowed(text):
    assert refused_in(text) == []


def test_a_refused_word_is_named_with_file_and_line(root):
    source = root / "src" / "normocyte"
    tree = ast.parse('x = 1\nraise ConfigError("Choose the cut.")')
    assert _in_code(source / "core" / "x.py", tree, source) == ["normocyte/core/x.py:2 'the cut': threshold"]
