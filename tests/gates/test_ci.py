"""The README gives one command for each of two jobs, and continuous integration runs the very same one."""

import re
import shutil
import subprocess

import pytest

BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None, reason="continuous integration runs on a system with bash")


def commands(text: str, section: str) -> list[str]:
    """The lines in all fenced blocks of a section."""
    body = re.search(rf"^## {re.escape(section)}\s*$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", body.group(1) if body else "", re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


@pytest.fixture
def integrate(root, tmp_path):
    """Run `.ci/run` in a clone that has only this README."""

    def call(readme: str, **environment: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / ".ci").mkdir()
        shutil.copy(root / ".ci" / "run", tmp_path / ".ci" / "run")
        (tmp_path / "README.md").write_text(readme, encoding="utf-8")
        command = [BASH, str(tmp_path / ".ci" / "run")]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment or None)

    return call


@pytest.mark.parametrize("section", ["Run it", "Test it"])
def test_the_readme_gives_exactly_one_command(root, section):
    found = commands((root / "README.md").read_text(encoding="utf-8"), section)
    assert len(found) == 1, found


@pytest.mark.parametrize("section", ["Run it", "Test it"])
def test_the_command_installs_from_the_lock(root, section):
    command = commands((root / "README.md").read_text(encoding="utf-8"), section)[0]
    assert re.search(r"pip install --require-hashes -r requirements/\w+\.txt", command)


def test_two_commands_in_a_section_are_found():
    text = "## Run it\n```\nfirst\nsecond\n```\n## Test it\n```sh\nthird\n```\n"
    assert (commands(text, "Run it"), commands(text, "Test it")) == (["first", "second"], ["third"])


@needs_bash
def test_integration_runs_the_command_of_the_readme(integrate):
    outcome = integrate(
        "## Run it\n```sh\necho no\n```\n## Test it\nText.\n```sh\necho yes > ran && ls\n```\n"
    )
    assert outcome.returncode == 0, outcome.stderr
    assert "ran" in outcome.stdout.splitlines()


@needs_bash
def test_integration_fails_when_the_command_fails(integrate):
    assert integrate("## Test it\n```sh\nexit 7\n```\n").returncode == 7


@needs_bash
@pytest.mark.parametrize(
    "readme", ["# Normocyte\n", "## Test it\nNo block.\n", "## Test it\n```\na\nb\n```\n"]
)
def test_integration_fails_loudly_without_exactly_one_command(integrate, readme):
    outcome = integrate(readme)
    assert outcome.returncode == 1
    assert "exactly one command line" in outcome.stderr


@needs_bash
def test_integration_prefers_a_python_that_the_lock_is_made_for(integrate, tmp_path):
    shelf = tmp_path / "bin"
    shelf.mkdir()
    _program(shelf / "python3", "exit 1")
    _program(shelf / "python3.12", 'case "$*" in *sys.version_info*) exit 0;; *) echo "I am 3.12";; esac')
    outcome = integrate("## Test it\n```sh\npython3 -m venv .venv\n```\n", PATH=f"{shelf}:/usr/bin:/bin")
    assert "I am 3.12" in outcome.stdout


@needs_bash
def test_integration_says_which_pythons_it_looked_for(integrate, tmp_path):
    shelf = tmp_path / "bin"
    shelf.mkdir()
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        _program(shelf / name, "exit 1")
    outcome = integrate("## Test it\n```sh\npython3 -m venv .venv\n```\n", PATH=f"{shelf}:/usr/bin:/bin")
    assert outcome.returncode == 1
    assert "no Python 3.11, 3.12 or 3.13" in outcome.stderr


def _program(path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
