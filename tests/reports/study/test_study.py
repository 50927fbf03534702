"""The report of a study: every smear has its row, in a useful order, and no name from outside does harm."""

import csv
import dataclasses
import io
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normocyte.core.errors import OutputError
from normocyte.core.types import Estimate
from normocyte.reports.study import words
from normocyte.reports.study.data import COLUMNS, study_csv, study_json
from normocyte.reports.study.page import render
from normocyte.reports.study.write import FILES, keep_study, write_study
from normocyte.results.json import finished
from normocyte.results.study import ORDER, Study, StudyRow

NAN = float("nan")
NOTHING = Estimate(NAN, NAN, NAN)
SEEN, LOOK, UNUSABLE, NOT_ENOUGH, NONE_SEEN, CALM = ORDER
EVIL = '<script>alert("1")</script>&{{ 7 * 7 }}'


def row(name="ann", decision=CALM, p_value=0.4, share=0.01, **change):
    estimate = Estimate(share, share / 2, 2 * share)
    known = StudyRow(name, name, 20, 18, 4000, 0, decision, p_value, estimate, repr(name))
    return dataclasses.replace(known, **change)


HEAVY = row("heavy", SEEN, 0.02, 0.3, flagged=9, looked_at=9, confirmed=8)
LIGHT = row("light", SEEN, 0.001, 0.02, flagged=9, looked_at=2, confirmed=1)
OPEN = row("open", LOOK, 0.3, flagged=1)
FULL = row("full", LOOK, 0.1, flagged=4, looked_at=1)
FEW = row("few", NOT_ENOUGH, 0.2, cells=150)
BLIND = row("blind", UNUSABLE, NAN, parasitaemia=NOTHING, usable=0, cells=0, flagged=0)
HEALTHY = row("healthy")
ROWS = (HEALTHY, BLIND, LIGHT, FEW, HEAVY, OPEN, FULL)


def study(*rows, **change):
    known = Study("ward", rows, len(rows), 0.02, 0.05, "shipped", "At most 1 % are flagged.", "1.2.3")
    return dataclasses.replace(known, **change)


def table(found):
    return list(csv.DictReader(io.StringIO(study_csv(found))))


def test_those_with_parasites_come_first_then_those_to_look_at_and_what_is_not_known_before_the_rest():
    assert study(*ROWS).sorted() == (HEAVY, LIGHT, FULL, OPEN, BLIND, FEW, HEALTHY)


def test_the_order_does_not_depend_on_that_of_the_photos():
    assert render(study(*ROWS)) == render(study(*reversed(ROWS)))


def test_the_table_has_a_row_a_smear_and_leaves_open_what_cannot_be_said():
    rows = table(study(*ROWS))
    assert tuple(rows[0]) == COLUMNS
    assert [one["smear"] for one in rows] == ["heavy", "light", "full", "open", "blind", "few", "healthy"]
    assert float(rows[0]["parasitaemia"]) == 0.3
    assert [rows[4][name] for name in COLUMNS[8:]] == ["", "", "", ""]


def test_the_numbers_for_programs_are_json_without_nan():
    told = json.loads(json.dumps(study_json(study(*ROWS)), allow_nan=False))
    assert told["smears_in_all"] == 7
    assert told["smears"][4]["parasitaemia"] == {"value": None, "low": None, "high": None}


def test_every_row_leads_to_the_page_of_its_smear():
    page = render(study(*ROWS))
    assert re.findall(r'href="(\./[^"]*)"', page) == [
        f"./{name}/smear.html" for name in ("heavy", "light", "full", "open", "blind", "few", "healthy")
    ]


def test_a_smear_without_an_estimate_has_no_bar():
    assert render(study(*ROWS)).count('class="interval"') == 6


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        (ROWS, "Parasites seen in 2 of 7 smears, 3 with cells to look at"),
        ((HEAVY, HEALTHY), "Parasites seen in 1 of 2 smears"),
        ((OPEN, HEALTHY), "1 of 2 smears with cells to look at"),
        ((HEALTHY,), "No cell to look at in 1 smear"),
    ],
)
def test_the_title_says_where_parasites_were_seen_and_where_cells_are_to_be_looked_at(rows, title):
    assert words.title(study(*rows)).replace("\N{NO-BREAK SPACE}", " ") == title


