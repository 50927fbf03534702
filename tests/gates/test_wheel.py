"""The wheel, built without a network, holds all that an installed Normocyte needs."""

import shutil
import zipfile

import pytest

from normocyte.core.registry import KINDS

PARTS = ["pyproject.toml", "README.md", "LICENSE"]


@pytest.fixture(scope="module")
def wheel(root, run, tmp_path_factory):
    """The names of the files in the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in PARTS:
        shutil.copy(root / name, folder)
    for name in ("src", "configs", "tests/contracts"):
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    outcome = run("-m", "hatchling", "build", "-t", "wheel", "-d", "out", folder=folder)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    with zipfile.ZipFile(next(folder.glob("out/*.whl"))) as archive:
        yield {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_holds_every_file_of_the_source(wheel, root):
    files = [file for file in (root / "src").rglob("*") if file.is_file() and file.suffix != ".pyc"]
    expected = {file.relative_to(root / "src").as_posix() for file in files if "normocyte" in file.parts}
    assert {name for name in expected if ".egg-info" not in name} - wheel.keys() == set()


def test_the_wheel_holds_every_configuration(wheel, root):
    configurations = {f"normocyte/configs/{file.name}" for file in (root / "configs").glob("*.toml")}
    assert configurations
    assert configurations - wheel.keys() == set()


def test_the_wheel_holds_the_exam_of_every_kind_of_part(wheel):
    exams = {f"normocyte/exams/test_{kind}.py" for kind in (*KINDS, "fields")}
    assert {*exams, "normocyte/exams/conftest.py", "normocyte/exams/exam.ini"} - wheel.keys() == set()


def test_the_wheel_says_that_it_is_typed(wheel):
    assert "normocyte/py.typed" in wheel


def test_the_wheel_holds_the_report_templates(wheel):
    assert [name for name in wheel if name.startswith("normocyte/reports/") and not name.endswith(".py")]


def test_the_wheel_carries_the_licence(wheel, root):
    carried = [content for name, content in wheel.items() if name.endswith("dist-info/licenses/LICENSE")]
    assert carried == [(root / "LICENSE").read_bytes()]
    assert b"Apache License" in carried[0]


def test_the_wheel_installs_the_command(wheel):
    entry_points = next(content for name, content in wheel.items() if name.endswith("entry_points.txt"))
    assert b"normocyte = normocyte.__main__:main" in entry_points


def test_the_wheel_holds_nothing_but_the_package(wheel):
    assert {name.partition("/")[0].partition("-")[0] for name in wheel} == {"normocyte"}
