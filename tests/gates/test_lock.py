"""The lock files are in step with pyproject.toml and can be installed from anywhere."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = ["base", "train", "dev", "docs"]
ADDRESS = re.compile(r"https?:|file:|git\+|^\s*-(?!-hash=)|@|[A-Za-z]:\\|\s/\w", re.MULTILINE)


def pinned(text: str) -> dict[str, list[tuple[Requirement, int]]]:
    """Each pinned package with its requirements (one a marker) and their number of hashes."""
    entries = re.split(r"(?<!\\)\n", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    found: dict[str, list[tuple[Requirement, int]]] = {}
    for entry in entries:
        requirement = Requirement(entry.partition("\\")[0])
        found.setdefault(canonicalize_name(requirement.name), []).append(
            (requirement, entry.count("--hash=sha256:"))
        )
    return found


def unmet(wanted: list[str], lock: dict) -> list[str]:
    """Wanted requirements that the lock does not pin, or pins to a version that does not fit."""
    return [text for text in wanted if not _fits(Requirement(text), lock)]


def _fits(wanted: Requirement, lock: dict) -> bool:
    entries = lock.get(canonicalize_name(wanted.name), [])
    versions = [next(iter(requirement.specifier)).version for requirement, _ in entries]
    return bool(versions) and all(wanted.specifier.contains(version) for version in versions)


@pytest.fixture(scope="module")
def texts(root):
    """The text of each lock file."""
    return {name: (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8") for name in LOCKS}


@pytest.fixture(scope="module")
def wanted(root):
    """What pyproject.toml asks for, by lock file."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    extras, groups = project["project"]["optional-dependencies"], project["dependency-groups"]
    base = project["project"]["dependencies"] + project["build-system"]["requires"] + groups["build"]
    train = base + extras["train"]
    return {
        "base": base,
        "train": train,
        "dev": train + extras["parquet"] + groups["test"],
        "docs": train + extras["docs"],
    }


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_dependency_of_pyproject(texts, wanted, name):
    assert unmet(wanted[name], pinned(texts[name])) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_is_pinned_exactly_and_hashed(texts, name):
    entries = [entry for found in pinned(texts[name]).values() for entry in found]
    assert [
        str(line) for line, hashes in entries if hashes == 0 or not str(line.specifier).startswith("==")
    ] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address_and_no_path(texts, name):
    assert ADDRESS.findall(texts[name]) == []


@pytest.mark.parametrize(("smaller", "larger"), [("base", "train"), ("train", "dev"), ("train", "docs")])
def test_a_larger_lock_holds_the_smaller_one_unchanged(texts, smaller, larger):
    assert pinned(texts[smaller]).items() <= pinned(texts[larger]).items()


def test_what_tests_and_documents_both_need_has_one_version(texts):
    tests, documents = pinned(texts["dev"]), pinned(texts["docs"])
    versions = [
        {name: {str(one.specifier) for one, _ in own} for name, own in lock.items()}
        for lock in (tests, documents)
    ]
    assert [name for name in tests.keys() & documents if versions[0][name] != versions[1][name]] == []


def test_a_missing_and_an_unfitting_pin_are_found():
    lock = pinned(
        "numpy==1.0 \\\n    --hash=sha256:00\nrich==15.0 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n"
    )
    assert unmet(["numpy>=2", "rich>=15", "scipy"], lock) == ["numpy>=2", "scipy"]


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://mirror/simple",
        "    --find-links wheels",
        "x @ git+ssh://host/x",
        "x @ file:x.whl",
        "-e /x",
    ],
)
def test_an_address_in_a_lock_is_found(line):
    assert ADDRESS.search(f"numpy==1.0 \\\n    --hash=sha256:00\n{line}\n")
