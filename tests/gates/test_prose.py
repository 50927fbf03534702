"""No code decides by a sentence: what a person reads may be worded anew without changing a number."""

import ast

import pytest

PROSE = {"reason", "reasons", "error", "sentence", "sentences", "failure", "refusal", "meaning", "message"}
"""How attributes, variables and functions are called that hold or make sentences."""
PARTING = {"startswith", "endswith", "removeprefix", "removesuffix", "partition", "rpartition", "split"}
SEARCHING = PARTING | {"find", "index", "count", "replace"}
WORDS = 3
"""So many words in a string that is searched for are part of a sentence."""
FAULTS = {
    "how it begins": 'verdict.reason.startswith("not a red")',
    "what it contains": '"too dark" in row.error',
    "what it is": "verdict.reason == NOTHING",
    "a part of it": 'str(error).partition(" (")',
    "one of several": "photo.reasons[0].removeprefix(GATE)",
    "a sentence just made": 'sentence(cause).split(": ")',
    "a sentence by its words": '"no pixel is left" in text',
    "the beginning by its words": 'text.startswith("no pixel is left")',
}


def is_prose(node: ast.expr) -> bool:
    """True for what holds or makes a sentence, by its name."""
    match node:
        case ast.Subscript(value=value):
            return is_prose(value)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name in PROSE
        case ast.Call(func=ast.Name(id="str"), args=[inner]):
            return is_prose(inner)
        case ast.Call(func=function):
            return is_prose(function)
        case ast.Constant(value=str(text)):
            return len(text.split()) >= WORDS
    return False


def decisions(tree: ast.AST) -> list[str]:
    """Every comparison with a sentence and every search in one."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=text, attr=method), args=arguments):
                parted = method in SEARCHING and is_prose(text) and not isinstance(text, ast.Constant)
                if parted or (method in PARTING and any(map(is_prose, arguments))):
                    found.append(node)
            case ast.Compare(
                left=left, ops=[ast.In() | ast.NotIn() | ast.Eq() | ast.NotEq()], comparators=[right]
            ):
                found += [node] * (is_prose(left) or is_prose(right))
    return [ast.unparse(node) for node in found]


def test_no_code_decides_by_a_sentence(modules):
    found = {str(file): decisions(tree) for file, tree in modules.items()}
    assert {file: texts for file, texts in found.items() if texts} == {}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_decision_by_a_sentence_is_found(fault):
    assert decisions(ast.parse(FAULTS[fault])) == [ast.unparse(ast.parse(FAULTS[fault]))]
