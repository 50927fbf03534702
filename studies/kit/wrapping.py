"""Paragraphs of a page are filled to a width again: values are longer or shorter than their places."""

import re
import textwrap
from collections.abc import Iterator

WIDTH = 118
_ITEM = re.compile(r"\s*(?:[-*]|\d+\.) ")
_TOGETHER = re.compile(r"(?<=\d) (?=%|(?:m?s|px|[kMG]B)\b)|(?<=\S) (?=[^`]*`(?:[^`]*`[^`]*`)*[^`]*$)")
"""Spaces at which no line ends: between a number and its unit, and within code."""
_GLUE = "\N{NO-BREAK SPACE}"
_AS_IT_IS = re.compile(r"\s*$|[#|!]|---|</?[a-z]")


def wrapped(page: str) -> str:
    """The page with its paragraphs and items filled; code, tables, headings and figures stay as they are."""
    return "\n".join(_filled(page.splitlines())) + "\n"


def _filled(lines: list[str]) -> Iterator[str]:
    paragraph: list[str] = []
    is_code = False
    for line in lines:
        is_fence = line.lstrip().startswith("```")
        stays = is_code or is_fence or bool(_AS_IT_IS.match(line))
        if stays or _ITEM.match(line):
            yield from _paragraph(paragraph)
            paragraph = []
        if stays:
            yield line.rstrip()
        else:
            paragraph.append(line)
        is_code ^= is_fence
    yield from _paragraph(paragraph)


def _paragraph(lines: list[str]) -> list[str]:
    if not lines:
        return []
    own = _ITEM.match(lines[0])
    indent = " " * len(own[0] if own else re.match(r" *", lines[0])[0])  # type: ignore[index]
    text = _TOGETHER.sub(_GLUE, " ".join(" ".join(lines).split()))
    start = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    found = textwrap.wrap(
        text,
        WIDTH,
        initial_indent=start,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_GLUE, " ") for line in found]
