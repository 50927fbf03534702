"""Where pages come from: templates in which every name is escaped."""

import functools
import re
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from normocyte.reports.drawing import formatting, theme
from normocyte.wording import language
from normocyte.wording.articles import a

_PER_CENT = re.compile(r"(?<=\d) %")


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """One large number on top of the page with what it means."""

    value: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the metric table."""

    value: str
    span: str
    is_best: bool


def environment() -> Environment:
    """Where templates come from: every name is escaped, and an unknown one is an error.

    One for each language, so that a template is compiled once in a process.
    """
    return _environment_of(language.spoken())


@functools.lru_cache(maxsize=4)
def _environment_of(spoken: language.Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("normocyte.reports", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        figure=formatting.figure,
        plain=formatting.plain,
        percent=formatting.percent,
        score=formatting.score,
        thousands=language.counted,
        translated=language.translated,
        linked=linked,
        a=lambda word: f"{a(word)} {word}",
        tied=tied,
    )
    environment.globals.update(
        gettext=language.gettext,
        pgettext=language.pgettext,
        language=spoken.code,
    )
    return environment


def tied(text: str) -> str:
    """The text, in which no line ends between a number and its per cent."""
    return _PER_CENT.sub("\N{NO-BREAK SPACE}%", text)


def linked(text: str, *files: str) -> Markup:
    """The text, in which each of these file names leads to its file beside the page."""
    html = str(escape(text))
    for file in files:
        html = html.replace(file, f'<a href="{file}">{file}</a>')
    return Markup(html)


def for_page(svg: str, name: str) -> str:
    """SVG to stand inside a page: no prolog, its own names, as wide as its place, colours of the page."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<style[^>]*>.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'^<svg [^>]*?(viewBox="[^"]*")[^>]*>', _opening(name), svg, count=1)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'(href="|url\()#', rf"\1#{name}-", svg)
    for colour, variable in theme.VARIABLES.items():
        svg = svg.replace(f": {colour}", f": var({variable})")
    return svg


def _opening(name: str) -> str:
    xlink = "http://www.w3.org/1999/xlink"
    label = name.replace("_", " ")
    return (
        rf'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="{xlink}" \1 role="img" aria-label="{label}">'
    )
