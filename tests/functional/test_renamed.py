"""Sentences worded anew change no number, no decision and no exit status."""

import csv
import io
import json
import shutil

import cv2
import numpy as np
import pytest

from normocyte.results.verdict import CauseCode
from normocyte.wording.causes import SENTENCES

TEXT = ("reason", "reasons", "error")


@pytest.fixture
def renamed(monkeypatch):
    """Gives every cause the same words."""

    def rename():
        for code in CauseCode:
            monkeypatch.setitem(SENTENCES, code, lambda _: "something else")

    return rename


@pytest.fixture(scope="module")
def strange(tmp_path_factory):
    """A page of text, and a file that cannot be read."""
    folder = tmp_path_factory.mktemp("strange")
    page = np.full((450, 450, 3), 255, np.uint8)
    for line in range(25):
        cv2.putText(page, "not a cell", (5, 18 + 17 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (20, 20, 20), 1)
    cv2.imwrite(str(folder / "letter.png"), page)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    return folder


def without_text(told):
    """The same numbers without their sentences."""
    if isinstance(told, dict):
        return {name: without_text(value) for name, value in told.items() if name not in TEXT}
    return [without_text(one) for one in told] if isinstance(told, list) else told


def test_rows_and_exit_status_of_score_stay(call, cells, strange, renamed):
    words = ("score", cells, strange, "--workers", 1)
    before = call(*words)
    renamed()
    after = call(*words)
    tables = [list(csv.DictReader(io.StringIO(one.stdout))) for one in (before, after)]
    assert without_text(tables[0]) == without_text(tables[1])
    assert {row["error"] for row in tables[1]} == {"", "something else"}
    assert (before.exit_code, before.stderr) == (after.exit_code, after.stderr)
    assert (before.exit_code, ", 1 failed" in before.stderr) == (1, True)


def test_grades_counts_and_decision_of_a_smear_stay(call, strange, renamed, tmp_path):
    size = ("--width", 640, "--height", 480, "--fields", 2)
    assert call("draw", "smear", *size, "--to", tmp_path / "in").exit_code == 0
    shutil.copy(tmp_path / "in" / "field_001.png", tmp_path / "copy.png")
    words = ("smear", tmp_path / "in", tmp_path / "copy.png", strange, "--workers", 1, "--out")
    before = call(*words, tmp_path / "before" / "out")
    renamed()
    after = call(*words, tmp_path / "after" / "out")
    files = [tmp_path / name / "out" / "smear.json" for name in ("before", "after")]
    told = [json.loads(file.read_text("utf-8")) for file in files]
    assert before.exit_code == after.exit_code == 0, before.stderr
    assert without_text(told[0]) == without_text(told[1])
    grades = {photo["grade"] for photo in told[0]["photos"]}
    assert {"not read", "unusable", "counted before"} <= grades
