"""What the help of every command looks like: it fits a screen, in whole sentences and plain terms."""

import re

import pytest
import typer
from typer.core import TyperGroup

from normocyte.cli.app import app

WIDTH, HEIGHT = 80, 40
PROGRAMMING = re.compile(r"<\w*(bool|str|int|float|path|list)|[{}]|x>=|<=x")
"""What a programmer reads: a type, the braces of a required argument, a range of x."""


def _commands(command, name=""):
    yield name, command
    if isinstance(command, TyperGroup):
        for child, inner in command.commands.items():
            yield from _commands(inner, f"{name} {child}".strip())


COMMANDS = dict(_commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_fits_a_screen(name, call):
    lines = call(*name.split(), "--help").stdout.splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert len(lines) <= HEIGHT


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_is_written_for_users(name, call):
    page = call(*name.split(), "--help").stdout
    assert f"Usage: normocyte {name}".rstrip() in page or "Usage: root" in page
    assert PROGRAMMING.findall(page) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_paragraph_of_help_wraps_where_the_screen_ends_and_nowhere_else(name):
    assert [line for line in COMMANDS[name].help.split("\n\n") if "\n" in line] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_text_is_whole_sentences(name):
    command = COMMANDS[name]
    texts = [command.help, *(param.help for param in command.params)]
    assert [text for text in texts if not text.endswith(".") or text.endswith("...")] == []


def test_the_first_page_lists_every_command_with_its_first_sentence(call):
    page = " ".join(re.sub("[│╭╰─╮╯]", " ", call("--help").stdout).split())
    first = {
        name: command.get_short_help_str() for name, command in COMMANDS.items() if name and " " not in name
    }
    assert [name for name, text in first.items() if f"{name} {text}" not in page] == []
