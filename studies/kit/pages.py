"""Pages of measurements: a template filled with values, and the kept results from which it is made again.

A template is Markdown with Jinja's loops and values. What was measured stands in it as a value only: a gate
refuses figures that were typed (`typed_figures`). What a study found is kept beside it as JSON, small enough
to travel with the project, so that a page can be made again without data and without training.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from normocyte.core.errors import DatasetError
from normocyte.core.files import write_text

FILE = "kept.json"
TEMPLATES = "*.md.jinja"
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_TARGET = re.compile(r"(?<=\])\([^)]*\)")
_DEFINED = re.compile(
    r"\[\d{4}\]"  # a record
    r"|\b(?:19|20)\d\d\b"  # a year
    r"|\b\d+(?:\.\d+)? % (?:interval|specificity|sensitivity|prevalence|confidence)"
    r"|\b[\d,]+ ?(?:px|x \d+ px)"
)
"""What a new run cannot change: records, years, levels at which something is measured, sizes of images."""
_FIGURE = re.compile(r"(?<![\w-])[\u2212+-]?(?:\d[\d,]*)?\.?\d+")


def filled(template: Path, **values: object) -> str:
    """The page of a template; a value that it names and nobody gives is an error."""
    environment = Environment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Markdown, of what the studies found
    )
    page = environment.from_string(template.read_text(encoding="utf-8")).render(**values)
    return re.sub(r"\n{3,}", "\n\n", page)


def today() -> str:
    """The day, as pages state it."""
    return datetime.now(UTC).date().isoformat()


def keep(place: Path, schema: int, results: dict[str, Any], made: str = "") -> dict[str, Any]:
    """Write what was found, with its schema and the day, today by default; gives what `kept_results` will."""
    told = {"schema": schema, "made": made or today(), "results": results}
    write_text(place, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return kept_results(place, schema)


def kept_results(place: Path, schema: int) -> dict[str, Any]:
    """What an earlier run found, with its date as `made`.

    DatasetError when there is nothing, when it is damaged, or when it is of another schema.
    """
    if not place.is_file():
        raise DatasetError(f"{place} is not there: no results were kept. Run the study with data first.")
    try:
        told = json.loads(place.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DatasetError(
            f"{place} is no JSON: {error}. Take it from git, or run the study again."
        ) from error
    if told.get("schema") != schema:
        raise DatasetError(
            f"{place} is of schema {told.get('schema')}, this study reads schema {schema}. Run the study "
            "with its data again."
        )
    return {"made": told["made"], **told["results"]}


def typed_figures(template: str) -> Iterator[tuple[int, str]]:
    """The lines of a template that hold a typed figure, each with the figure.

    Code, targets of links and Jinja's values do not count, nor does what a new run cannot change.
    """
    text = template
    for pattern in (_CODE, _JINJA, _TARGET, _DEFINED):
        text = pattern.sub(_blank, text)
    for number, line in enumerate(text.splitlines(), 1):
        for figure in _FIGURE.findall(line):
            yield number, figure


def _blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")
