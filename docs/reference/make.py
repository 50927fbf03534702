"""Writes the reference pages from the code: every part with its fields, every command with its options.

    python docs/reference/make.py

A test fails when a page is not what this would write.
"""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import normocyte
from normocyte.core.fields import Setting, settable
from normocyte.core.registry import KINDS, part_class, part_names
from normocyte.detectors.backbones.support.finding import backbone_names, find_backbone
from normocyte.detectors.backbones.support.onnx_file import OnnxFile
from normocyte.wording.glossary import terms

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
of its package; the heading has the table of a TOML configuration that names it. `normocyte list
detectors` lists them on the terminal. Made from the code by `python docs/reference/make.py`.
"""


def parts_page() -> str:
    """All kinds with all of their parts, and the backbones, as Markdown."""
    return "\n".join([INTRODUCTION, *(_kind(room) for room in KINDS), _backbones()])


def _backbones() -> str:
    """What the field `backbone` of a detector may name."""
    parts = [f"### {name}\n\n{inspect.getdoc(find_backbone(name))}\n" for name in backbone_names()]
    file = f"### the path of an ONNX file\n\n{inspect.getdoc(OnnxFile)}\n"
    return "\n".join(["## backbones (the field `backbone` of a detector)\n", *parts, file])


def _kind(room: str) -> str:
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
table = bundle.score("cells/")  # a DataFrame: path, score, p_value, verdict
smear = bundle.smear("photos/")  # decision, parasitaemia, cells, to_html
run = nc.train("classic", out="runs/classic")  # bundle, history, data; without data=, synthetic cells
report = nc.evaluate(run.bundle, run.data)  # metrics, scores, plot_roc, to_html
```

The numbers are those of the command line. In every call:

- `images` are RGB uint8 arrays (n, height, width, 3), a list of such images of
  any sizes, a folder, a zip, a file, a list of paths, or a DataFrame with a
  column `path`; so are `photos`. Files are PNG, JPEG, WebP, BMP, TIFF or DICOM;
  [an extra reads HEIC, AVIF](../measurements/formats.md).
- `bundle` is a bundle or its folder; `nc.load()` gives the built-in one, for
  Giemsa-stained red cells.
- labelled cells (`data`, `healthy`) are a folder, zip or CSV manifest, or a
  DataFrame with the columns `path`, `label` (0 healthy, 1 anomaly) and
  `patient`. `patients` says whose they are: file, folder, one, unknown, or a
  regular expression with one group, searched in file names; empty to find out.
- `out` is the folder of what is written; None for one deleted with the result
  (not in `calibrate`, `adapt`).
- `workers` are processes; 0 takes one a core, and a script then needs
  `if __name__ == "__main__"`.
- `progress` is a `core.progress.Progress`; None shows sentences as warnings.
- every report has all of its numbers in `.result`, as frozen dataclasses.
- every error is a `normocyte.core.errors.NormocyteError`: one sentence that
  says what to do. Ctrl-C is a `KeyboardInterrupt`, or an `Interrupted` of these
  errors that says what is kept and how to go on.

For cross-validation there is [an outlier detector for
scikit-learn](../how-to/scikit-learn.md). `help(nc.train)` says the same at
length. Made from the docstrings by `python docs/reference/make.py`.
"""
SAID = {"bundle", "images", "photos", "data", "out", "workers", "progress"}
"""Arguments that the introduction describes; those whose meaning differs say so in their summary."""
WHOSE = "whose the cells are"
"""So begins the meaning of `patients` where it is that of the introduction."""
_SECTION = re.compile(r"^(Args|Attributes|Returns|Raises|Example):$", re.MULTILINE)
_ENTRY = re.compile(r"^    (\*{0,2}\w+): ", re.MULTILINE)


def python_page() -> str:
    """Every public name of the package with its docstring, as Markdown."""
    names = [name for name in normocyte.__all__ if name != "__version__"]
    return "\n".join([PYTHON, *(_public(f"nc.{name}", getattr(normocyte, name)) for name in names)])


