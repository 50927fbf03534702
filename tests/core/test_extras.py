"""Optional packages: imported when they are there, answered with an install line when not."""

import json
import pickle

import pytest

from normocyte.core.errors import MissingExtraError, check_installed, needs


def test_an_installed_package_is_imported():
    assert needs("json", "train") is json


def test_a_missing_package_is_answered_with_its_name_and_the_install_line():
    with pytest.raises(MissingExtraError, match=r"'no_such_package'.*pip install 'normocyte\[parquet\]'"):
        needs("no_such_package", "parquet")


def test_the_error_tells_a_door_which_package_and_which_extra():
    with pytest.raises(MissingExtraError) as caught:
        needs("no_such_package", "parquet")
    assert (caught.value.package, caught.value.extra) == ("no_such_package", "parquet")


def test_a_fault_inside_a_package_is_not_mistaken_for_a_missing_one(tmp_path, monkeypatch):
    (tmp_path / "broken_package.py").write_text("raise ValueError('broken')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match="broken"):
        needs("broken_package", "train")


def test_what_is_installed_passes_the_check():
    check_installed("json", "train")


def test_a_missing_package_is_told_before_it_is_imported():
    with pytest.raises(MissingExtraError, match=r"'no_such_package'.*pip install 'normocyte\[train\]'"):
        check_installed("no_such_package", "train")


def test_the_error_comes_back_whole_from_another_process():
    error = pickle.loads(pickle.dumps(MissingExtraError("tensorflow", "train")))
    assert (str(error), error.package) == (str(MissingExtraError("tensorflow", "train")), "tensorflow")
