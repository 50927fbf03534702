"""Every mistake of a user gets one sentence on standard error and exit status 2, and never a traceback."""

import inspect

import pytest
import typer

from normocyte.cli.door import FAILED, STATUS, STOPPED, USAGE, door
from normocyte.core import errors

MISTAKES = {
    "an unknown command": "frobnicate",
    "an unknown option": "score {cells} --colour blue",
    "no path to score": "score --bundle {bundle}",
    "a missing path to score": "score {tmp}/nowhere --bundle {bundle}",
    "an empty folder to score": "score {tmp}/empty --bundle {bundle}",
    "a zip that is none": "score {tmp}/text.zip --bundle {bundle}",
    "a missing bundle": "score {cells} --bundle {tmp}/nowhere",
    "a folder that is no bundle": "score {cells} --bundle {cells}",
    "a file as a bundle": "score {cells} --bundle {tmp}/text.zip",
    "fewer than no workers": "score {cells} --bundle {bundle} --workers -1",
    "a number in words": "score {cells} --bundle {bundle} --workers two",
    "rows of an unknown form": "score {cells} --bundle {bundle} --output rows.xlsx",
    "rows below a file": "score {cells} --bundle {bundle} --output {tmp}/text.zip/rows.csv",
    "Parquet rows below a file": "score {cells} --bundle {bundle} --output {tmp}/text.zip/rows.parquet",
    "rows in place of a folder": "score {cells} --bundle {bundle} --output {tmp}/folder.csv",
    "an unknown configuration": "train nonsense --out {tmp}/b",
    "a configuration that is a folder": "train {tmp}/empty --out {tmp}/b",
    "a configuration that is no TOML": "train {tmp}/text.toml --data {cells} --out {tmp}/b",
    "a missing configuration": "train {tmp}/nowhere.toml --out {tmp}/b",
    "no place for the bundle": "train {pca}",
    "a seed below zero": "train {pca} --data {cells} --out {tmp}/b --seed -1",
    "missing data to train on": "train {pca} --data {tmp}/nowhere --out {tmp}/b",
    "data in folders without meaning": "evaluate shipped {cells}/cell_images/Uninfected --out {tmp}/r",
    "a manifest without its columns": "train {pca} --data {tmp}/wrong.csv --out {tmp}/b",
    "missing data to demonstrate on": "demo --data {tmp}/nowhere --out {tmp}/d",
    "an unknown configuration to demonstrate": "demo --config nonsense --out {tmp}/d",
    "a file in place of the demo's folder": "demo --config {pca} --data {cells} --out {tmp}/text.zip",
    "no place for the report": "evaluate {bundle} {cells}",
    "a report in place of a file": "evaluate {bundle} {cells} --out {tmp}/text.zip",
    "a missing bundle to evaluate": "evaluate {tmp}/nowhere {cells} --out {tmp}/r",
    "missing data to evaluate on": "evaluate {bundle} {tmp}/nowhere --out {tmp}/r",
    "a missing bundle to calibrate": "calibrate {tmp}/nowhere {cells} --out {tmp}/c",
    "missing cells to calibrate on": "calibrate {bundle} {tmp}/nowhere --out {tmp}/c",
    "no place for the calibrated bundle": "calibrate {bundle} {cells}",
    "an unknown rule to calibrate": "calibrate {bundle} {cells} --rule nonsense --out {tmp}/c",
    "missing rows to monitor": "monitor {bundle} {tmp}/nowhere.csv",
    "cells in place of rows to monitor": "monitor {bundle} {cells}",
    "a missing bundle to monitor": "monitor {tmp}/nowhere {tmp}/wrong.csv",
    "a missing bundle to show": "info {tmp}/nowhere",
    "missing data to check": "data check {tmp}/nowhere",
    "an empty folder to check": "data check {tmp}/empty",
    "an unknown set to make": "data make holograms --to {tmp}/m",
    "no cells to make": "data make synthetic --to {tmp}/m --cells 0",
    "more patients than cells": "data make synthetic --to {tmp}/m --cells 4 --patients 9",
    "cells to make in a folder of somebody else": "data make synthetic --to {tmp} --cells 20 --patients 4",
    "an unknown set to download": "data download holograms",
    "no set to download": "data download",
}


@pytest.fixture
def words(request, tmp_path, cells, bundle, recipes):
    """The words of a mistaken command line, and a folder in which everything that it needs stands."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "text.zip").write_text("no zip", encoding="utf-8")
    (tmp_path / "text.toml").write_text("this is no TOML", encoding="utf-8")
    (tmp_path / "wrong.csv").write_text("file,kind\na.png,healthy\n", encoding="utf-8")
    places = {"tmp": tmp_path, "cells": cells, "bundle": bundle, "pca": recipes["pca"]}
    return [word.format(**places) for word in MISTAKES[request.param].split()]


@pytest.mark.parametrize("words", MISTAKES, indirect=True)
def test_this_mistake_gets_a_sentence_and_status_2(words, call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    outcome = call(*words)
    assert outcome.exit_code == 2, outcome.output
    assert outcome.stdout == ""
    assert "Error" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert len(outcome.stderr) < 1500


@pytest.mark.parametrize("words", MISTAKES, indirect=True)
def test_this_mistake_leaves_the_folder_as_it_was(words, call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")}
    call(*words)
    after = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")}
    assert {path: after.get(path) for path in before} == before
    assert not [path for path in after if ".part" in path.name]


KINDS = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.NormocyteError)
]


def _made(kind):
    return kind("polars", "fast") if kind is errors.MissingExtraError else kind("It went wrong.")


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_ends_with_the_status_of_the_table_and_its_sentence(kind, capsys):
    error = _made(kind)

    @door
    def command():
        raise error

    with pytest.raises(typer.Exit) as ending:
        command()
    assert ending.value.exit_code == STATUS.get(kind, FAILED)
    assert capsys.readouterr().err.removeprefix("Error: ") == f"{error}\n"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.ConfigError, USAGE),
        (errors.DatasetError, USAGE),
        (errors.BundleError, USAGE),
        (errors.OutputError, USAGE),
        (errors.MissingExtraError, USAGE),
        (errors.TrainingError, FAILED),
        (errors.DownloadError, FAILED),
        (errors.ImageError, FAILED),
        (errors.Interrupted, STOPPED),
    ],
)
def test_what_a_user_must_change_is_2_a_failure_1_and_a_stop_130(kind, status):
    assert STATUS.get(kind, FAILED) == status


def test_ctrl_c_anywhere_is_a_stop(capsys):
    @door
    def command():
        raise KeyboardInterrupt

    with pytest.raises(typer.Exit) as ending:
        command()
    assert ending.value.exit_code == STOPPED
    assert capsys.readouterr().err.startswith("Stopped.")


def test_a_bug_is_never_hidden():
    @door
    def command():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        command()
