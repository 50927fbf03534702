"""Files and functions stay short and flat: 300 lines a file, 40 a function, nested three deep at most."""

import ast

import pytest

FILE_LINES = 300
FUNCTION_LINES = 40
NESTING = 3
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)


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


def depth(node: ast.AST) -> int:
    """How deep blocks stand in blocks; an `elif` stands as deep as its `if`."""
    deepest = max((depth(child) - _is_elif(node, child) for child in ast.iter_child_nodes(node)), default=0)
    return deepest + isinstance(node, BLOCKS)


def _is_elif(node: ast.AST, child: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]


def deep_functions(trees: dict, limit: int = NESTING) -> list[str]:
    """Every function whose blocks are nested deeper than the limit."""
    return [
        f"{file} {node.name}:{node.lineno} is nested {depth(node)} deep"
        for file, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and depth(node) > limit
    ]


def test_no_file_is_longer_than_300_lines(modules):
    assert long_files({file: len(file.read_text(encoding="utf-8").splitlines()) for file in modules}) == []


def test_at_least_99_percent_of_the_functions_have_40_lines_or_fewer(modules):
    too_long = long_functions(modules)
    assert len(too_long) <= 0.01 * sum(len(function_lengths(tree)) for tree in modules.values()), too_long


def test_no_function_is_nested_more_than_three_deep(modules):
    assert deep_functions(modules) == []


def test_a_function_of_41_lines_is_found():
    text = "def short():\n    return 1\n\ndef long():\n" + "    x = 1\n" * 40
    assert long_functions({"module.py": ast.parse(text)}) == ["module.py long:4 has 41 lines"]


def test_a_file_of_301_lines_is_found():
    assert long_files({"short.py": 300, "long.py": 301}) == ["long.py has 301 lines"]


@pytest.mark.parametrize(
    ("last", "found"), [("else:\n    if x:\n     if x:\n      y = 1", 1), ("elif x:\n    y = 1", 0)]
)
def test_a_function_nested_four_deep_is_found(last, found):
    text = f"def f(x):\n for _ in x:\n  with x:\n   if x:\n    y = 0\n   {last}\n"
    assert len(deep_functions({"module.py": ast.parse(text)})) == found
