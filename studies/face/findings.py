"""The constants that the sentences of the page on the Python face name."""

from __future__ import annotations

from pathlib import Path

from studies.kit.measured import Page

COLUMNS = ("", "clock, ms a cell", "processor, ms a cell", "ratio, clock", "ratio, processor")
SIDE_PX = 128
CHUNK = 64

PAGE = Page(Path(__file__).with_name("page"), "face.md", {"side": SIDE_PX, "chunk": CHUNK})
