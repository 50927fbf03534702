"""What monitoring says of a stream, and one sentence for everything that it cannot use."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from normocyte.cell_checks.gate import Gate
from normocyte.core.errors import ConfigError, DatasetError
from normocyte.pipeline.bundle.facts import Facts, PartFacts
from normocyte.reports.monitoring.words import sentences
from normocyte.results.monitoring import Finding
from normocyte.results.verdict import Outcome, Verdict
from normocyte.tables.reading import read_scored
from normocyte.tables.writing import COLUMNS, Row, row_writer
from normocyte.thresholds.quantile import Quantile
from normocyte.thresholds.support.calibration import Calibration
from normocyte.workflows.monitoring import monitor as monitoring
from normocyte.workflows.monitoring.monitor import Reference, Watch, monitor

ENDINGS = ["csv", "jsonl", "ndjson", "parquet"]


def cells(seed, count=30, each=25, level=0.0):
    """Scores and patient names of as many patients, who differ."""
    draw = np.random.default_rng(seed)
    scores = level + draw.normal(0, 0.5, (count, 1)) + draw.normal(size=(count, each))
    return scores.ravel(), np.repeat([f"p{place:03d}" for place in range(count)], each)


def bundle_of(scores, patients, trained=("C900",)):
    """As much of a bundle as monitoring looks at."""
    pipeline = SimpleNamespace(
        calibration=Calibration.of(scores, patients), threshold=Quantile(), gate=Gate(), measured={}
    )
    facts = Facts("drawn", "", (PartFacts("train", 1, tuple(trained)),))
    return SimpleNamespace(pipeline=pipeline, facts=facts)


@pytest.fixture(scope="module")
def bundle():
    return bundle_of(*cells(0))


@pytest.fixture
def written(bundle, tmp_path):
    """Writes rows as `normocyte score` does, and gives the file."""

    def write(scores, patients, name="rows.csv", path="day/{patient}/{number}.png"):
        p_values = bundle.pipeline.threshold.p_values(scores, bundle.pipeline.calibration)
        with row_writer(tmp_path / name) as writer:
            for number, (score, patient, p_value) in enumerate(zip(scores, patients, p_values, strict=True)):
                image = path.format(patient=patient, number=number)
                writer.write(_row(image, score, p_value))
        return tmp_path / name

    return write


def _row(image, score, p_value):
    if np.isnan(score):
        return Row.failed(image, "no image")
    return Row.of(image, Verdict(Outcome.HEALTHY, float(score), float(p_value)))


def said(contents):
    return " ".join(sentences(contents))


@pytest.mark.parametrize("ending", ENDINGS)
def test_like_patients_give_no_evidence_in_every_form_of_rows(ending, bundle, written):
    contents = monitor(bundle, [written(*cells(1), name=f"rows.{ending}")], Watch())
    assert contents.finding is Finding.NONE
    assert contents.rows == contents.scored == 750
    assert len(contents.patients) == 30
    assert "at most 5 % of such streams ever come to 'recalibrate' and 20 % to 'watch'" in said(contents)
    assert "does not prove" in said(contents)


def test_every_form_of_rows_gives_the_same_numbers(bundle, written):
    found = [monitor(bundle, [written(*cells(1), name=f"r.{ending}")], Watch()) for ending in ENDINGS]
    assert len({(one.most, one.compared) for one in found}) == 1


def test_higher_scores_ask_to_recalibrate_and_say_from_which_patient(bundle, written):
    contents = monitor(bundle, [written(*cells(1, level=2.0))], Watch())
    account, place = contents.first
    assert contents.finding is Finding.RECALIBRATE
    assert account.wealth[place] >= 20 > account.wealth[place - 1]
    assert f"reached 20 at patient {place + 1} of 30 ({contents.patients[place]})" in said(contents)
    assert [row.corrected <= 0.01 for row in contents.compared] == [True, True]


def test_a_higher_false_alarm_rate_needs_less_evidence(bundle, written):
    file = written(*cells(1, level=0.9))
    strict, lax = (monitor(bundle, [file], Watch(false_alarm_rate=rate)) for rate in (1e-12, 0.2))
    assert (strict.finding, lax.finding) == (Finding.NONE, Finding.RECALIBRATE)
    assert strict.most == lax.most


def test_between_the_bars_it_says_watch(bundle, written):
    contents = monitor(bundle, [written(*cells(1, level=0.9))], Watch())
    between = replace(contents, rates=(1.01 / contents.most, 0.99 / contents.most))
    assert between.finding is Finding.WATCH
    assert sentences(between)[0].startswith("watch: there is some evidence of drift, less than")


def test_files_come_in_the_order_given(bundle, written):
    scores, names = cells(2, count=6)
    files = [
        written(scores[:75], names[:75], "monday.csv"),
        written(scores[75:], names[75:], "tuesday.csv"),
    ]
    assert monitor(bundle, files, Watch()).patients == tuple(f"p{place:03d}" for place in range(6))
    assert monitor(bundle, files[::-1], Watch()).patients[0] == "p003"


def test_a_further_file_keeps_the_evidence_that_was_there(bundle, written):
    scores, names = cells(2, count=12)
    monday, tuesday = (
        written(scores[:150], names[:150], "monday.csv"),
        written(scores[150:], names[150:], "tuesday.csv"),
    )
    before, after = (monitor(bundle, files, Watch()) for files in ([monday], [monday, tuesday]))
    for old, new in zip(before.accounts, after.accounts, strict=True):
        np.testing.assert_array_equal(old.wealth, new.wealth[:6])


def test_the_same_rows_give_the_same_answer(bundle, written):
    file = written(*cells(1))
    assert said(monitor(bundle, [file], Watch())) == said(monitor(bundle, [file], Watch()))


def test_a_patient_who_comes_back_is_merged_and_named(bundle, written):
    scores, names = cells(3, count=3)
    order = np.concatenate([np.arange(10), np.arange(25, 75), np.arange(10, 25)])
    contents = monitor(bundle, [written(scores[order], names[order])], Watch())
    assert contents.patients == ("p000", "p001", "p002")
    assert "1 patient comes back after another one" in said(contents)


def test_an_image_that_comes_twice_counts_once(bundle, written):
    file = written(*cells(1, count=4))
    contents = monitor(bundle, [file, file], Watch())
    assert contents.scored == 100
    assert "100 rows of images that came before were not counted again" in said(contents)


def test_rows_without_a_score_are_counted_and_a_rising_share_is_said(bundle, written):
    scores, names = cells(4, count=20, each=40)
    scores[400:][::4] = np.nan
    contents = monitor(bundle, [written(scores, names)], Watch())
    assert (contents.rows, contents.scored) == (800, 700)
    assert "0.00% of a patient's cells in the first half of the stream, 25.00% in the second" in said(
        contents
    )
    assert "the share is rising" in said(contents)


def test_patients_with_few_cells_are_left_out_and_named(bundle, written):
    scores, names = cells(5, count=4)
    contents = monitor(bundle, [written(scores[:85], names[:85])], Watch())
    assert contents.left_out == ("p003",)
    assert "1 patient with fewer cells left out: p003." in said(contents)


def test_names_that_the_bundle_learnt_from_are_pointed_out(written):
    known = bundle_of(*cells(0), trained=["p001"])
    assert "1 patient bears the name of one" in said(monitor(known, [written(*cells(1))], Watch()))


WAYS = {
    "": ("x/C12P3thinF_IMG_1_cell_{number}.png", "x/C7_{number}.png", ("C12", "C7")),
    "folder": ("one/C1P1thinF_{number}.png", "two/C1P1thinF_{number}.png", ("one", "two")),
    r"/(\w+)_": ("a/ann_{number}.png", "a/bea_{number}.png", ("ann", "bea")),
}


@pytest.mark.parametrize("way", WAYS)
def test_patients_are_found_as_asked(way, bundle, written):
    *paths, expected = WAYS[way]
    files = [
        written(cells(6, count=1)[0], ["x"] * 25, f"{index}.csv", path) for index, path in enumerate(paths)
    ]
    assert monitor(bundle, files, Watch(patients=way)).patients == expected


def test_numbered_cells_in_a_patients_folder_are_no_patients(bundle, written):
    file = written(*cells(1, count=2), path="{patient}/C{number}.png")
    assert monitor(bundle, [file], Watch()).patients == ("p000", "p001")


def test_one_file_of_rows_may_be_one_patient(bundle, written):
    files = [
        written(*cells(seed, count=1), f"{seed}.csv", f"x{{patient}}/{seed}_{{number}}.png")
        for seed in (7, 8)
    ]
    assert monitor(bundle, files, Watch(patients="file")).patients == ("7.csv", "8.csv")


def test_another_number_of_a_cell_is_watched_like_the_score(bundle, tmp_path, monkeypatch):
    scores, names = cells(1)
    with (tmp_path / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["path", "score", "quality_focus"])
        rows = [
            (f"{name}/{n}.png", score, 3 + score)
            for n, (score, name) in enumerate(zip(scores, names, strict=True))
        ]
        table.writerows(rows)
    both = {"score": Reference(*cells(0)), "quality_focus": Reference(*cells(0))}
    monkeypatch.setattr(monitoring, "references_of", lambda _: both)
    contents = monitor(bundle, [tmp_path / "rows.csv"], Watch())
    assert contents.finding is Finding.RECALIBRATE
    assert contents.best.name == "level of quality_focus"
    assert [row.corrected >= row.p_value for row in contents.compared] == [True] * 4
    assert sum(account.wealth[0] for account in contents.accounts) < 2


TEXTS = {
    "nothing.csv": ("", "has no column path, score, but none; give a file written by"),
    "header.csv": (",".join(COLUMNS) + "\n", "There are 0 rows in header.csv; give files written by"),
    "empty.jsonl": ("", "There are 0 rows in empty.jsonl; give files written by"),
    "other.csv": ("name,value\na,1\n", "has no column path, score, but name, value; give"),
    "none.csv": ("path,score\na/1.png,\n", "None of the 1 rows in none.csv has a score; check"),
    "nan.csv": ("path,score\na/1.png,nan\n", "None of the 1 rows in nan.csv has a score; check"),
    "broken.parquet": ("PAR", "is no Parquet file that can be read: "),
    "rows.xlsx": ("PK", "is a workbook of a spreadsheet program"),
    "rows.txt": (
        "path,score\n",
        "'rows.txt' ends in '.txt', which is no format of rows. Choose one of: .csv",
    ),
    "one.csv": ("path,score\na/1.png,1\na/2.png,1\n", "All 2 rows are of one patient, 'a', by the folder"),
    "few.csv": ("path,score\na/1.png,1\nb/2.png,1\n", "Only 0 of 2 patients of the stream have 20 scored"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_that_cannot_be_used_is_refused_with_one_sentence(name, bundle, tmp_path):
    text, sentence = TEXTS[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError) as refused:
        monitor(bundle, [tmp_path / name], Watch())
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


ROWS = {
    "inf.csv": (
        "path,score\na/1.png,1\na/2.png,inf\n",
        "row 3: the score is 'inf', which is no finite number",
    ),
    "text.csv": ("path,score\na/1.png,high\n", "row 2: the score is 'high', which is no finite number"),
    "short.csv": ("path,score\na/1.png\n", "row 2: it has 1 cells where the headings are 2"),
    "nameless.csv": ("path,score\n,1\n", "row 2: the path is '', which names no image"),
    "broken.jsonl": ('{"path": "a/1.png", "score": 1}\n{', "row 2: it is no JSON: "),
    "list.jsonl": ("[1]\n", "row 1: it is no JSON object"),
    "true.jsonl": ('{"path": "a/1.png", "score": true}\n', "row 1: the score is True, which is no finite"),
    "huge.jsonl": ('{"path": "a", "score": 1' + "0" * 400 + "}\n", "row 1: the score is 1000"),
    "both.csv": ("path,score\n,high\nb/1.png,inf\n", "both.csv has 3 faults to correct"),
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_that_cannot_be_used_are_told_with_their_numbers(name, bundle, tmp_path):
    text, fault = ROWS[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError) as refused:
        monitor(bundle, [tmp_path / name], Watch())
    assert fault in str(refused.value)


def test_one_odd_file_name_does_not_change_whose_the_others_are(bundle, written):
    scores, names = cells(1, count=8)
    file = written(scores, names, path="cells/C{number}_x.png")
    text = file.read_text(encoding="utf-8")
    for place in range(200):
        text = text.replace(f"cells/C{place}_x", f"cells/C{1 + place // 25}_{place}", 1)
    file.write_text(text.replace("C8_199", "overview"), encoding="utf-8")
    contents = monitor(bundle, [file], Watch())
    assert contents.patients == tuple(f"C{number}" for number in range(1, 9))
    assert contents.left_out == ("cells",)
    assert "(C and a number), and for 1 row that does not begin so, such as cells/overview.png, by" in said(
        contents
    )


def test_the_first_row_of_json_does_not_say_which_columns_there_are(bundle, written):
    file = written(*cells(1), name="rows.jsonl")
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(['{"path": "day/p000/x.png", "score": null}', *lines]), encoding="utf-8")
    assert read_scored([file]).columns.keys() == {"score", "p_value"}


def test_one_empty_cell_leaves_the_other_scores_as_they_are(written):
    scores, names = np.arange(100.0), np.repeat(["a", "b"], 50)
    whole = read_scored([written(scores, names)])
    scores[3] = np.nan
    holed = read_scored([written(scores, names)])
    np.testing.assert_array_equal(np.delete(holed.columns["score"], 3), np.delete(whole.columns["score"], 3))
    assert np.isnan(holed.columns["score"][3])


def test_rows_that_went_through_a_german_spreadsheet_are_read(written):
    file = written(np.array([1.25, 2.5]), ["a", "b"])
    text = file.read_text(encoding="utf-8").replace(",", ";").replace(".25", ",25").replace("2.5", "2,5")
    file.write_bytes(text.encode("utf-8-sig"))
    assert read_scored([file]).columns["score"].tolist() == [1.25, 2.5]


PRINTS = [f"{number:032x}" for number in range(200)]


def with_pictures(file, place, rows):
    """The rows of a file as JSON lines, each with the picture of this number."""
    table = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    lines = [json.dumps(row | {"picture": PRINTS[number]}) for row, number in zip(table, rows, strict=True)]
    place.write_text("\n".join(lines), encoding="utf-8")
    return place


def test_the_same_image_under_two_patients_is_told_first_of_all(bundle, written, tmp_path):
    scores, names = cells(1, count=4)
    pictures = [*range(99), 7]
    file = with_pictures(written(scores, names, "rows.jsonl"), tmp_path / "own.jsonl", pictures)
    first, second, *_ = sentences(monitor(bundle, [file], Watch()))
    assert first.startswith("THE SAME IMAGE UNDER TWO PATIENTS: 1 image is under more than one patient, ")
    assert "such as day/p000/7.png = day/p003/99.png; only the first counts" in first
    assert second.startswith("no evidence of drift")


def test_a_repeat_with_another_score_is_told(bundle, written, tmp_path):
    scores, names = cells(1, count=4)
    pictures = [*range(99), 98]
    file = with_pictures(written(scores, names, "rows.jsonl"), tmp_path / "own.jsonl", pictures)
    contents = monitor(bundle, [file], Watch())
    assert not contents.careful
    assert "1 row of an image that came before was not counted again." in contents.notes
    assert "1 of them have another score than before, such as day/p003/99.png with" in said(contents)


def test_an_image_that_failed_first_counts_where_it_has_a_score(bundle, written):
    scores, names = cells(1, count=4)
    failed = written(np.where(np.arange(100) == 3, np.nan, scores), names, "one.csv")
    found = read_scored([failed, written(scores, names, "two.csv")])
    assert not np.isnan(found.columns["score"]).any()
    assert (len(found), found.repeated) == (100, 100)


def test_pictures_that_a_spreadsheet_has_rounded_are_no_copies(tmp_path):
    (tmp_path / "rows.csv").write_text(
        "path,score,picture\na/1.png,1,1.23E+31\na/2.png,2,1.23E+31\n", encoding="utf-8"
    )
    assert read_scored([tmp_path / "rows.csv"]).repeated == 0


def test_a_file_that_is_not_there_is_refused(bundle, tmp_path):
    with pytest.raises(
        DatasetError, match=r"no_such\.csv cannot be read: No such file or directory. Check the path"
    ):
        monitor(bundle, [tmp_path / "no_such.csv"], Watch())


def test_rows_of_another_bundle_are_pointed_out_first(written):
    contents = monitor(bundle_of(*cells(0, level=3.0)), [written(*cells(1))], Watch())
    assert re.match(r"Careful: [0-9]+ of 750 p-values in the rows are not this bundle's", contents.notes[0])


@pytest.mark.parametrize("patients", [0, 9])
def test_a_bundle_with_few_calibration_patients_is_refused(patients, tmp_path):
    poor = bundle_of(*cells(0, count=patients))
    (tmp_path / "rows.jsonl").write_text(
        json.dumps({"path": "a/1", "score": 1}) + '\n{"path": "b/1"}', "utf-8"
    )
    with pytest.raises(
        DatasetError, match=f"{patients} of {patients} calibration patients .* but 10 must; 10 "
    ):
        monitor(poor, [tmp_path / "rows.jsonl"], Watch())


def test_calibration_patients_with_few_cells_are_refused_with_a_number_that_would_do(written):
    poor = bundle_of(*cells(0, each=12))
    with pytest.raises(
        DatasetError, match=r"Only 0 of 30 calibration patients .* but 10 must; give `cells=12`\."
    ):
        monitor(poor, [_without_p_values(written(*cells(1)))], Watch())


def _without_p_values(file: Path) -> Path:
    text = file.read_text(encoding="utf-8").replace("p_value", "p_of_old", 1)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("rate", [0, -0.1, 0.3, float("nan")])
def test_a_rate_that_leaves_no_room_for_watch_is_refused(rate):
    with pytest.raises(
        ConfigError, match=rf"false_alarm_rate must be a number above 0 and at most 0\.2, not {rate}"
    ):
        Watch(false_alarm_rate=rate)


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        ("(", "is no regular expression"),
        ("C", "has 0 groups; give it exactly one"),
        (r"(x)(y)", "has 2 groups; give it exactly one"),
    ],
)
def test_an_expression_that_finds_no_patient_is_refused(way, sentence, bundle, written):
    with pytest.raises(ConfigError, match=sentence):
        monitor(bundle, [written(*cells(1))], Watch(patients=way))


def test_paths_without_a_patient_are_refused_with_the_first(bundle, written):
    with pytest.raises(
        DatasetError, match=r"750 of 750 paths name no patient \(looked for '\(Q\)'\): day/p000/0"
    ):
        monitor(bundle, [written(*cells(1))], Watch(patients="(Q)"))
