"""Commands in the pages that a newcomer reads are commands of this version, with options that it has."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from normocyte.cli.app import app

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted((DOCS / "how-to").glob("*.md")), *DOCS.glob("tutorial*.md"), ROOT / "README.md"]
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(normocyte [a-z][^`]*)`")
_CALL = re.compile(r"(?:^|/|&& )(normocyte [a-z][^>&|]*)")


def command_of(call: str) -> tuple[Any, list[str]]:
    """The command that a call names, and the words behind its name; a group where it names none."""
    command, words = typer.main.get_command(app), shlex.split(call)[1:]
    while isinstance(command, TyperGroup) and words and words[0] in command.commands:
        command, words = command.commands[words[0]], words[1:]
    return command, words


def refused(call: str) -> str:
    """Why a call could not be run as it is; empty where it could."""
    command, words = command_of(call)
    if isinstance(command, TyperGroup):
        return f"{call}: there is no such command"
    try:
        command.make_context("normocyte", words)
    except TyperException as error:
        return f"{call}: {error}"
    return ""


def calls_in_blocks(text: str) -> list[str]:
    """Every call of normocyte in the shell blocks of a page, continued lines joined."""
    lines = "\n".join(_BLOCK.findall(text)).replace("\\\n", " ").splitlines()
    return [found[1].strip() for line in lines if (found := _CALL.search(line))]


def unknown(call: str) -> list[str]:
    """Commands and options of a call in running text that do not exist; arguments may be missing there."""
    command, words = command_of(call)
    if isinstance(command, TyperGroup) and words:
        return words[:1]
    known = {option for one in command.params for option in one.opts}
    return [word for word in words if word.startswith("--") and word not in known]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_page_can_be_run_as_it_is_printed(page):
    calls = calls_in_blocks(page.read_text(encoding="utf-8"))
    assert [refused(call) for call in calls if refused(call)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_in_running_text_exist(page):
    calls = _INLINE.findall(page.read_text(encoding="utf-8"))
    assert [(call, unknown(call)) for call in calls if unknown(call)] == []


@pytest.mark.parametrize("call", ["normocyte scor cells", "normocyte score", "normocyte score cells --out x"])
def test_a_command_that_does_not_exist_or_lacks_something_is_found(call):
    assert refused(call)


def test_a_command_and_an_option_that_do_not_exist_are_found_in_running_text():
    assert unknown("normocyte scor") == ["scor"]
    assert unknown("normocyte score --out") == ["--out"]


def test_calls_are_found_behind_a_folder_and_after_another_command():
    page = (
        "```sh\npip install x && .venv/bin/normocyte demo\nnormocyte score \\\n  cells\nls normocyte\n```\n"
    )
    assert calls_in_blocks(page) == ["normocyte demo", "normocyte score    cells"]
