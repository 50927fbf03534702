"""Files and functions stay short: 300 lines a file, 40 a function, and most functions far below."""

import ast
import statistics

import pytest

FILE_LINES = 300
FUNCTION_LINES = 40


def function_lengths(tree: ast.Module) -> dict[str, int]:
    """Lines of each function from `def` to its end, by name and line."""
    return {
        f"{node.name}:{node.lineno}": node.end_lineno - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def long_functions(trees: dict, limit: int = FUNCTION_LINES) -> list[str]:
    """Every function above the limit, with its file and length."""
    return [
        f"{file} {name} has {length} lines"
        for file, tree in trees.items()
        for name, length in function_lengths(tree).items()
        if length > limit
    ]


def long_files(lengths: dict, limit: int = FILE_LINES) -> list[str]:
    """Every file above the limit, with its length."""
    return [f"{file} has {lines} lines" for file, lines in lengths.items() if lines > limit]


@pytest.fixture(scope="module")
def lengths(modules):
    """The lengths of all functions of the source, sorted."""
    return sorted(length for tree in modules.values() for length in function_lengths(tree).values())


def test_no_file_is_longer_than_300_lines(modules):
    assert long_files({file: len(file.read_text(encoding="utf-8").splitlines()) for file in modules}) == []


def test_at_least_99_percent_of_the_functions_have_40_lines_or_fewer(modules, lengths):
    too_long = long_functions(modules)
    assert len(too_long) <= 0.01 * len(lengths), too_long


def test_the_median_function_has_8_lines_or_fewer(lengths):
    assert statistics.median(lengths) <= 8


def test_nine_of_ten_functions_have_25_lines_or_fewer(lengths):
    assert lengths[int(0.9 * (len(lengths) - 1))] <= 25


def test_a_function_of_41_lines_is_found():
    text = "def short():\n    return 1\n\ndef long():\n" + "    x = 1\n" * 40
    assert long_functions({"module.py": ast.parse(text)}) == ["module.py long:4 has 41 lines"]


def test_a_file_of_301_lines_is_found():
    assert long_files({"short.py": 300, "long.py": 301}) == ["long.py has 301 lines"]
