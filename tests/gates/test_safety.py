"""Nothing in the source can run code from a file, and nothing hides a fault."""

import ast

import pytest

GUARD = "src/normocyte/images/_guard.py"
"""Decoders raise what they like at damaged bytes; here it becomes an ImageError."""
OWN_PARTS = "src/normocyte/core/own/loading.py"
"""Own parts raise what they like when they are loaded; here it becomes a sentence, and the others work."""
BROAD = {"Exception", "BaseException"}
FAULTS = {
    "x = eval('1')": "eval",
    "exec('x = 1')": "exec",
    "np.load(file, allow_pickle=True)": "allow_pickle=True",
    "keras.models.load_model(file, safe_mode=False)": "safe_mode=False",
    "keras.layers.Lambda(abs)": "Lambda",
    "from keras.layers import Lambda": "Lambda",
    "yaml.unsafe_load(text)": "unsafe_load",
}


def dangers(tree: ast.Module) -> list[str]:
    """Every call, switch and name through which a file could run code."""
    return sorted({word for node in ast.walk(tree) for word in _words(node) if word in set(FAULTS.values())})


def _words(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name) and node.id in ("eval", "exec"):
        return [node.id]
    if isinstance(node, ast.Attribute | ast.alias):
        return [node.attr if isinstance(node, ast.Attribute) else node.name]
    if isinstance(node, ast.keyword):
        return [f"{node.arg}={ast.unparse(node.value)}"]
    return []


def broad_excepts(tree: ast.Module) -> list[int]:
    """The lines that catch everything."""
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    return [handler.lineno for handler in handlers if handler.type is None or BROAD & _names(handler.type)]


def _names(node: ast.expr) -> set[str]:
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def test_the_source_runs_no_code_from_files(modules):
    assert {str(file): dangers(tree) for file, tree in modules.items() if dangers(tree)} == {}


@pytest.mark.parametrize("line", FAULTS)
def test_a_line_that_could_run_code_is_found(line):
    assert FAULTS[line] in dangers(ast.parse(line))


def test_only_a_door_and_the_guards_of_decoders_and_of_own_parts_catch_everything(root, modules):
    rooms = {file: tree for file, tree in modules.items() if "cli" not in file.relative_to(root).parts}
    broad = {file.relative_to(root).as_posix(): len(broad_excepts(tree)) for file, tree in rooms.items()}
    assert {file: count for file, count in broad.items() if count} == {GUARD: 1, OWN_PARTS: 1}


@pytest.mark.parametrize(
    "clause", ["except:", "except Exception:", "except (OSError, BaseException) as error:"]
)
def test_a_broad_except_is_found(clause):
    assert broad_excepts(ast.parse(f"try:\n    x = 1\n{clause}\n    x = 2")) == [3]


def test_a_door_catches_everything_at_most_once(root, modules):
    doors = {file: tree for file, tree in modules.items() if "cli" in file.relative_to(root).parts}
    assert {
        str(file): broad_excepts(tree) for file, tree in doors.items() if len(broad_excepts(tree)) > 1
    } == {}


def ctrl_c_handlers(tree: ast.Module) -> int:
    """How often Ctrl-C is caught."""
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.type]
    return sum("KeyboardInterrupt" in _names(handler.type) for handler in handlers)


def test_ctrl_c_is_caught_in_one_place(root, modules):
    caught = {file.relative_to(root).as_posix(): ctrl_c_handlers(tree) for file, tree in modules.items()}
    assert {file: count for file, count in caught.items() if count} == {"src/normocyte/cli/door.py": 1}


def test_a_place_that_catches_ctrl_c_is_found():
    tree = ast.parse("try:\n    work()\nexcept (ValueError, KeyboardInterrupt):\n    pass")
    assert ctrl_c_handlers(tree) == 1
