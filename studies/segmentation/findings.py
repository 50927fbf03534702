"""The constants that the sentences of the page on segmentation name."""

from __future__ import annotations

from pathlib import Path

from studies.kit.measured import Page

TUNED, HELD_BACK = "chosen on", "held back"
RED_CELL_MICRONS = 7.5
"""The diameter of a red cell in life."""
WRITTEN_BY_BAR = 50
"""Microns that are written beside the scale bar of every field."""

PAGE = Page(
    Path(__file__).with_name("page"),
    "segmentation.md",
    {"tuned": TUNED, "held_back": HELD_BACK, "red_cell": RED_CELL_MICRONS, "written": WRITTEN_BY_BAR},
)
