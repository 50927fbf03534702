"""Sentences of the pages of measurements follow from the numbers."""

import doctest
import sys
from dataclasses import replace

import pytest

from studies.error_rates import findings, sites_findings
from studies.kit import tables, words
from studies.kit.measured import KEPT, Page, Tables, start
from studies.kit.tables import Table
from studies.kit.wrapping import WIDTH, wrapped

RATES = Table.of(("rule", "above"), [("`quantile`", "50 %"), ("`mad`", "100 %"), ("`strict`", "refused")])


@pytest.mark.parametrize("module", [tables, words])
def test_the_examples_of_the_kit_hold(module):
    assert doctest.testmod(module).failed == 0


def test_a_table_is_read_as_it_was_kept():
    assert Table.read(replace(RATES, note="A note.").plain()) == replace(RATES, note="A note.")


def test_rows_are_chosen_by_their_numbers_and_a_cell_without_one_is_in_neither():
    assert RATES.where("above", lambda share: share > 60) == ["mad"]
    assert RATES.where("above", lambda share: share <= 60) == ["quantile"]


def test_a_cell_that_is_not_there_is_an_error():
    with pytest.raises(KeyError, match="no cell"):
        RATES.at("quantile", "below")


def test_a_rate_holds_between_half_and_twice():
    assert sites_findings.within_twice(0.8, 1.0)
    assert not sites_findings.within_twice(2.1, 1.0)


def test_the_sentence_on_more_fields_follows_the_table():
    kept = read(sites_findings.PAGE)
    assert sites_findings.findings(kept)["more_fields_help"]
    worse = Table.of(
        kept["after 5 %"].columns,
        [row if "of 50" not in row[1] else same(row) for row in kept["after 5 %"].rows],
    )
    assert not sites_findings.findings({**kept, "after 5 %": worse})["more_fields_help"]


def test_a_rule_right_on_average_is_named_only_while_it_is():
    kept = read(findings.PAGE)
    assert "quantile" in findings.findings(kept)["on_average"]
    swapped = {**kept, "asked 1 %": kept["asked 0.5 %"]}
    assert "empirical_null" not in findings.findings(swapped)["on_average"]


def test_paragraphs_are_filled_and_code_and_tables_stay():
    text = "word " * 60 + "\n\n```sh\n" + "x " * 80 + "\n```\n| " + "cell " * 40 + "|\n"
    lines = wrapped(text).splitlines()
    assert max(map(len, lines[:3])) <= WIDTH
    assert {"x " * 79 + "x", "| " + "cell " * 40 + "|"} <= set(lines)


def test_a_number_and_its_unit_stay_on_a_line():
    assert not any(line.startswith("%") for line in wrapped("of 12 % " * 60).splitlines())


def test_the_option_makes_a_page_again_without_measuring(tmp_path, monkeypatch, capsys):
    (tmp_path / "page.md.jinja").write_text("{{ tables.rates }}\n", encoding="utf-8")
    page = Page(tmp_path / "page", str(tmp_path / "made.md"))
    page.keep({"rates": RATES}, {})
    monkeypatch.setattr(sys, "argv", ["study", KEPT])
    start(lambda: pytest.fail("measured"), page)
    assert "| `mad` | 100 % |" in (tmp_path / "made.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out.strip().endswith("made.md")


def read(page: Page) -> Tables:
    """The kept tables of a page."""
    return page.found().tables


def same(row: tuple[str, ...]) -> tuple[str, ...]:
    """The row with no draw within half and twice."""
    return (*row[:6], "0 %", *row[7:])
