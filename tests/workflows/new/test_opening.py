"""Healthy and anomalous images of anything, opened as one set."""

import numpy as np
import pytest
from PIL import Image

from normocyte.core.errors import DatasetError
from normocyte.core.progress import Silent
from normocyte.core.types import HEALTHY
from normocyte.engine.copies import with_copies
from normocyte.workflows.new import opening
from normocyte.workflows.new.opening import called, fewer, opened


def draw(folder, count, seed=0):
    folder.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    for number in range(count):
        Image.fromarray(rng.integers(0, 255, (12, 12), np.uint8)).save(folder / f"{number:02}.png")
    return folder


def labels(found):
    return [record.label for record in found.cohort.records]


def test_folders_of_both_kinds_give_one_labelled_set_named_after_the_anomaly(tmp_path):
    found = opened(draw(tmp_path / "well", 8), [draw(tmp_path / "Tumour", 3, 1)], "")
    assert sorted(labels(found)) == [0] * 8 + [1] * 3
    assert found.cohort.words.anomaly == "tumour"
    assert not found.cohort.are_patients_known


def test_a_folder_name_of_several_words_is_not_put_into_sentences(tmp_path):
    found = opened(draw(tmp_path / "a", 8), [draw(tmp_path / "set_2 final", 3, 1)], "")
    assert found.cohort.words.anomaly == "anomalous"


def test_both_kinds_in_one_folder_are_told_apart_by_its_subfolders(tmp_path):
    draw(tmp_path / "healthy", 8)
    draw(tmp_path / "spotted", 3, 1)
    found = opened(tmp_path, [], "")
    assert sorted(labels(found)) == [0] * 8 + [1] * 3
    assert "the 3 others are taken as anomalous" in found.told[0]
    assert found.cohort.words.anomaly == "spotted"


def test_a_few_subfolders_that_may_be_classes_are_not_taken_for_healthy_patients(tmp_path):
    for number, name in enumerate(("glioma", "notumor", "pituitary")):
        draw(tmp_path / name, 5, number)
    with pytest.raises(DatasetError, match=r"3 folders \(glioma, notumor, pituitary\), and nothing tells"):
        opened(tmp_path, [], "")
    assert {record.patient for record in opened(tmp_path, [], "folder").cohort.records} == {
        "glioma",
        "notumor",
        "pituitary",
    }


def test_a_few_subfolders_are_no_question_where_anomalous_images_are_given_apart(tmp_path):
    for number in range(3):
        draw(tmp_path / "healthy" / f"p{number}", 5, number)
        draw(tmp_path / "others" / f"q{number}", 2, number)
    found = opened(tmp_path / "healthy", [tmp_path / "others"], "").cohort
    assert [record.label for record in found.records].count(HEALTHY) == 15
    assert len({record.patient for record in found.records}) == 6


def test_file_names_of_several_kinds_are_told_unless_the_others_are_given_as_anomalous(tmp_path):
    folder = draw(tmp_path / "all", 8)
    for number in range(8):
        (folder / f"{number:02}.png").rename(folder / f"healthy-{number}.png")
    others = draw(folder / "glioma", 3, 1)
    for number in range(3):
        (others / f"{number:02}.png").rename(others / f"glioma-{number}.png")
    (told,) = opened(folder, [], "").cohort.left_out
    assert told.startswith("File names say different things: 'healthy' (8), 'glioma' (3). All 11 images")
    assert not opened(folder, [others], "").cohort.left_out


def test_many_subfolders_are_patients(tmp_path):
    for number in range(10):
        draw(tmp_path / f"p{number}", 2, number)
    assert len({record.patient for record in opened(tmp_path, [], "").cohort.records}) == 10


def test_a_table_of_both_kinds_is_no_folder_and_no_name_of_an_anomaly(tmp_path):
    draw(tmp_path / "all", 11)
    rows = [f"all/{number:02}.png,{'healthy' if number < 8 else 'anomaly'},p{number}" for number in range(11)]
    table = tmp_path / "m.csv"
    table.write_text("\n".join(["path,label,patient", *rows]), encoding="utf-8")
    found = opened(table, [], "")
    assert "8 are named as healthy, and the 3 others" in found.told[0]
    assert found.cohort.words.anomaly == "anomalous"


def test_an_anomalous_folder_below_the_healthy_one_counts_as_anomalous(tmp_path):
    healthy = draw(tmp_path / "all", 8)
    found = opened(healthy, [draw(healthy / "bad", 3, 1)], "")
    assert sorted(labels(found)) == [0] * 8 + [1] * 3
    assert "counted as such: 3 images" in found.told[0]


def test_the_same_images_as_healthy_and_as_anomalous_are_refused(tmp_path):
    folder = draw(tmp_path / "all", 8)
    with pytest.raises(DatasetError, match=r"All 8 images .* are given as healthy and as anomalous"):
        opened(folder, [folder], "")


def test_an_image_that_stands_in_both_folders_is_named_and_does_not_count(tmp_path):
    healthy, bad = draw(tmp_path / "a", 8), draw(tmp_path / "b", 3, 1)
    (bad / "same.png").write_bytes((healthy / "03.png").read_bytes())
    cohort = with_copies(opened(healthy, [bad], "").cohort, Silent())
    assert "LABELS CONTRADICT EACH OTHER" in cohort.warnings[0]
    assert "03.png" in cohort.warnings[0]


def test_too_few_images_are_refused_with_how_many_are_needed(tmp_path):
    with pytest.raises(DatasetError, match=r"There are 3 healthy images in .* at least 6"):
        opened(draw(tmp_path / "a", 3), [], "")


def test_of_very_many_images_some_are_used_and_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "MOST_HEALTHY", 10)
    cohort = opened(draw(tmp_path / "a", 14), [draw(tmp_path / "b", 3, 1)], "").cohort
    less = fewer(cohort, seed=0)
    assert sorted(record.label for record in less.records) == [0] * 10 + [1] * 3
    assert less.cautions[-1].startswith("10 of 14 healthy images are used")
    assert fewer(cohort, seed=0).records == less.records


def test_images_are_called_cells_only_where_they_show_red_cells(tmp_path):
    cohort = opened(draw(tmp_path / "a", 8), [], "").cohort
    assert called(cohort, are_red_cells=False).words.thing == "image"
    assert called(cohort, are_red_cells=True).words.thing == "cell"
