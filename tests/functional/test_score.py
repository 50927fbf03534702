"""Scoring through the command line: rows of every form, and nothing lost when images are bad."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from normocyte.core.errors import MissingExtraError
from normocyte.core.types import Source
from normocyte.false_discovery.benjamini_hochberg import BenjaminiHochberg
from normocyte.images.reading import read
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.pipeline.bundle.folder import SHIPPED, bundle_folder

COLUMNS = ["path", "score", "flagged", "p_value", "verdict", "error", "picture"]
LIST_MODULES = """
import sys
from normocyte.cli.app import app
app(sys.argv[1:], standalone_mode=False)
print(*sys.modules)
"""


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def score(call, bundle):
    """Scores paths with the bundle of the demo."""
    return lambda *arguments: call("score", *arguments, "--bundle", bundle)


@pytest.fixture
def one(cells):
    """One drawn cell."""
    return sorted(cells.rglob("*.png"))[0]


@pytest.fixture
def broken(tmp_path):
    """A text file called .png."""
    path = tmp_path / "broken.png"
    path.write_text("no image", encoding="utf-8")
    return path


def test_a_manifest_names_the_cells(score, cells, tmp_path):
    files = sorted(cells.rglob("*.png"))[:5]
    lines = [os.path.relpath(file, tmp_path) for file in files]
    (tmp_path / "cells.csv").write_text("\n".join(["path", *lines]), encoding="utf-8")
    rows = table(score(tmp_path / "cells.csv", files[0]).stdout)  # which counts once
    assert [Path(row["path"]).name for row in rows] == [file.name for file in files]


def test_a_manifest_with_a_path_of_nothing_is_refused_with_its_row(score, tmp_path):
    (tmp_path / "cells.csv").write_text("path,label\nnowhere.png,0\n", encoding="utf-8")
    outcome = score(tmp_path / "cells.csv")
    assert outcome.exit_code == 2
    assert "row 2: there is no file 'nowhere.png'" in outcome.stderr


def test_rows_never_take_the_place_of_what_is_scored(score, cells, one, tmp_path):
    manifest = tmp_path / "cells.csv"
    manifest.write_text(f"path\n{one}\n", encoding="utf-8")
    outcome = score(manifest, "--output", tmp_path / "x" / ".." / "cells.csv")
    assert outcome.exit_code == 2
    assert "its rows cannot take its place; choose another file" in outcome.stderr
    assert manifest.read_text(encoding="utf-8") == f"path\n{one}\n"


def test_a_table_without_a_path_is_no_manifest(score, tmp_path):
    (tmp_path / "cells.csv").write_text("name,label\na,0\n", encoding="utf-8")
    assert "has no column path, but name, label" in score(tmp_path / "cells.csv").stderr


def test_an_image_that_is_called_as_a_table_is_an_image(score, one, tmp_path):
    place = shutil.copy(one, tmp_path / "cell.txt")
    assert table(score(place).stdout)[0]["verdict"] in {"healthy", "suspicious"}


def test_what_has_no_verdict_is_neither_flagged_nor_not(score, broken, one, tmp_path):
    rows = table(score(broken, one).stdout)
    assert [row["flagged"] for row in rows] == ["", rows[1]["flagged"]]
    assert rows[1]["flagged"] in {"true", "false"}
    score(broken, "--output", tmp_path / "rows.jsonl")
    assert json.loads((tmp_path / "rows.jsonl").read_text())["flagged"] is None


def test_rows_go_to_the_screen_as_csv(score, cells):
    outcome = score(cells)
    assert outcome.exit_code == 0
    rows = table(outcome.stdout)
    assert list(rows[0]) == COLUMNS
    assert len(rows) == 160
    counted, guarantee = outcome.stderr.splitlines()
    flagged = sum(row["flagged"] == "true" for row in rows)
    assert counted == f"160 scored, {flagged} flagged, 0 not assessable, 0 failed"
    assert guarantee.startswith("10 % needs 9 cells: On average, at most 17 % of healthy cells are flagged")


def test_another_false_positive_rate_moves_the_cut_and_nothing_else(score, cells):
    strict, lax = (table(score(cells, "--false-positive-rate", rate).stdout) for rate in (0.02, 0.5))
    assert [row["score"] for row in strict] == [row["score"] for row in lax]
    assert [row["p_value"] for row in strict] == [row["p_value"] for row in lax]
    flagged = [sum(row["flagged"] == "true" for row in rows) for rows in (strict, lax)]
    assert flagged[0] < flagged[1]


@pytest.mark.parametrize("rate", [0, 1, 2, -0.1])
def test_a_rate_that_is_no_share_is_refused(rate, score, cells):
    outcome = score(cells, f"--false-positive-rate={rate}")
    assert outcome.exit_code == 2
    assert f"false_positive_rate must be a number above 0 and below 1, not {float(rate)!r}" in outcome.stderr
    assert outcome.stdout == ""


def test_a_false_discovery_rate_flags_a_list_and_says_what_it_states(score, cells):
    plain, listed = (table(score(cells, *more).stdout) for more in ((), ("--false-discovery-rate", 0.8)))
    assert [row["p_value"] for row in plain] == [row["p_value"] for row in listed]
    p_values = np.array([float(row["p_value"]) for row in listed])
    flagged = [row["flagged"] == "true" for row in listed]
    assert any(flagged)
    assert flagged == BenjaminiHochberg(0.8).select(p_values).tolist()
    said = score(cells, "--false-discovery-rate", 0.8).stderr
    assert f"160 scored, {sum(flagged)} flagged, 0 not assessable, 0 failed" in said
    assert "at most 80 % of the cells selected among 160 are healthy" in said
    assert "of 160 cells are anomalous, with 95 % confidence" in said


def test_a_smear_that_its_own_cells_cannot_judge_keeps_its_rows(score, cells):
    healthy = cells / "cell_images" / "Uninfected"
    outcome = score(healthy, "--own-null", "--false-positive-rate", 0.2)
    assert outcome.exit_code == 1
    assert "empirical_null needs" in outcome.stderr
    assert "The rows hold the bundle's own decisions" in outcome.stderr
    assert outcome.stdout == score(healthy).stdout


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--false-discovery-rate", 2], "false_discovery_rate must be a number above 0 and below 1, not 2.0"),
        (["--false-discovery-rate", 0.1, "--listed-by", "guess"], "no false-discovery rule called 'guess'"),
        (["--false-discovery-rate", 0.1, "--false-positive-rate", 0.1], "two ways to decide; give one"),
        (["--false-discovery-rate", 0.1, "--maps", "maps"], "decide after it; give only one of them"),
    ],
)
def test_lists_that_cannot_be_made_are_refused(options, sentence, score, cells):
    outcome = score(cells, *options)
    assert outcome.exit_code == 2
    assert sentence in outcome.stderr
    assert outcome.stdout == ""


READERS = {
    "csv": pd.read_csv,
    "jsonl": lambda path: pd.read_json(path, lines=True),
    "ndjson": lambda path: pd.read_json(path, lines=True),
    "parquet": pd.read_parquet,
}


@pytest.mark.parametrize("ending", READERS)
def test_the_ending_chooses_the_form(ending, score, cells, tmp_path):
    path = tmp_path / f"rows.{ending}"
    assert score(cells, "--output", path).exit_code == 0
    rows = READERS[ending](path)
    assert list(rows.columns) == COLUMNS
    assert rows["flagged"].dtype == bool
    assert rows["score"].notna().all()
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["rows.txt", "rows.csv.gz", "rows", ".csv"])
def test_another_ending_is_refused_with_the_known_ones(name, score, cells, tmp_path):
    outcome = score(cells, "--output", tmp_path / name)
    assert outcome.exit_code == 2
    assert "Choose one of: .csv, .jsonl, .ndjson, .parquet" in outcome.stderr


def test_without_a_bundle_the_one_that_comes_along_scores(call, one):
    outcome = call("score", one)
    verdict = load_bundle(bundle_folder(Path(SHIPPED))).pipeline.verdicts([read(Source(one))])[0]
    assert outcome.exit_code == 0
    assert float(table(outcome.stdout)[0]["score"]) == pytest.approx(verdict.score, abs=1e-5)


def test_files_folders_and_zips_may_be_mixed_and_each_image_is_scored_once(score, cells, zipped, one):
    rows = table(score(one, cells, zipped, one).stdout)
    assert len(rows) == 320
    assert rows[0]["path"] == str(one)


def test_a_zip_gives_the_scores_of_its_folder(score, cells, zipped):
    in_folder, in_zip = (table(score(path).stdout) for path in (cells, zipped))
    assert [row["score"] for row in in_folder] == [row["score"] for row in in_zip]


def test_a_broken_image_becomes_a_row_with_an_error_and_the_rest_goes_on(score, broken, one):
    outcome = score(one, broken, one.with_name(one.name))
    rows = table(outcome.stdout)
    assert outcome.exit_code == 1
    assert [bool(row["error"]) for row in rows] == [False, True]
    assert rows[1] | {"error": ""} == {
        "path": str(broken),
        "score": "",
        "flagged": "",
        "p_value": "",
        "verdict": "not assessable",
        "error": "",
        "picture": "",
    }
    assert "broken.png is not an image" in rows[1]["error"]


BAD = {
    "zero bytes": b"",
    "text": b"hello",
    "truncated": cv2.imencode(".png", np.zeros((40, 40, 3), np.uint8))[1].tobytes()[:60],
    "one pixel": cv2.imencode(".png", np.zeros((1, 1, 3), np.uint8))[1].tobytes(),
    "all black": cv2.imencode(".png", np.zeros((40, 40, 3), np.uint8))[1].tobytes(),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_image_never_stops_the_others(kind, score, one, tmp_path):
    (tmp_path / "bad.png").write_bytes(BAD[kind])
    outcome = score(tmp_path / "bad.png", one)
    rows = table(outcome.stdout)
    assert "Traceback" not in outcome.stderr
    assert len(rows) == 2
    assert rows[1]["score"]
    assert outcome.exit_code == int(bool(rows[0]["error"]))


GOOD = {
    "gray": np.full((60, 60), 200, np.uint8),
    "16 bits": np.full((60, 60, 3), 40_000, np.uint16),
    "alpha": np.full((60, 60, 4), 200, np.uint8),
}


@pytest.mark.parametrize("kind", GOOD)
def test_unusual_pixels_get_a_row(kind, score, tmp_path):
    cv2.imwrite(str(tmp_path / "cell.png"), GOOD[kind])
    outcome = score(tmp_path / "cell.png")
    (row,) = table(outcome.stdout)
    assert (row["score"] == "") == (row["error"] != "") == (outcome.exit_code == 1)


def test_json_lines_say_null_where_csv_says_nothing(score, broken, tmp_path):
    score(broken, "--output", tmp_path / "rows.jsonl")
    row = json.loads((tmp_path / "rows.jsonl").read_text(encoding="utf-8"))
    assert (row["score"], row["p_value"], row["flagged"]) == (None, None, None)


def test_a_name_that_is_no_utf8_is_written_with_its_odd_bytes_spelled_out(score, one, tmp_path):
    odd = tmp_path / "caf\udce9.png"
    try:
        shutil.copy(one, odd)
    except (OSError, UnicodeError):
        pytest.skip("this file system takes UTF-8 names only")
    outcome = score(tmp_path, "--output", tmp_path / "rows.jsonl")
    assert outcome.exit_code == 0
    row = json.loads((tmp_path / "rows.jsonl").read_text(encoding="utf-8"))
    assert row["path"].endswith("caf\\xe9.png")


@pytest.mark.parametrize("name", ["a,b.png", 'say "hi".png', "line\nbreak.png", "ünï.png"])
def test_any_name_comes_back_from_the_csv(name, score, one, tmp_path):
    shutil.copy(one, tmp_path / name)
    score(tmp_path, "--output", tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as file:
        assert [row["path"] for row in csv.DictReader(file)] == [str(tmp_path / name)]


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_one_process_and_two_give_the_same_bytes(form, score, cells, tmp_path):
    for workers in (1, 2):
        score(cells, "--output", tmp_path / f"{workers}.{form}", "--workers", workers)
    assert (tmp_path / f"1.{form}").read_bytes() == (tmp_path / f"2.{form}").read_bytes()


def test_a_missing_bundle_gets_a_sentence_that_says_how_to_make_one(call, cells, tmp_path):
    outcome = call("score", cells, "--bundle", tmp_path / "nowhere")
    assert outcome.exit_code == 2
    assert "Give a folder made by normocyte new, train or demo" in outcome.stderr


def _altered(folder):
    (folder / "network.onnx").write_bytes((folder / "network.onnx").read_bytes()[:-1] + b"x")


def _incomplete(folder):
    (folder / "calibration.npz").unlink()


def _newer(folder):
    path = folder / "bundle.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"schema": 2', '"schema": 99'), encoding="utf-8")


def _damaged(folder):
    (folder / "bundle.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_altered, "was altered: network.onnx"),
        (_incomplete, "is incomplete: calibration.npz"),
        (_newer, "has bundle format 99"),
        (_damaged, "is damaged"),
    ],
)
def test_a_spoilt_bundle_is_refused(spoil, sentence, call, cells, bundle, tmp_path):
    spoil(shutil.copytree(bundle, tmp_path / "bundle"))
    outcome = call("score", cells, "--bundle", tmp_path / "bundle")
    assert outcome.exit_code == 2
    assert sentence in outcome.stderr
    assert outcome.stdout == ""


def test_parquet_without_its_package_gives_the_install_line(score, one, tmp_path, monkeypatch):
    def missing(package, extra):
        raise MissingExtraError(package, extra)

    monkeypatch.setattr("normocyte.tables.writing.needs", missing)
    outcome = score(one, "--output", tmp_path / "rows.parquet")
    assert outcome.exit_code == 2
    assert "pip install 'normocyte[parquet]'" in outcome.stderr


def test_an_old_file_stays_when_scoring_fails(call, one, tmp_path):
    (tmp_path / "rows.csv").write_text("last week", encoding="utf-8")
    call("score", one, "--bundle", tmp_path / "nowhere", "--output", tmp_path / "rows.csv")
    assert (tmp_path / "rows.csv").read_text(encoding="utf-8") == "last week"


def test_a_cell_has_one_score_wherever_it_is_asked_for(score, bundle, demonstrated):
    with (demonstrated / "report" / "scores.csv").open(encoding="utf-8", newline="") as file:
        reported = list(csv.DictReader(file))
    paths = [row["path"] for row in reported]
    scored = table(score(*paths).stdout)
    verdicts = load_bundle(bundle).pipeline.verdicts([read(Source(type(bundle)(path))) for path in paths])
    for column in ("path", "flagged", "p_value", "score"):
        assert [row[column] for row in scored] == [row[column] for row in reported]
    assert [float(row["score"]) for row in scored] == [verdict.score for verdict in verdicts]


@pytest.fixture(scope="module")
def network(call, cells, recipes, tmp_path_factory):
    """A bundle whose network Keras has learnt."""
    out = tmp_path_factory.mktemp("network") / "bundle"
    assert call("train", recipes["network"], "--data", cells, "--out", out).exit_code == 0
    return out


def test_scoring_a_keras_network_imports_neither_keras_nor_tensorflow(network, one, environment):
    words = [sys.executable, "-c", LIST_MODULES, "score", str(one), "--bundle", str(network)]
    said = subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout
    modules = set(said.splitlines()[-1].split())
    assert "onnxruntime" in modules
    assert not modules & {"tensorflow", "keras", "sklearn", "matplotlib", "pandas", "pyarrow"}


def test_a_keras_network_gives_each_cell_the_same_score_alone_and_among_others(call, network, cells, one):
    alone = table(call("score", one, "--bundle", network).stdout)
    among = table(call("score", cells, "--bundle", network).stdout)
    assert float(alone[0]["score"]) == pytest.approx(float(among[0]["score"]), rel=1e-6)
