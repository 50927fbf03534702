"""An error shows the value that is wrong and says what to do: at least 80 of 100 do."""

import ast
import inspect
import re

import pytest

from normocyte.core import errors

SHARE = 0.8
# MissingExtraError writes its own message, tested in tests/core/test_extras.py.
RAISED = {
    name
    for name, member in inspect.getmembers(errors, inspect.isclass)
    if issubclass(member, errors.NormocyteError) and "__init__" not in vars(member)
}
WORDS = """must need needs expected choose give use try run check install free remove leave take make set wait
rename add start between only write train load pass keep drop download ask put convert save open instead
change correct move delete lower raise update copy allowed supported least most""".split()  # noqa: SIM905 - readable
ADVICE = re.compile(rf"\b({'|'.join(WORDS)})\b", re.IGNORECASE)


def raises(tree: ast.Module) -> list[tuple[ast.Raise, ast.AST]]:
    """Every `raise` of one of our errors, with the function around it."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [
        (node, function)
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _name(node.exc.func) in RAISED
    ]


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def message_parts(node: ast.Raise, function: ast.AST) -> list[ast.AST]:
    """What the message is made of; a plain name is followed to where the function assigns it."""
    parts = [part for argument in node.exc.args for part in ast.walk(argument)]
    names = {part.id for part in parts if isinstance(part, ast.Name)}
    assigned = [
        statement.value
        for statement in ast.walk(function)
        if isinstance(statement, ast.Assign)
        and names & {getattr(target, "id", "") for target in statement.targets}
    ]
    return parts + [part for value in assigned for part in ast.walk(value)]


def shows_a_value(node: ast.Raise, function: ast.AST) -> bool:
    """True when something that is only known at run time stands in the message."""
    return any(isinstance(part, ast.FormattedValue | ast.Call) for part in message_parts(node, function))


def gives_advice(node: ast.Raise, function: ast.AST) -> bool:
    """True when the words say what was expected or what to do; a message built elsewhere counts."""
    constants = [part.value for part in message_parts(node, function) if isinstance(part, ast.Constant)]
    text = " ".join(value for value in constants if isinstance(value, str))
    return not text or bool(ADVICE.search(text))


def lacking(modules: dict, judge) -> tuple[list[str], int]:
    """The places that the judge rejects, and how many were judged."""
    found = [(file, node, function) for file, tree in modules.items() for node, function in raises(tree)]
    bad = [
        f"{file}:{node.lineno} {ast.unparse(node)}"
        for file, node, function in found
        if not judge(node, function)
    ]
    return bad, len(found)


@pytest.mark.parametrize("judge", [shows_a_value, gives_advice])
def test_four_of_five_messages_are_good(modules, judge):
    bad, judged = lacking(modules, judge)
    assert judged > 0
    assert len(bad) <= (1 - SHARE) * judged, "\n".join(bad)


def _first(text: str) -> tuple[ast.Raise, ast.AST]:
    return raises(ast.parse(f"def f(x):\n{text}"))[0]


@pytest.mark.parametrize(
    "text",
    [
        "  raise ImageError(f'{x} is no image.')",
        "  raise errors.ImageError('No image: {}'.format(x))",
        "  message = f'{x} is no image.'\n  raise ImageError(message)",
        "  raise ImageError(_sentence(x))",
    ],
)
def test_a_message_with_a_value_is_told_apart(text):
    assert shows_a_value(*_first(text))


@pytest.mark.parametrize("text", ["  raise ImageError('This is no image.')", "  raise ImageError(x)"])
def test_a_message_without_a_value_is_told_apart(text):
    assert not shows_a_value(*_first(text))


def test_a_message_that_only_complains_gives_no_advice():
    assert not gives_advice(*_first("  raise ImageError(f'{x} is broken.')"))


def test_a_message_that_says_what_to_do_gives_advice():
    assert gives_advice(*_first("  raise ImageError(f'{x} is broken; choose another file.')"))


FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
APART = ("core/errors.py", "reports/drawing/theme.py", "reports/cell_map.py")
"""How fields become flags, names of CSS, and what a picture says of the program that drew it."""


def flags_in(tree: ast.Module) -> list[str]:
    """The flags of the command line that texts name."""
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [flag for text in texts if isinstance(text, str) for flag in FLAG.findall(text)]


def test_no_text_below_the_command_line_names_its_flags(root, modules):
    below = {file.relative_to(root / "src" / "normocyte").as_posix(): tree for file, tree in modules.items()}
    named = {
        file: flags_in(tree)
        for file, tree in below.items()
        if not file.startswith("cli/") and file not in APART and flags_in(tree)
    }
    assert named == {}


def test_a_text_that_names_a_flag_is_found():
    assert flags_in(ast.parse("raise ConfigError(f'{x} is odd; choose --rule quantile.')")) == ["--rule"]
