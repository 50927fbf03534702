"""A person's review makes the answer true: what was seen, in which share, and that nothing of it is lost."""

import csv
import json
import re
import shutil

import pytest

SMALL = ("--width", 960, "--height", 720)


@pytest.fixture(scope="module")
def fields(call, tmp_path_factory):
    """Two fields with some infected cells."""
    folder = tmp_path_factory.mktemp("fields") / "smear"
    asked = ("--parasitaemia", 0.05, "--fields", 2, "--seed", 4, *SMALL, "--to", folder)
    assert call("draw", "smear", *asked).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def first(call, fields, tmp_path_factory):
    """The report before anybody has looked at it; nobody changes it."""
    out = tmp_path_factory.mktemp("first") / "out"
    assert call("smear", fields, "--out", out).exit_code == 0
    return out


@pytest.fixture
def out(first, tmp_path):
    """A copy of the report that a test may change."""
    return shutil.copytree(first, tmp_path / "out")


def found(out):
    return json.loads((out / "smear.json").read_text(encoding="utf-8"))


def rows_of(table):
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def say(table, words, to=None):
    """Write these words beside the flagged cells, one after the other."""
    rows, left = rows_of(table), list(words)
    for row in rows:
        if row["verdict"] == "suspicious" and left:
            row["seen"] = left.pop(0)
    with (to or table).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return to or table


def test_before_a_review_nothing_was_seen_and_every_flagged_cell_is_to_be_looked_at(first):
    told = found(first)
    assert told["flagged"] >= 3
    assert (told["decision"], told["looked_at"], told["parasites_seen"]) == ("cells to look at", 0, 0)
    assert {row["seen"] for row in rows_of(first / "review.csv")} == {""}


def test_one_parasite_that_a_person_saw_is_what_the_report_says(call, fields, out):
    say(out / "review.csv", ["parasite"])
    outcome = call("smear", fields, "--out", out)
    told = found(out)
    assert (told["decision"], told["looked_at"], told["parasites_seen"]) == ("parasites seen", 1, 1)
    assert "Parasites seen in 1\N{NO-BREAK SPACE}cell. " in outcome.stdout
    assert "parasite seen<br>" in (out / "smear.html").read_text(encoding="utf-8")


def test_where_all_flagged_cells_were_looked_at_in_vain_none_is_left_and_few_cells_stay_few(
    call, fields, out
):
    say(out / "review.csv", ["No  Parasite"] * found(out)["flagged"])
    assert call("smear", fields, "--out", out).exit_code == 0
    told = found(out)
    assert told["decision"] == "not enough cells"
    assert told["looked_at"] == told["flagged"]


def test_a_review_is_kept_by_every_further_call(call, fields, out):
    say(out / "review.csv", ["parasite", "no parasite"])
    for _ in range(2):
        assert call("smear", fields, "--out", out).exit_code == 0
    assert [row["seen"] for row in rows_of(out / "review.csv") if row["seen"]] == ["parasite", "no parasite"]


def test_a_review_may_stand_in_another_table(call, fields, out, tmp_path):
    table = say(out / "review.csv", ["parasite"], tmp_path / "mine.csv")
    assert call("smear", fields, "--review", table, "--out", tmp_path / "new").exit_code == 0
    assert found(tmp_path / "new")["parasites_seen"] == 1


def test_a_review_in_another_table_is_called_by_its_name_as_long_as_it_holds_all(call, fields, out, tmp_path):
    table, new = say(out / "review.csv", ["parasite"], tmp_path / "mine.csv"), tmp_path / "new"
    for _ in range(2):
        said = call("smear", fields, "--review", table, "--out", new).stdout
        assert "According to mine.csv a person saw parasites in 1" in said
        assert "add the rows of these to mine.csv" in said
        assert "review.csv" not in said
    assert "According to review.csv a person saw" in call("smear", fields, "--out", new).stdout
    say(new / "review.csv", ["parasite", "no parasite"])
    said = call("smear", fields, "--review", table, "--out", new).stdout
    assert "According to review.csv a person saw" in said


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text.replace(",seen", ",saw"), "has no column seen"),
        (lambda text: text.replace("field_00", "other_00"), "1 photo not given under this name: other_00"),
        (lambda text: re.sub(r"png,(\d+),\d+,\d+,", r"png,\1,1,1,", text), "that these photos do not have"),
        (lambda text: text.replace(",parasite,", ",maybe,"), "is neither 'parasite' nor 'no parasite'"),
    ],
)
def test_a_review_that_cannot_be_right_is_refused_and_nothing_is_overwritten(call, fields, out, spoil, said):
    table = say(out / "review.csv", ["parasite"], out.parent / "mine.csv")
    table.write_text(spoil(table.read_text(encoding="utf-8").replace("\r\n", "\n")), encoding="utf-8")
    before = (out / "review.csv").read_bytes()
    outcome = call("smear", fields, "--review", table, "--out", out)
    assert outcome.exit_code != 0
    assert said in outcome.stderr
    assert (out / "review.csv").read_bytes() == before


