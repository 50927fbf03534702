"""A leading underscore means: private to its folder. Nothing outside reads it."""

import ast

import pytest

from normocyte.core.registry import KINDS

MOST_FILES = 16
NOT_PARTS = {"contract.py", "gate.py"}


def private_imports(module: str, tree: ast.Module) -> list[str]:
    """What a module imports, by its dotted name, that is private to another folder or another module."""
    asked = [
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in _names(node, module.split("."))
    ]
    ours = (name.split(".") for name in asked)
    return [".".join(name) for name in ours if name[0] == "normocyte" and not _may(name, module.split("."))]


def _names(node: ast.Import | ast.ImportFrom, user: list[str]) -> list[str]:
    """The dotted names that an import asks for, whichever way it is written."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    above = user[: -node.level] if node.level else []
    return [".".join(filter(None, (*above, node.module, alias.name))) for alias in node.names]


def _may(name: list[str], user: list[str]) -> bool:
    """Whether every part that begins with an underscore belongs to a folder in which the user stands."""
    private = [at for at, part in enumerate(name) if part.startswith("_") and not part.startswith("__")]
    return all(user[:at] == name[:at] and at < len(user) for at in private)


def trees(folder):
    """The parsed files below a folder."""
    return {file: ast.parse(file.read_text(encoding="utf-8")) for file in folder.rglob("*.py")}


def dotted(file, root):
    """The dotted name of a module."""
    parts = file.relative_to(root / "src").with_suffix("").parts
    return ".".join(parts)


def test_no_module_reads_what_is_private_to_another_folder(modules, root):
    found = {dotted(file, root): private_imports(dotted(file, root), tree) for file, tree in modules.items()}
    assert {file: names for file, names in found.items() if names} == {}


@pytest.mark.parametrize("folder", ["studies", "docs"])
def test_studies_and_docs_use_public_names_only(folder, root):
    found = {file: private_imports("studies", tree) for file, tree in trees(root / folder).items()}
    assert {file: names for file, names in found.items() if names} == {}


@pytest.mark.parametrize("folder", ["studies", "docs"])
def test_studies_and_docs_call_no_private_method(folder, root):
    found = {file: _private_attributes(tree) for file, tree in trees(root / folder).items()}
    assert {file: names for file, names in found.items() if names} == {}


def _private_attributes(tree: ast.Module) -> list[str]:
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return [
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
        and node.attr not in own
        and not (isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"})
    ]


@pytest.mark.parametrize(
    ("line", "user", "is_found"),
    [
        ("from normocyte.images._guard import guarded", "normocyte.images.reading", False),
        ("from normocyte.images._guard import guarded", "normocyte.images.formats.tiff", False),
        ("from normocyte.images._guard import guarded", "normocyte.engine.pool", True),
        ("from normocyte.images import _guard", "normocyte.workflows.demo", True),
        ("from normocyte.workflows.training.train import _fit", "normocyte.workflows.demo", True),
        ("import normocyte.images._guard", "normocyte.workflows.demo", True),
        ("from ..images import _guard", "normocyte.workflows.demo", True),
        ("from ._guard import guarded", "normocyte.images.reading", False),
        ("from numpy import _core", "normocyte.images.reading", False),
        ("from normocyte import __version__", "normocyte.cli.app", False),
    ],
)
def test_a_private_import_is_found(line, user, is_found):
    assert bool(private_imports(user, ast.parse(line))) == is_found


def test_a_private_method_that_is_called_is_found():
    assert _private_attributes(ast.parse("judge._found(1)\nself._own()")) == ["_found"]


def crowded(root) -> dict[str, int]:
    """Folders of the source with more files than allowed; parts are not counted."""
    source, found = root / "src" / "normocyte", {}
    for folder in (source, *(path for path in source.rglob("*") if path.is_dir())):
        files = {file.name for file in folder.glob("*.py")} - {"__init__.py"}
        counted = files & NOT_PARTS if folder.name in KINDS and folder.parent == source else files
        found[folder.relative_to(source).as_posix()] = len(counted)
    return {folder: count for folder, count in found.items() if count > MOST_FILES}


def test_no_folder_holds_more_than_16_files(root):
    assert crowded(root) == {}


def test_a_crowded_folder_is_found(tmp_path):
    folder = tmp_path / "src" / "normocyte" / "core"
    folder.mkdir(parents=True)
    for number in range(MOST_FILES + 1):
        (folder / f"module{number}.py").touch()
    assert crowded(tmp_path) == {"core": 17}
