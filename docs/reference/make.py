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

import normocyte
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


PYTHON = """# Python

```python
import normocyte as nc

bundle = nc.load()
table = bundle.score("cells/")  # a DataFrame: path, score, p_value, verdict, cause
smear = bundle.smear("photos/")  # decision, parasitaemia, cells, to_html
run = nc.train("classic", out="runs/classic")  # bundle, history, plot_history
report = nc.evaluate(nc.load(), "cells/")  # metrics, scores, plot_roc, to_html
```

The numbers are those of the command line. Images are RGB uint8 arrays (n, height, width, 3), a list of such
images, paths, folders, zips, or a DataFrame with a column `path`. Work runs in one process unless `workers`
says otherwise.
Every error is a subclass of `normocyte.core.errors.NormocyteError` with one sentence that says what to do.
Made from the docstrings by `python docs/reference/make.py`.
"""


def python_page() -> str:
    """Every public name of the package with its docstring, as Markdown."""
    names = [name for name in normocyte.__all__ if name != "__version__"]
    return "\n".join([PYTHON, *(_public(f"nc.{name}", getattr(normocyte, name)) for name in names)])


def _public(name: str, found: object) -> str:
    parts = [f"## {name}\n", *_described(name, found)]
    for key, member in vars(found).items() if inspect.isclass(found) else ():
        if not key.startswith("_"):
            if isinstance(member, property):
                parts += _attribute(key, member)
            elif callable(member):
                parts += [f"\n**`.{key}{_signature(member)}`**\n", *_text(member)]
    return "\n".join(parts)


def _attribute(key: str, member: property) -> list[str]:
    summary, *rest = _text(member)
    return [f"- `.{key}`: {summary}".rstrip(), *(f"\n{text}" for text in rest)]


def _described(name: str, found: object) -> list[str]:
    head = [] if inspect.isclass(found) else [f"`{name}{_signature(found)}`\n"]
    return [*head, *_text(found)]


def _signature(found: object) -> str:
    parameters = [
        one.replace(annotation=inspect.Parameter.empty)
        for one in inspect.signature(found).parameters.values()
        if one.name != "self"
    ]
    return str(inspect.Signature(parameters))


def _text(found: object) -> list[str]:
    """The docstring, its sections and examples as code, so that its layout stays."""
    summary, _, rest = inspect.cleandoc(found.__doc__ or "").partition("\n\n")
    return [f"{summary}\n", *([f"```text\n{rest}\n```\n"] if rest else [])]


PAGES = {"parts.md": parts_page, "command-line.md": commands_page, "python.md": python_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        HERE.joinpath(name).write_text(page(), encoding="utf-8")
