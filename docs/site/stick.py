"""An extension of Sphinx: the site can be carried on a stick, without a network and without the source code.

A link to a folder of the repository becomes its text. The build fails when a page would ask the network for
something.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s#:]+)\)")
_ADDRESS = r"""["']?\s*((?:https?:)?//[^"'\s)>]+)"""
_SOURCES = rf"<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\bsrc\s*=\s*{_ADDRESS}"
_LINKED = r"<link\b(?=[^>]*\brel\s*=\s*[\"']?(?:stylesheet|preload|preconnect|icon|modulepreload))"
_STYLES = rf"(?:\burl\(\s*|@import\s+){_ADDRESS}"
LOADED = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (_SOURCES, rf"{_LINKED}[^>]*?\bhref\s*=\s*{_ADDRESS}", _STYLES)
]


def network_requests(text: str) -> list[str]:
    """The addresses that a browser asks for when it shows this page or style sheet; links are none."""
    return [address for pattern in LOADED for address in pattern.findall(text)]


def without_folders(text: str, folder: Path) -> str:
    """A page of this folder in which links to folders are plain text."""
    return LINK.sub(lambda link: link[1] if (folder / link[2]).is_dir() else link[0], text)


def _read(app: Sphinx, page: str, source: list[str]) -> None:
    path = Path(app.env.doc2path(page))
    if path.suffix == ".md":
        source[0] = without_folders(source[0], path.parent)


def _written(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    from sphinx.errors import ExtensionError  # here, so that a gate can import this file without Sphinx

    files = [file for kind in ("*.html", "*.css") for file in sorted(Path(app.outdir).rglob(kind))]
    found = {file.name: network_requests(file.read_text(encoding="utf-8")) for file in files}
    asking = [f"{name}: {', '.join(addresses)}" for name, addresses in found.items() if addresses]
    if asking:
        raise ExtensionError(f"These pages ask the network for something: {'; '.join(asking)}.")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect both to the build."""
    app.connect("source-read", _read)
    app.connect("build-finished", _written)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