@pytest.mark.parametrize(
    ("one", "said"),
    [(HEAVY, "parasites in 8"), (LIGHT, "7 to look at"), (OPEN, "1 to look at"), (HEALTHY, "")],
)
def test_a_row_says_what_is_left_to_look_at_or_what_was_seen(one, said):
    assert words.looked_at(one) == said
    assert said in render(study(one))


def test_files_that_were_not_looked_at_stand_on_the_page_and_in_the_numbers():
    told = "2 of 4 files were not looked at: 2 .heic."
    assert told in render(study(HEALTHY, passed_over=told))
    assert study_json(study(HEALTHY, passed_over=told))["passed_over"] == told


def test_it_is_said_that_every_smear_is_a_test_of_its_own():
    said = words.many_tests(study(*ROWS)).replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith(
        "Each p-value is of one smear alone: if all 6 tested smears were healthy, up to 0.3"
    )
    assert "a p-value of 5 % or less" in said
    assert words.many_tests(study(BLIND)) == ""


def test_of_a_single_test_nothing_is_added_up():
    said = words.many_tests(study(HEALTHY, BLIND))
    assert said == "A healthy smear has a p-value of 5 % or less in up to 5 % of cases."


def test_forty_healthy_smears_are_said_to_give_two_false_alarms():
    assert "up to 2 of them" in words.many_tests(study(*[HEALTHY] * 40))


@pytest.mark.parametrize(
    ("rows", "sentences"),
    [((HEALTHY,), 0), ((HEAVY,), 0), ((LIGHT,), 1), ((OPEN,), 1), ((FEW, HEALTHY), 1), (ROWS, 2)],
)
def test_a_reader_is_told_what_to_do_and_no_more(rows, sentences):
    assert len(words.to_do(study(*rows))) == sentences


@pytest.mark.parametrize("name", [EVIL, "caf\udce9", "n" * 900, "a/b\n\0"])
def test_names_from_outside_do_no_harm(name, tmp_path):
    found = study(row(name, SEEN), name=name)
    page = write_study(found, tmp_path).read_text(encoding="utf-8")
    assert "<script" not in page
    assert {place.name for place in tmp_path.iterdir()} == set(FILES)


def test_the_page_needs_no_other_file_and_no_network():
    page = render(study(*ROWS))
    assert not re.search(r"(src|url)\s*[=(]", page)
    assert "http" not in re.sub(r"http-equiv", "", page)


def test_a_number_needs_no_colour_to_be_told():
    page = render(study(*ROWS))
    assert all(decision in page for decision in ORDER)


def test_rows_that_were_kept_come_back_as_they_were(tmp_path):
    keep_study(study(HEAVY, LIGHT, smears=9), tmp_path)
    assert finished(tmp_path) == {one.input_digest: one for one in (HEAVY, LIGHT)}


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"smears": [{}]}', '{"smears": 7}', "[" * 100_000, "\udce9"]
)
def test_a_file_that_is_no_study_keeps_nothing(text, tmp_path):
    (tmp_path / "study.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert finished(tmp_path) == {}


def test_no_file_keeps_nothing(tmp_path):
    assert finished(tmp_path) == {}


def test_a_place_that_cannot_be_written_gets_one_sentence(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="Choose another place"):
        write_study(study(HEALTHY), tmp_path / "file")


shares = st.floats(0, 1)


@settings(max_examples=40)
@given(
    st.lists(
        st.builds(row, st.text(max_size=9), st.sampled_from(ORDER), st.one_of(shares, st.just(NAN)), shares),
        min_size=1,
        max_size=4,
    )
)
def test_any_study_can_be_told(rows):
    found = study(*rows)
    assert render(found).count('class="grid" stroke-dasharray') == len(rows)
    assert len(table(found)) == len(rows)


def test_nothing_is_guaranteed_where_no_cell_was_judged():
    assert study(HEALTHY).guarantee in render(study(HEALTHY))
    assert study(BLIND).guarantee not in render(study(BLIND))
