"""A command that is told can be typed as it stands, also where `normocyte` is not on the path."""

import sys

import pytest

from normocyte.cli import plugins


@pytest.mark.parametrize(
    ("called", "is_known", "told"),
    [
        (".venv/bin/normocyte", False, ".venv/bin/normocyte"),
        (".venv/bin/normocyte", True, "normocyte"),
        ("src/normocyte/__main__.py", False, "normocyte"),
    ],
)
def test_the_program_is_named_so_that_the_terminal_finds_it(monkeypatch, called, is_known, told):
    monkeypatch.setattr(sys, "argv", [called])
    monkeypatch.setattr(plugins, "which", lambda name: f"/usr/bin/{name}" if is_known else None)
    assert plugins.program() == told
