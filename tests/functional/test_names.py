"""File names that are not UTF-8 go through every command, and tables that name them can be read again."""

import csv
import json
import os
import shutil

import pytest

ODD = os.fsdecode(b"k\xf6ln")
SHOWN = r"k\xf6ln"


@pytest.fixture
def odd_cells(own_cells):
    """The drawn cells under names in Latin-1."""
    try:
        for file in sorted(own_cells.rglob("*.png")):
            file.rename(file.with_stem(f"{file.stem}_{ODD}"))
    except (OSError, UnicodeError):
        pytest.skip("this file system takes UTF-8 names only")
    return own_cells


@pytest.fixture
def commands(odd_cells, recipes, bundle, tmp_path):
    """Each command that takes a folder of cells."""
    out = tmp_path / "out"
    return {
        "score": ("score", odd_cells, "--bundle", bundle),
        "train": ("train", recipes["pca"], "--data", odd_cells, "--out", out),
        "evaluate": ("evaluate", bundle, odd_cells, "--new-patients", "--out", out),
        "calibrate": ("calibrate", bundle, odd_cells, "--out", out),
        "compare": ("compare", recipes["pca"], "--seeds", "1", "--data", odd_cells, "--out", out),
        "demo": ("demo", "--config", recipes["pca"], "--data", odd_cells, "--out", out),
        "data check": ("data", "check", odd_cells),
        "data check --json": ("data", "check", odd_cells, "--json", "-"),
    }


COMMANDS = ["score", "train", "evaluate", "calibrate", "compare", "demo", "data check", "data check --json"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_names_that_are_not_utf8(call, commands, name):
    outcome = call(*commands[name])
    assert outcome.exit_code == 0, outcome.stderr


@pytest.mark.parametrize("name", ["score", "data check", "data check --json"])
def test_what_cannot_be_read_is_named_readably(process, commands, odd_cells, name):
    next(odd_cells.rglob("Uninfected/*.png")).write_bytes(b"no image")
    out, told = process(*commands[name], errors="strict").communicate()
    assert f"{SHOWN}.png is not an image" in (out + told).replace("\\\\", "\\")


def test_a_split_with_such_names_is_read_again(call, odd_cells, recipes, tmp_path):
    assert (
        call("train", recipes["pca"], "--data", odd_cells, "--out", tmp_path / "out" / "bundle").exit_code
        == 0
    )
    split = tmp_path / "out" / "split.csv"
    assert SHOWN in split.read_text(encoding="utf-8")
    again = call("evaluate", tmp_path / "out" / "bundle", odd_cells, "--out", tmp_path / "evaluated")
    assert again.exit_code == 0, again.stderr


def test_a_manifest_may_name_such_files_as_they_are_shown(call, odd_cells):
    files = sorted(odd_cells.rglob("Uninfected/*.png"))[:3]
    with (odd_cells / "cells.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("path", "label", "patient"))
        for number, place in enumerate(files):
            table.writerow((str(place.relative_to(odd_cells)).replace(ODD, SHOWN), 0, number))
    outcome = call("data", "check", odd_cells / "cells.csv", "--json", "-")
    assert json.loads(outcome.stdout)["healthy"] == 3, outcome.stderr


def test_smear_takes_such_photos(call, tmp_path, odd_cells):
    (tmp_path / "photos").mkdir()
    for place in sorted(odd_cells.rglob("Uninfected/*.png"))[:2]:
        shutil.copy(place, tmp_path / "photos")
    outcome = call("smear", tmp_path / "photos", "--out", tmp_path / "out", "--workers", "1")
    assert outcome.exit_code == 0, outcome.stderr
    told = json.loads((tmp_path / "out" / "smear.json").read_text(encoding="utf-8"))["photos"]
    assert all(SHOWN in photo["name"] for photo in told)
    assert all((tmp_path / "out" / photo["outlined"]).is_file() for photo in told)