def _public(name: str, found: object) -> str:
    if not inspect.isclass(found):
        return "\n".join([f"## {name}\n", _text(found, name)])
    members = [(key, member) for key, member in vars(found).items() if not key.startswith("_")]
    properties = [(key, one) for key, one in members if isinstance(one, property)]
    own = {*vars(found), "result"}  # those of the class say it themselves; the introduction names `result`
    others = [pair for pair in _named(_sections(found).get("Attributes", "")) if pair[0] not in own]
    told = [f"- `.{key}`: {said[:1].upper()}{said[1:]}" for key, said in others]
    told += [f"- `.{key}`: {_summary(one)}" for key, one in properties]
    methods = [(key, one) for key, one in members if inspect.isfunction(one)]
    short = [(key, one) for key, one in methods if "Args" not in _sections(one)]
    told += [f"- `.{key}{_signature(one)}`: {_summary(one)}" for key, one in short]
    examples = [
        _sections(one).get("Example", "") for one in (found, *(one for _, one in (*properties, *short)))
    ]
    long = [_text(one, f".{key}") for key, one in methods if (key, one) not in short]
    return "\n".join([f"## {name}\n", f"{_summary(found)}\n", *told, *_example(*examples), "", *long])


def _sections(found: object) -> dict[str, str]:
    """The sections of a docstring by their headings, its first sentences under none."""
    first, *sections = _SECTION.split(inspect.cleandoc(found.__doc__ or ""))
    return {"": first, **dict(zip(sections[::2], sections[1::2], strict=True))}


def _summary(found: object) -> str:
    return _one_line(_sections(found)[""])


def _text(found: object, called: str) -> str:
    """Signature, summary, arguments that the introduction does not describe, results and the example."""
    said = _sections(found)
    head = f"`{called}{_signature(found)}`: {_one_line(said[''])}{_returned(said)}"
    entries = [f"- {entry}" for entry in _entries(said.get("Args", ""))]
    told = ["", *entries] if entries else []
    return "\n".join([head, *told, *_example(said.get("Example", "")), ""])


def _returned(said: dict[str, str]) -> str:
    gives = f" Gives: {_lower(_one_line(said['Returns']))}" if "Returns" in said else ""
    raises = f" Raises {_one_line(said['Raises'])}" if "Raises" in said else ""
    return f"{gives}{raises}"


def _entries(text: str) -> list[str]:
    """The arguments of a docstring, a line each, without those that the introduction describes."""
    told = [pair for pair in _named(text) if pair[0] not in SAID and not pair[1].startswith(WHOSE)]
    return [f"`{name}`: {meaning}" for name, meaning in told]


def _named(text: str) -> list[tuple[str, str]]:
    """What a section of a docstring names, each with its meaning."""
    _, *found = _ENTRY.split(text)
    pairs = zip(found[::2], found[1::2], strict=True)
    return [(name, _one_line(meaning)) for name, meaning in pairs]


def _example(*texts: str) -> list[str]:
    """The examples in one block, without the line that each begins with."""
    lines = [line for text in texts for line in inspect.cleandoc(text).splitlines() if line]
    code = [line for line in lines if not line.endswith("import normocyte as nc")]
    return ["", "```python", *code, "```"] if code else []


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _signature(found: object) -> str:
    parameters = [
        one.replace(annotation=inspect.Parameter.empty)
        for one in inspect.signature(found).parameters.values()
        if one.name != "self"
    ]
    return str(inspect.Signature(parameters))


GLOSSARY = """# Glossary

The words of the reports, the help pages and these documents. On the command line: `normocyte list terms`.
Made from the code by `python docs/reference/make.py`.

| term | meaning |
|:--|:--|
"""


def glossary_page() -> str:
    """Every term with its meaning, as Markdown."""
    return GLOSSARY + "".join(f"| {term.name} | {term.meaning} |\n" for term in terms())


PAGES = {
    "parts.md": parts_page,
    "command-line.md": commands_page,
    "python.md": python_page,
    "glossary.md": glossary_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        HERE.joinpath(name).write_text(page(), encoding="utf-8")
