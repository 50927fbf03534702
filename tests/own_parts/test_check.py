"""One command runs the exam of its kind on each part of a folder: those of the how-to guides pass it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from normocyte.cli.app import app
from normocyte.core import errors
from normocyte.workflows import parts

GUIDES = Path(__file__).parents[2] / "docs" / "how-to"
PARTS = {
    "detectors/mean_cell": "add-a-detector.md",
    "metrics/mcc": "add-a-metric.md",
    "datasets/patient_folders": "add-a-data-set.md",
    "scores/loudest": "own-parts.md",
}


def source(part):
    return re.search(r"```python\n(.*?)```", (GUIDES / PARTS[part]).read_text(encoding="utf-8"), re.DOTALL)[1]


def write(folder, part, text):
    path = folder / f"{part}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def checked(tmp_path, own_parts_forgotten):
    """Runs the command on own parts and gives exit status, what was printed and what was written."""

    def run(files, *options):
        for part, text in files.items():
            write(tmp_path / "my_parts", part, text)
        call = ["parts", "check", tmp_path / "my_parts", "--json", tmp_path / "out.json", *options]
        outcome = CliRunner().invoke(app, [str(word) for word in call], catch_exceptions=False)
        written = tmp_path / "out.json"
        return outcome, json.loads(written.read_text(encoding="utf-8")) if written.exists() else {}

    return run


@pytest.fixture
def patients(tmp_path):
    """A small data set of ten patients in the layout of the guide's reader."""
    for place, name in enumerate("abcdefghij"):
        for number, kind in enumerate(("negative", "positive") if place % 2 else ("negative",)):
            path = tmp_path / "set" / name / kind / "1.png"
            path.parent.mkdir(parents=True)
            cv2.imwrite(str(path), np.full((20, 20, 3), 20 * place + number, np.uint8))
    return tmp_path / "set"


def test_the_parts_of_the_guides_pass_whatever_pytest_is_set_to_around_them(checked, patients, tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    outcome, written = checked({part: source(part) for part in PARTS}, "--data", patients)
    assert outcome.exit_code == 0, outcome.stdout
    assert re.findall(r"^(\S+): all \d\d checks passed$", outcome.stdout, re.MULTILINE) == sorted(PARTS)
    assert written["is_sound"]
    assert (
        re.search(r"```text\n(.*?)```", (GUIDES / "own-parts.md").read_text(encoding="utf-8"), re.DOTALL)[1]
        in outcome.stdout
    )


def test_what_does_not_hold_is_said_in_words_and_a_broken_part_is_named(checked):
    blind = source("detectors/mean_cell").replace("return signed_residual(", "return 0 * signed_residual(")
    plain = re.sub(r"described\(1\.0.*\)", "1.0", source("scores/loudest"))
    files = {"detectors/mean_cell": blind, "scores/broken": "x = (1", "scores/loudest": plain}
    outcome, written = checked(files)
    assert outcome.exit_code == 1
    assert "is left out: line 1, SyntaxError: '(' was never closed." in outcome.stdout
    assert "does not hold: an infected cell is stranger than a healthy one (assert 0.0 >= " in outcome.stdout
    assert "does not hold: every field is declared with its meaning" in outcome.stdout
    assert [(part["part"], part["is_sound"]) for part in written["parts"]] == [(one, False) for one in files]


def test_a_metric_with_the_key_of_another_or_a_figure_for_an_array_is_to_blame_and_no_other(checked):
    mcc = source("metrics/mcc")
    other = mcc.replace("class Mcc", "class Other").replace('TableRow("mcc"', 'TableRow("auroc"')
    single = re.sub(r"return ratio\(.*\n", "return 0.5\n", other)
    outcome, written = checked({"metrics/mcc": mcc, "metrics/other": single})
    assert "its key 'auroc' is one of the metric auroc, too; choose another" in outcome.stdout
    assert "gave a value of the type float; give an array of 1 figures" in outcome.stdout
    assert [one["is_sound"] for one in written["parts"]] == [True, False]


def test_a_reader_without_data_is_not_checked(checked):
    outcome, written = checked({"datasets/patient_folders": source("datasets/patient_folders")})
    assert outcome.exit_code == 1
    assert "It was not checked: give a small data set that it reads, with --data." in outcome.stdout
    assert not written["is_sound"]


def test_a_part_that_ends_its_process_is_named(checked):
    deadly = source("metrics/mcc").replace(
        "        tp, fp", "        import os\n        os._exit(7)\n        tp, fp"
    )
    outcome, _ = checked({"metrics/mcc": deadly})
    assert outcome.exit_code == 1
    assert "metrics/mcc: Its test stopped early (exit status 7): " in outcome.stdout


def test_without_the_extra_it_says_what_to_install(checked, monkeypatch):
    def absent(package, extra):
        raise errors.MissingExtraError(package, extra)

    monkeypatch.setattr(parts, "check_installed", absent)
    outcome, _ = checked({"metrics/mcc": source("metrics/mcc")})
    assert outcome.exit_code == 2
    assert "pip install 'normocyte[exam]'" in outcome.stderr


def test_a_folder_that_is_none_is_refused(checked, tmp_path):
    outcome, _ = checked({"detektors/blobs": ""})
    assert outcome.exit_code == 2
    assert "Did you mean detectors?" in outcome.stderr


def test_own_metrics_and_readers_are_used_by_the_command_that_is_given_the_folder(patients, tmp_path):
    for part in ("metrics/mcc", "datasets/patient_folders"):
        write(tmp_path / "my_parts", part, source(part))
    call = [sys.executable, "-m", "normocyte", "data", "check", str(patients), "--plugins", "my_parts"]
    told = subprocess.run(call, capture_output=True, text=True, cwd=tmp_path, env=os.environ, check=False)
    assert told.returncode == 0, told.stderr
    assert "Own parts are loaded from my_parts: datasets/patient_folders, metrics/mcc." in told.stderr
    assert "patient_folders" in told.stdout
