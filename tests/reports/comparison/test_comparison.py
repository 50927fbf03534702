"""A comparison as page, tables, numbers and figure; nothing that a name or a failure can break."""

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from normocyte.core.types import Estimate
from normocyte.reports.comparison import chart as figure
from normocyte.reports.comparison import words
from normocyte.reports.comparison.data import comparison_csv, comparison_json, comparison_markdown
from normocyte.reports.comparison.write import write_comparison
from normocyte.results.comparison import NAN, NOTHING, Comparison, Costs, Measured, Row, Shown

METRICS = (
    Shown("auroc", "AUROC", "AUROC"),
    Shown("sensitivity_at_specificity_99", "sensitivity at 99 % specificity", "sens. at 99 %"),
)
VOID = {"meta", "wbr", "br"}
ODD = "a<b>|c[x=1,y=2]"


def reached(value, change=NAN, p_value=NAN):
    difference = Estimate(change, change - 0.01, change + 0.01)
    return Measured(
        Estimate(value, value - 0.02, value + 0.004),
        (value - 0.01, value + 0.01),
        difference,
        p_value,
        p_value,
    )


def configuration(name, auroc, sensitivity, ms, change=NAN, p_value=NAN):
    own = (reached(auroc, change, p_value), reached(sensitivity, change, p_value))
    return Row(name, f"parts of {name}", "", own, own, Costs(12.3, ms, 5_000, 250_000))


ROWS = (
    configuration("contrast", 0.985, 0.86, 0.3),
    configuration(ODD, 0.991, 0.93, 1.5, change=0.07, p_value=0.004),
    configuration("classic", 0.72, 0.02, 0.2, change=-0.84, p_value=0.004),
    configuration("near", 0.984, 0.85, 0.4, change=-0.01, p_value=0.4),
    Row("broken", "parts of broken", "seed 0: <the loss> is not a | number."),
)
CONTENTS = Comparison(
    METRICS, ROWS, "contrast", 2, (("Data", "drawn | cells"),), ("A note.",), "sensitivity_at_specificity_99"
)
ALONE = replace(CONTENTS, rows=ROWS[:1])
LOST = replace(CONTENTS, rows=ROWS[-1:])
UNKNOWN = Row(
    "dark",
    "",
    "",
    (Measured(NOTHING, (NAN,)),) * 2,
    (Measured(NOTHING, (NAN,)),) * 2,
    Costs(NAN, NAN, NAN, NAN),
)


class Page(HTMLParser):
    """What a page says, its tags, and the tags that were left open."""

    def __init__(self, text):
        super().__init__()
        self.text, self.tags, self.open, self.ids = "", set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        self.open += [] if tag in VOID else [tag]

    def handle_startendtag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_comparison(CONTENTS, tmp_path_factory.mktemp("comparison")).parent


@pytest.fixture(scope="module")
def source(folder):
    return (folder / "comparison.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(source):
    return Page(source)


def written(contents, tmp_path):
    return Page(write_comparison(contents, tmp_path).read_text(encoding="utf-8"))


def test_every_tag_is_closed_and_no_name_stands_twice(page):
    assert page.open == []
    assert len(page.ids) == len(set(page.ids)) > 0


def test_the_page_needs_no_other_file_and_no_script(page, source):
    assert not {"script", "link", "iframe", "img"} & page.tags
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', source) == []


@pytest.mark.parametrize(
    "word", [ODD, "seed 0: <the loss> is not a | number.", "0.991", "drawn | cells", "A note."]
)
def test_the_page_says_every_name_reason_and_number(word, page):
    assert word in page.text


def test_a_sure_difference_is_marked_by_more_than_colour(page):
    assert "+0.070 ▲" in page.text
    assert "\N{MINUS SIGN}0.840 ▼" in page.text
    assert "\N{MINUS SIGN}0.010 ▼" not in page.text


def test_failures_stand_in_a_table_of_their_own(page, tmp_path):
    assert "What failed" in page.text
    assert "What failed" not in written(ALONE, tmp_path).text


@pytest.mark.parametrize(
    "contents", [ALONE, LOST, replace(CONTENTS, rows=(UNKNOWN,)), replace(CONTENTS, rows=(*ROWS, UNKNOWN))]
)
def test_whatever_is_missing_the_page_is_whole(contents, tmp_path):
    page = written(contents, tmp_path)
    assert page.open == []
    assert "nan" not in page.text.split()


def test_a_lost_comparison_removes_the_figure_of_an_earlier_one(tmp_path):
    write_comparison(CONTENTS, tmp_path)
    write_comparison(LOST, tmp_path)
    assert list((tmp_path / "figures").iterdir()) == []


def test_the_same_comparison_gives_the_same_bytes(folder, tmp_path):
    write_comparison(CONTENTS, tmp_path)
    names = ["comparison.html", "comparison.csv", "comparison.json", "comparison.md", "figures/pareto.svg"]
    assert [(tmp_path / name).read_bytes() for name in names] == [
        (folder / name).read_bytes() for name in names
    ]


def test_the_outcome_names_the_best_and_what_is_sure():
    said = words.outcome(CONTENTS)
    assert f"Of 4 configurations, {ODD} has the highest sensitivity at 99 % specificity: 0.930" in said
    assert f"{ODD} is better and classic is worse than contrast" in said
    assert "for the other one, chance would explain the difference" in said
    assert "1 of 5 failed" in said


@pytest.mark.parametrize(
    ("contents", "sentence"),
    [
        (
            replace(CONTENTS, rows=tuple(replace(ROWS[0], name=name) for name in "ab")),
            "All 2 configurations have the same sensitivity at 99 % specificity:",
        ),
        (
            replace(
                CONTENTS,
                rows=(ROWS[0], replace(ROWS[0], name="same"), configuration("low", 0.5, 0.1, 1, 0.1)),
            ),
            "have the highest sensitivity at 99 % specificity:",
        ),
        (
            replace(CONTENTS, rows=tuple(configuration(name, 0.5, 0.0, 1) for name in "ab")),
            "None of 2 configurations has a sensitivity at 99 % specificity above 0.",
        ),
        (LOST, "None of the 1 configurations could be trained and judged."),
        (
            replace(CONTENTS, rows=(ROWS[0], configuration("odd", 0.9, 0.9, 1, 0.1))),
            "more than chance is not known",
        ),
        (replace(CONTENTS, rows=ROWS[::3]), "No other differs from contrast in it by more than chance."),
        (ALONE, "contrast has a sensitivity at 99 % specificity: 0.860"),
        (replace(CONTENTS, rows=(UNKNOWN,)), "Their figures are not known."),
    ],
)
def test_the_outcome_fits_what_there_is(contents, sentence):
    assert sentence in words.outcome(contents)


def test_a_failed_reference_leaves_figures_without_differences(tmp_path):
    rows = (replace(ROWS[-1], name="contrast"), *ROWS[1:4])
    contents = replace(CONTENTS, rows=rows)
    assert not contents.has_differences
    assert "Difference from" not in written(contents, tmp_path).text


def test_the_key_numbers_are_the_best_and_the_fastest():
    assert [(key.value, key.detail) for key in words.key_numbers(CONTENTS)] == [
        ("0.930", ODD),
        ("0.991", ODD),
        ("0.200", "classic"),
    ]


@pytest.mark.parametrize(
    ("number", "said"),
    [(0.0123, "+0.012"), (-0.5, "\N{MINUS SIGN}0.500"), (0.0001, "0.000"), (NAN, "\N{EN DASH}")],
)
def test_a_difference_has_its_sign(number, said):
    assert words.signed(number) == said


def test_a_tiny_p_value_is_not_called_zero():
    assert words.p(replace(ROWS[1].all_labels[0], corrected=0.0002)) == "p < 0.001"


def test_no_name_breaks_a_markdown_table():
    lines = [line for line in comparison_markdown(CONTENTS).splitlines() if line.startswith("|")]
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in lines}
    assert widths == {3, 4, 6}
    assert "a<b>\\|c\\[x=1,y=2\\]" in comparison_markdown(CONTENTS)


