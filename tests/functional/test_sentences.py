"""Sentences of the pages of measurements follow from the numbers."""

import doctest
import importlib
import sys
from dataclasses import replace

import pytest

from normocyte.core.errors import DatasetError
from studies.contamination import findings as contamination
from studies.error_rates import sites_findings
from studies.error_rates.sites_page import level_table
from studies.kit import tables, words
from studies.kit.measured import KEPT, Page, start
from studies.kit.tables import Table
from studies.kit.wrapping import WIDTH, wrapped
from studies.smears.findings import ranks
from studies.threshold_peers.findings import equal

RATES = Table.of(("rule", "above"), [("`quantile`", "50 %"), ("`mad`", "100 %"), ("`strict`", "refused")])
CONCLUSIONS = [
    ("error_rates", ("asked 5 %", "asked 1 %"), "above", ("50 %", "0 %"), "on_average"),
    ("error_rates", ("asked 1 %",), "above", ("90 %", "10 %"), "mostly_above"),
    ("parasitaemia", ("called fitted", "called many"), "healthy", ("2.0", "9.0"), "alarms_met fitted"),
    ("parasitaemia", ("called fitted",), "2 %", ("96.0", "70.0"), "called_met"),
    ("smears", ("drawn",), "called infected", ("96 %", "40 %"), "called_met"),
    ("smears", ("drawn",), "called infected", ("0 %", "40 %"), "healthy_met"),
    ("smears", ("drawn",), "interval holds infected", ("95 %", "50 %"), "held_met"),
    ("another_stain", ("all",), "AUROC", ("0.995 \u00b1 0.001", "0.9 \u00b1 0.1"), "reach AUROC"),
    ("adapting", ("adapted",), "AUROC", ("0.995", "0.9"), "reached AUROC"),
    ("drift", ("false_alarms",), "watch", ("1 %", "50 %"), "held"),
    ("cell_quality", ("healthy",), "refused", ("0.1 %", "5 %"), "pass"),
    ("photo_quality", ("damaged",), "unusable", ("100 %", "0 %"), "damages_refused"),
    ("robustness", ("crops",), "refused", ("0 %", "50 %"), "harmless"),
    ("mutations", ("files",), "tracebacks", ("0", "1"), "all_are_fine"),
    ("scale", ("summarised",), "clock s", ("4.0", "6.0"), "summed"),
    ("z_stacks", ("photos",), "several fields, highest", ("0.01", "0.9"), "divides"),
]
"""Study, tables, column, its cells where the conclusion holds and where not, and the conclusion."""


def full_of(table: Table, column: str, cell: str) -> Table:
    """The table with this cell in every row of the column."""
    place = table.columns.index(column)
    return Table.of(table.columns, [(*row[:place], cell, *row[place + 1 :]) for row in table.rows])


@pytest.mark.parametrize(("study", "names", "column", "cells", "finding"), CONCLUSIONS)
def test_a_conclusion_holds_only_while_its_numbers_do(study, names, column, cells, finding):
    page = importlib.import_module(f"studies.{study}.findings").PAGE
    kept = page.found().tables
    outcomes = []
    for cell in cells:
        found = page.findings({**kept, **{name: full_of(kept[name], column, cell) for name in names}})
        for key in finding.split():
            found = found[key]
        outcomes.append(bool(found))
    assert outcomes == [True, False]


@pytest.mark.parametrize(("more", "helps"), [("90 %", True), ("10 %", False)])
def test_more_fields_help_only_where_more_draws_are_within(more, helps):
    kept = sites_findings.PAGE.found().tables
    after = full_of(kept["after 5 %"], "within 0.5-2x", "50 %")
    place = after.columns.index("within 0.5-2x")
    rows = [(*row[:place], more, *row[place + 1 :]) if "of 50" in row[1] else row for row in after.rows]
    found = sites_findings.findings({**kept, "after 5 %": Table.of(after.columns, rows)})
    assert found["more_fields_help"] is helps


def test_a_difference_below_chance_is_none():
    assert ranks(0.982, 0.980) == "about as well as"
    assert (ranks(0.99, 0.98), ranks(0.98, 0.99)) == ("better than", "worse than")
    assert contamination.keeps(0.86, 0.84)
    assert not contamination.keeps(0.86, 0.68)


@pytest.mark.parametrize(("rate", "holds"), [(0.4, False), (0.8, True), (2.1, False)])
def test_a_rate_holds_between_half_and_twice(rate, holds):
    assert sites_findings.within_twice(rate, 1.0) is holds


@pytest.mark.parametrize(("recall", "outcome"), [("90.9", True), ("90.8", False)])
def test_rules_are_the_same_when_all_figures_are_but_their_time(recall, outcome):
    rows = [("`a`", "1 %", "90.9", "0.1"), ("`b`", "1 %", recall, "0.9")]
    assert equal(Table.of(("rule", "asked", "recall", "ms"), rows), {"a": "b"}) is outcome


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


def test_paragraphs_are_filled_and_code_and_tables_stay():
    text = "word " * 60 + "\n\n```sh\n" + "x " * 80 + "\n```\n| " + "cell " * 40 + "|\n"
    lines = wrapped(text).splitlines()
    assert max(map(len, lines[:3])) <= WIDTH
    assert {"x " * 79 + "x", "| " + "cell " * 40 + "|"} <= set(lines)


def test_a_number_and_its_unit_stay_on_a_line():
    assert not any(line.startswith(("%", "s ")) for line in wrapped("of 12 % in 3 s " * 60).splitlines())


def test_the_option_makes_a_page_again_without_measuring(tmp_path, monkeypatch, capsys):
    (tmp_path / "page.md.jinja").write_text("{{ tables.rates }}\n", encoding="utf-8")
    page = Page(tmp_path / "page", str(tmp_path / "made.md"))
    page.keep({"rates": RATES}, {})
    monkeypatch.setattr(sys, "argv", ["study", KEPT])
    start(lambda: pytest.fail("measured"), page)
    assert "| `mad` | 100 % |" in (tmp_path / "made.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out.strip().endswith("made.md")


def test_a_page_without_kept_results_ends_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["study", KEPT])
    with pytest.raises(SystemExit, match=r"Error: .* no results were kept\. Run the study"):
        start(lambda: pytest.fail("measured"), Page(tmp_path / "page", str(tmp_path / "made.md")))


def test_a_run_of_a_part_leaves_what_was_kept(tmp_path):
    (tmp_path / "page.md.jinja").write_text("{{ tables.rates.at('mad', 'above') }}\n", encoding="utf-8")
    page = Page(tmp_path / "page", str(tmp_path / "made.md"))
    page.keep({"rates": RATES}, {})
    for part in ({}, {"rates": Table.of(RATES.columns, RATES.rows[:1])}):
        with pytest.raises(DatasetError, match=r"measured a part only: .* Run the study with its usual"):
            page.keep(part, {})
    assert page.found().tables == {"rates": RATES}


def test_a_rule_that_refuses_in_every_draw_is_named_below_the_table():
    rows = {"0.01": {"rate": [None], "recall": [None]}}, {"0.01": {"rate": [0.02], "recall": [0.9]}}
    table = level_table({"quantile": dict(zip(("25 of 10", "100 of 10"), rows, strict=True))}, "cells", 0.01)
    assert table.names() == ["quantile"]
    assert table.note == "Refused in every draw: `quantile` (25 of 10)."


def test_with_any_other_option_the_study_runs(monkeypatch):
    begun = []
    monkeypatch.setattr(sys, "argv", ["study", "--data", "folder"])
    start(lambda: begun.append("measured"))
    assert begun == ["measured"]
