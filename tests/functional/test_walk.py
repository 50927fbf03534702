"""The guide on a batch that is killed: its blocks do what the guide says, on a few cells."""

import shutil
import sys
from tempfile import TemporaryDirectory

import pytest

from studies.scale.walk import shortened, walk

CELLS = 300


@pytest.mark.skipif(sys.platform != "linux", reason="the guide is for a shell of Linux")
@pytest.mark.skipif(shutil.which("bash") is None, reason="the guide is typed into bash")
def test_every_block_of_the_guide_does_what_the_guide_says(tmp_path, monkeypatch):
    pytest.importorskip("ray")
    monkeypatch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    with TemporaryDirectory(dir="/tmp") as short:  # for Unix's sockets
        monkeypatch.setenv("RAY_TMPDIR", short)
        shown = {name: step["shown"] for name, step in walk(tmp_path, CELLS).items()}
    assert "cells: 300 cells in 10 tar files" in shown["draw"]
    assert "300 images: 300 scored" in shown["resumed"]
    assert shown["again"].endswith("0 decoded in this run.")
    assert shown["summarised"] == shown["ray_summarised"]
    assert shown["compared"] == "equal"


def test_of_many_lines_of_progress_the_middle_ones_are_left_out():
    lines = [f"  {at} M in 5 s, about 9 s left" for at in range(9)]
    text = "\n".join(["Scoring:", *lines, "300 images"])
    assert shortened(text).splitlines() == ["Scoring:", *lines[:3], "  ...", *lines[6:], "300 images"]
    assert shortened("\n".join(lines[:5])).splitlines() == lines[:5]