def test_markdown_shows_the_sure_differences_in_bold():
    text = comparison_markdown(CONTENTS)
    assert "**+0.070 (+0.060 to +0.080, p 0.004)**" in text
    assert "| \N{MINUS SIGN}0.010 (\N{MINUS SIGN}0.020 to 0.000, p 0.400) |" in text


def test_json_holds_every_number_and_no_nan():
    told = json.loads(json.dumps(comparison_json(replace(CONTENTS, rows=(*ROWS, UNKNOWN))), allow_nan=False))
    odd = told["configurations"][ODD]
    assert odd["all_labels"]["auroc"]["p_value_holm"] == 0.004
    assert odd["costs"]["ms_per_cell"] == 1.5
    assert told["configurations"]["dark"]["all_labels"]["auroc"]["value"] is None
    assert told["configurations"]["broken"]["failure"].startswith("seed 0")


def test_csv_holds_means_seeds_costs_and_failures():
    rows = list(csv.DictReader(io.StringIO(comparison_csv(CONTENTS))))
    own = [row for row in rows if row["configuration"] == ODD]
    assert len(own) == 2 * 2 * 3 + 4
    assert [row["seed"] for row in own[:3]] == ["", "0", "1"]
    assert {row["metric"] for row in own if not row["labels"]} == {
        "training_s",
        "ms_per_cell",
        "parameters",
        "bundle_bytes",
    }
    assert [row["failure"] for row in rows if row["configuration"] == "broken"] == [ROWS[-1].failure]


def test_the_figure_numbers_and_names_what_can_be_drawn(folder):
    drawn = (folder / "figures" / "pareto.svg").read_text(encoding="utf-8")
    assert [name for name in ("1  contrast", "3  classic", "4  near") if name not in drawn] == []
    assert "broken" not in drawn


@pytest.mark.parametrize("contents", [LOST, replace(CONTENTS, rows=(UNKNOWN,))])
def test_the_figure_says_when_there_is_nothing_to_draw(contents):
    assert "No configuration" in figure.lacks(contents)


@pytest.mark.parametrize("values", [(1.0, 1.0), (0.0, 1.0), (0.5, 0.5), (0.999, 0.9991)])
def test_any_two_values_give_ticks_within_the_axis(values):
    rows = tuple(configuration(f"c{value}", 0.9, value, 0.5 + value) for value in values)
    drawn = figure.draw(replace(CONTENTS, rows=rows), has_names=True)
    (axes,) = drawn.axes
    low, high = axes.get_ylim()
    assert low < min(values) <= max(values) < high
    assert all(low <= tick <= high for tick in axes.get_yticks())


def test_the_axis_is_stretched_towards_one_and_can_be_undone():
    values = np.linspace(-0.2, 1, 50)
    stretched = figure._stretched(values)
    assert np.all(np.diff(stretched) > 0)
    assert figure._shrunk(stretched) == pytest.approx(values)


def test_many_names_are_cut_with_their_number():
    rows = tuple(configuration(f"c{place}", 0.9, 0.5 + place / 100, 0.5 + place) for place in range(30))
    drawn = figure.draw(replace(CONTENTS, rows=rows), has_names=True)
    assert drawn.axes[0].texts[-1].get_text().endswith("and 6 more")