def test_in_a_study_each_smear_has_its_own_review_and_only_that_smear_is_judged_anew(call, fields, tmp_path):
    for name in ("ann", "bob"):
        shutil.copytree(fields, tmp_path / "in" / name)
    asked = ("smear", tmp_path / "in", "--by", "folder", "--out", tmp_path / "out")
    assert call(*asked).exit_code == 0
    say(tmp_path / "out" / "ann" / "review.csv", ["parasite"])
    outcome = call(*asked)
    assert "Parasites seen in 1 of 2\N{NO-BREAK SPACE}smears, 2 with cells to look at" in outcome.stdout
    assert "1 of 2 smears had been judged before" in outcome.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--review", "mine.csv"], "--review mine.csv is of one smear"),
        (["--patient", "ann", "--slide", "7"], "--patient ann, --slide 7 is of one smear"),
    ],
)
def test_what_belongs_to_one_smear_is_refused_for_several(call, fields, tmp_path, words, said):
    outcome = call("smear", fields, "--by", "folder", *words, "--out", tmp_path / "out")
    assert outcome.exit_code != 0
    assert said in outcome.stderr


def test_patient_date_slide_and_operator_stand_on_the_report(call, fields, tmp_path):
    labels = {"--patient": "A. Mensah", "--date": "2026-11-29", "--slide": "17b", "--operator": "K. Owusu"}
    given = [word for pair in labels.items() for word in pair]
    assert call("smear", fields, *given, "--out", tmp_path / "out").exit_code == 0
    page = (tmp_path / "out" / "smear.html").read_text(encoding="utf-8")
    assert [f"<dd>{value}</dd>" in page for value in labels.values()] == [True] * 4
    assert list(found(tmp_path / "out")["labels"].values()) == list(labels.values())


def test_a_parasite_in_a_cell_that_was_not_flagged_is_told_by_a_row_of_the_table_of_cells(call, fields, out):
    (white,) = [row for row in rows_of(out / "cells.csv") if row["verdict"] == "healthy"][:1]
    rows = rows_of(out / "review.csv")
    with (out / "review.csv").open("a", encoding="utf-8", newline="") as file:
        added = {name: white.get(name, "") for name in rows[0]} | {"seen": "parasite"}
        csv.DictWriter(file, list(rows[0])).writerow(added)
    assert call("smear", fields, "--out", out).exit_code == 0
    told = found(out)
    assert (told["parasites_seen"], told["looked_at"]) == (1, 0)
    assert [row["seen"] for row in rows_of(out / "review.csv")].count("parasite") == 1


def test_a_row_of_the_table_of_cells_can_be_copied_as_it_is(first):
    heads = [
        (first / name).read_text(encoding="utf-8").splitlines()[0] for name in ("cells.csv", "review.csv")
    ]
    assert heads[1] == heads[0] + ",cell"


def test_what_else_was_written_into_the_table_stays_beside_it(call, fields, out):
    table = out / "review.csv"
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([f"{head},comment", f"{rows[0]},a ring?", *rows[1:]]) + "\n", encoding="utf-8")
    assert call("smear", fields, "--out", out).exit_code == 0
    assert "a ring?" in (out / "review-earlier.csv").read_text(encoding="utf-8")


def test_two_words_for_one_cell_are_a_fault_with_its_row(call, fields, out):
    table = say(out / "review.csv", ["parasite"])
    lines = table.read_text(encoding="utf-8").splitlines()
    marked = next(line for line in lines if ",parasite," in line)
    again = [*lines, marked.replace(",parasite,", ",no parasite,")]
    table.write_text("\n".join(again) + "\n", encoding="utf-8")
    outcome = call("smear", fields, "--out", out)
    assert outcome.exit_code != 0
    assert f"row {len(again)}: another row has 'parasite' of the same cell" in outcome.stderr


def test_a_program_may_write_places_with_a_point(call, fields, out):
    table = say(out / "review.csv", ["parasite"])
    rows = rows_of(table)
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(row | {"x": f"{row['x']},0"} for row in rows)
    assert call("smear", fields, "--out", out).exit_code == 0
    assert found(out)["parasites_seen"] == 1


def test_a_second_review_does_not_lose_the_first(call, fields, out, tmp_path):
    say(out / "review.csv", ["parasite"])
    mine = say(out / "review.csv", ["", "no parasite"], tmp_path / "mine.csv")
    assert call("smear", fields, "--review", mine, "--out", out).exit_code == 0
    assert [row["seen"] for row in rows_of(out / "review.csv")][:2] == ["parasite", "no parasite"]
