"""Writes the reference pages from the code: every part with its fields, every command with its options.

    python docs/reference/make.py

A test fails when a page is not what this would write.
"""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from pathlib import Path

from normocyte.core.fields import Setting, settable
from normocyte.core.registry import KINDS, part_class, part_names

HERE = Path(__file__).parent
TABLES = {
    "datasets": "[dataset]",
    "cell_checks": "[[cell_checks]], one table a check",
    "segmentation": "",
    "photo_checks": "",
    "preprocessing": "[[preprocessing]], one table a step, in order",
    "detectors": "[detector]",
    "scores": "[score]",
    "thresholds": "[threshold]",
    "false_discovery": "",
    "metrics": "",
}
HEAD = ("| field | default | type and range | meaning, unit |", "|:--|:--|:--|:--|")
INTRODUCTION = """# Parts

Every part that a configuration can name, with its fields: default, range and meaning. A part is one file
of its room; the table of a TOML configuration that names it is given beside the room. Made from the code by
`python docs/reference/make.py`.
"""


def parts_page() -> str:
    """All rooms with all of their parts, as Markdown."""
    return "\n".join([INTRODUCTION, *(_room(room) for room in KINDS)])


def _room(room: str) -> str:
    table = f" (`{TABLES[room]}`)" if TABLES[room] else ""
    return "\n".join([f"## {room}{table}\n", *(_part(room, name) for name in part_names(room))])


def _part(room: str, name: str) -> str:
    part = part_class(room, name)
    described = inspect.cleandoc(part.__doc__ or "")
    settings = [_row(setting) for setting in settable(part).values()]
    table = "\n".join([*HEAD, *settings]) if settings else "It has no fields."
    return f"### {name}\n\n{described}\n\n{table}\n"


def _row(setting: Setting) -> str:
    default = list(setting.default) if isinstance(setting.default, tuple) else setting.default
    unit = f", in {setting.limits['unit']}" if "unit" in setting.limits else ""
    wanted = setting.wanted.removeprefix("a ").removeprefix("an ")
    return f"| `{setting.name}` | `{default!r}` | {wanted} | {setting.meaning}{unit} |"


def commands_page() -> str:
    """All commands with their options, as Markdown, by Typer's own writer."""
    call = [sys.executable, "-m", "typer", "normocyte.cli.app", "utils", "docs", "--name", "normocyte"]
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    return subprocess.run(call, capture_output=True, text=True, check=True, env=environment).stdout


PAGES = {"parts.md": parts_page, "command-line.md": commands_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        HERE.joinpath(name).write_text(page(), encoding="utf-8")
