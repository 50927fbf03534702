"""In what healthy and anomalous images differ stands in a table for each direction."""

import dataclasses
import re

import pytest

from normocyte.core.types import Estimate
from normocyte.reports.drawing.shortcuts import shortcut_section
from normocyte.reports.evaluation.write import write_report
from normocyte.results.shortcuts import MeasuredContrast, ShortcutRow, Shortcuts
from normocyte.wording.shortcuts import Kinds

KINDS = Kinds.of("slice", "tumour")
ROW = ShortcutRow("border", "border", False, Estimate(0.6, 0.5, 0.7), Estimate(0.3, 0.2, 0.4))
MORE = MeasuredContrast("file_size", "file size", 0.74, 0.0005)
MOST = MeasuredContrast("jpeg_quality", "JPEG quality", 0.91, 0.004)
LESS = MeasuredContrast("brightness", "mean brightness", 0.2, 0.0005)
ALIKE = MeasuredContrast("border", "step", 0.7, 0.03)


def section(*measures):
    return shortcut_section(Shortcuts((ROW,), measures, healthy=100), KINDS)


def test_each_direction_has_its_measures_the_strongest_first():
    higher, lower = section(MORE, LESS, ALIKE, MOST).directions
    assert (higher.title, lower.title) == (
        "higher or more often in tumour slices",
        "lower or less often in tumour slices",
    )
    assert higher.rows == (("JPEG quality", "0.910", "0.004"), ("file size", "0.740", "< 0.001"))
    assert lower.rows == (("mean brightness", "0.800", "< 0.001"),)


@pytest.mark.parametrize(
    ("measures", "how_many", "others"),
    [
        ((MORE, ALIKE, LESS), "2 of 3 measures", "No difference was found in: step."),
        ((MORE, LESS), "all 2 measures", ""),
        ((MORE,), "the only measure", ""),
        ((ALIKE,), "none of 1 measure", "No difference was found in: step."),
    ],
)
def test_how_many_differ_and_in_which_no_difference_was_found_is_said_once(measures, how_many, others):
    found = section(*measures)
    assert found.how_many == f"Healthy slices and tumour slices differ by more than chance in {how_many}."
    assert found.others == others


def test_without_measures_nothing_is_said():
    found = section()
    assert (found.how_many, found.directions, found.others) == ("", (), "")


@pytest.fixture(scope="module")
def page(contents, tmp_path_factory):
    shortcuts = Shortcuts((ROW,), (MORE, MOST, ALIKE), contents.metrics[0].all_labels[0], 100)
    told = dataclasses.replace(contents, shortcuts=shortcuts)
    return write_report(told, tmp_path_factory.mktemp("page")).read_text(encoding="utf-8")


def test_the_page_has_a_row_for_each_measure_that_differs_and_no_sentence(page):
    rows = re.findall(r'<tr><th scope="row">([^<]*)</th><td>([^<]*)</td><td>([^<]*)</td></tr>', page)
    assert rows == [("JPEG quality", "0.910", "0.004"), ("file size", "0.740", "&lt;\N{NO-BREAK SPACE}0.001")]
    assert "differs between" not in page


def test_the_page_has_no_table_for_a_direction_without_measures(page):
    assert page.count("or more often in infected cells</th>") == 1
    assert "or less often in" not in page
