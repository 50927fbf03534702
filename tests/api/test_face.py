"""One screen of names: what they take, what they refuse, what they give."""

import os
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from PIL import Image

import normocyte as nc
from normocyte.core.errors import BundleError, ConfigError, DatasetError, NormocyteError

plt.switch_backend("agg")


@pytest.fixture(autouse=True)
def _no_figures_left():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def files(cells):
    return sorted(cells.rglob("*.png"))[:6]


@pytest.fixture(scope="module")
def arrays(files):
    """Six cells as one array."""
    return np.stack([np.array(Image.open(file).convert("RGB").resize((64, 64))) for file in files])


@pytest.fixture(scope="module")
def run(cells, tmp_path_factory):
    return nc.train("pca", data=cells, out=tmp_path_factory.mktemp("run"), components=8)


def test_every_public_name_is_there_and_documented():
    names = [name for name in nc.__all__ if name != "__version__"]
    assert len(names) > 10
    assert [name for name in names if not getattr(nc, name).__doc__] == []
    assert set(names) <= set(dir(nc))


def test_an_unknown_name_is_answered_with_those_that_are():
    with pytest.raises(AttributeError, match=r"no attribute 'skore'; it has: load, .*"):
        _ = nc.skore


def test_importing_loads_nothing_heavy():
    code = (
        "import normocyte, sys; print(sorted({'numpy', 'pandas', 'cv2', 'onnxruntime'} & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert told.stdout.strip() == "[]"


def test_one_verdict_waits_for_no_library_of_reports_or_statistics(files):
    code = (
        f"import normocyte, sys; print(len(normocyte.load().score({str(files[0])!r})), "
        "sorted({'scipy', 'matplotlib', 'jinja2', 'sklearn'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "1 []"


def test_a_script_without_a_guard_reads_a_smear(photos, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(f"import normocyte as nc\nprint(nc.load().smear({str(photos)!r}).counted)\n")
    told = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert int(told.stdout) > 0


def test_a_script_without_a_guard_that_wants_processes_is_told_of_it(photos, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(f"import normocyte as nc\nnc.load().smear({str(photos)!r}, workers=2)\n")
    told = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert 'script.py again, which has no `if __name__ == "__main__":`' in told.stderr.splitlines()[-1]


@pytest.mark.parametrize("form", ["files", "texts", "table", "folder"])
def test_paths_are_taken_in_every_form(form, bundle, files, cells):
    given = {
        "files": files,
        "texts": [str(file) for file in files],
        "table": pd.DataFrame({"path": files}),
        "folder": cells,
    }[form]
    table = bundle.score(given)
    assert table.path.tolist()[:1] == [str(files[0] if form != "folder" else min(cells.rglob("*.png")))]
    assert set(table.verdict) <= {"healthy", "suspicious", "not assessable"}


def test_arrays_score_as_the_files_that_hold_them(bundle, arrays, tmp_path):
    for place, image in enumerate(arrays):
        Image.fromarray(image).save(tmp_path / f"{place}.png")
    by_file, by_array = bundle.score(tmp_path), bundle.score(arrays)
    assert by_array.path.tolist() == [str(place) for place in range(len(arrays))]
    pd.testing.assert_frame_equal(by_file.drop(columns="path"), by_array.drop(columns="path"))


def test_images_of_several_sizes_come_as_a_list(bundle, arrays):
    assert len(bundle.score([arrays[0], arrays[1][:50, :60]])) == 2


def test_a_path_that_is_named_twice_has_two_rows(bundle, files):
    assert bundle.score([files[0], files[0]]).picture.nunique() == 1
    assert len(bundle.score(pd.DataFrame({"path": [files[0]] * 3}))) == 3


def test_photos_in_memory_are_read_as_the_files_that_hold_them(bundle, photos):
    files = sorted(photos.glob("*.png"))
    arrays = [np.array(Image.open(file)) for file in files]
    by_file, by_array = bundle.smear(pd.DataFrame({"path": files})), bundle.smear(arrays)
    assert by_array.photos.photo.tolist() == ["photo_000.png", "photo_001.png"]
    pd.testing.assert_frame_equal(by_file.cells.drop(columns="photo"), by_array.cells.drop(columns="photo"))


def test_a_column_of_paths_is_taken(bundle, files):
    assert len(bundle.score(pd.Series(files))) == len(files)


def test_tables_of_arrays_are_patients_of_their_own(bundle, arrays):
    days = [bundle.score(arrays[:3]), bundle.score(arrays[3:])]
    assert nc.monitor(bundle, days, cells=1).result.patients == ("table 1", "table 2")


def test_arrays_in_bgr_are_told_where_it_can_be_told(bundle, arrays):
    red = np.zeros((8, 64, 64, 3), np.uint8)
    red[:, 8:56, 8:56] = 195, 150, 150
    with pytest.warns(UserWarning, match=r"give images\[\.\.\., ::-1\]"):
        bundle.score(red[..., ::-1])
    bundle.score(arrays)  # a warning is an error in this suite


BAD = {
    "a number": (7, "A int is not taken"),
    "none": (None, "A NoneType is not taken"),
    "a generator": ((one for one in "ab"), "A generator is not taken"),
    "an empty list": ([], "An empty list holds 0 images"),
    "bytes": (b"a.png", "A bytes is not taken"),
    "no text": ("", "An image is an empty path"),
    "an endless path": ("x" * 5000, "An image is a str that cannot be a path: File name too long"),
    "no such file": (["nope.png"], "There is no file or folder at nope.png"),
    "a column twice": (pd.DataFrame([["a", "b"]], columns=["path"] * 2), "several columns 'path'"),
    "no text in a table": (pd.DataFrame({"path": ["a.png", ""]}), "path in row 1 .* is an empty path"),
    "a number in a table": (pd.DataFrame({"path": [3.5]}), "path in row 0 .* must be a path.* not 3.5"),
    "a mixed list": ([1, "a"], "A list of int and str is not taken"),
    "an empty array": (np.zeros((0, 8, 8, 3), np.uint8), "holds 0 pixels"),
    "one image": (np.zeros((8, 8, 3), np.uint8), r"this one is \(8, 8, 3\); write images\[np.newaxis\]"),
    "a list of several images each": ([np.zeros((5, 8, 8, 3), np.uint8)] * 2, "which is 5 images"),
    "gray images": (np.zeros((2, 8, 8, 1), np.uint8), r"\(n, height, width, 3\) in RGB, but this one"),
    "gray images, as one array": (np.zeros((2, 8, 8), np.uint8), r"\(2, 8, 8\); write np.repeat.* for gray"),
    "a gray image in a list": ([np.zeros((8, 8), np.uint8)], r"\(8, 8\); write np.repeat.* for gray images"),
    "transparent": ([np.zeros((8, 8, 4), np.uint8)], r"\(1, 8, 8, 4\); write images\[..., :3\]"),
    "shares": (np.full((1, 8, 8, 3), 0.5), "float64 from 0.5 to 0.5; multiply by 255"),
    "16 bits": (np.full((1, 8, 8, 3), 999, np.uint16), "uint16 from 999 to 999; scale to 0 to 255"),
    "not a number": (np.full((1, 8, 8, 3), np.nan), "float64 from nan to nan"),
    "texts": (np.full((1, 8, 8, 3), "a"), "these are <U1; convert"),
    "no such path": ("nowhere/", "There is no folder or zip file at nowhere"),
    "a table without paths": (pd.DataFrame({"file": ["a"]}), "no column 'path' .its columns: file."),
    "an empty table": (pd.DataFrame({"path": []}), "has 0 rows"),
    "a hole in a table": (pd.DataFrame({"path": ["a.png", None]}), "Row 1 of the DataFrame has no path"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_image_is_refused_with_what_would_be(name, bundle):
    images, sentence = BAD[name]
    with pytest.raises(DatasetError, match=sentence):
        bundle.score(images)


REFUSED = {
    "labels": (
        lambda: nc.evaluate(nc.load(), pd.DataFrame({"path": ["a"]})),
        DatasetError,
        "no column label",
    ),
    "a path in a table": (
        lambda: nc.train("pca", data=pd.DataFrame({"path": ["a"], "label": [0], "patient": ["C1"]})),
        DatasetError,
        "row 2: there is no file 'a'",
    ),
    "a generator of photos": (lambda: nc.load().smear(one for one in "ab"), DatasetError, "A generator is"),
    "shares as photos": (
        lambda: nc.load().smear(np.zeros((1, 9, 9, 3))),
        DatasetError,
        "float64 from 0 to 0",
    ),
    "no scores": (lambda: nc.monitor(nc.load(), []), DatasetError, "An empty list holds 0 tables"),
    "scores of another kind": (
        lambda: nc.monitor(nc.load(), pd.DataFrame({"path": ["a"], "mark": [1.0]})),
        DatasetError,
        "table 1 has no column score, but mark, path",
    ),
    "no bundle": (lambda: nc.load("nowhere"), BundleError, "There is no bundle in nowhere"),
    "a rate": (lambda: nc.load().score("x", false_positive_rate=2.0), ConfigError, "2"),
    "a recipe": (lambda: nc.train("clasic"), ConfigError, "clasic"),
    "a field": (lambda: nc.train("pca", colour=1), ConfigError, "no field 'colour'. Choose from: components"),
    "a value": (lambda: nc.train("pca", components=0), ConfigError, "components"),
    "no data": (lambda: nc.evaluate(nc.load(), "nowhere"), DatasetError, "nowhere"),
    "no photos": (lambda: nc.load().smear("nowhere"), DatasetError, "nowhere"),
    "workers": (lambda: nc.load().score("x", workers=-1), ConfigError, "workers must be"),
    "a word": (lambda: nc.adapt(nc.load(), "x", "y", by="moon"), ConfigError, "moon"),
    "a rule": (lambda: nc.calibrate(nc.load(), "x", "y", rule="best_f1"), NormocyteError, "best_f1|x"),
    "one configuration twice": (lambda: nc.compare(["pca", "pca"], "x"), ConfigError, "twice"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_impossible_is_refused_in_a_sentence(name, there):
    wrong, kind, sentence = REFUSED[name]
    with pytest.raises(kind, match=sentence):
        wrong()


def test_a_share_that_is_not_stated_is_not_given(bundle, photos):
    smear = bundle.smear(photos)
    assert smear.decision in {"not enough cells", "cells to look at"}
    assert np.isnan(smear.parasitaemia.value)
    assert len(smear.photos) == 2
    assert smear.cells.is_counted.sum() == smear.counted


def test_a_report_is_written_where_somebody_wants_it(bundle, photos, tmp_path):
    smear = bundle.smear(photos)
    page = smear.to_html(tmp_path / "report")
    assert page.is_file()
    assert any((tmp_path / "report" / "photos").iterdir())
    assert smear.to_pdf(tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")


def test_a_network_gives_a_history_and_a_plot_of_it(cells, tmp_path):
    run = nc.train("conv", data=cells, out=tmp_path / "run", filters=(4, 8), epochs=2, least_updates=0)
    assert run.history.epoch.tolist() == [1, 2]
    assert run.history.is_best.sum() == 1
    assert run.plot_history().get_xlabel() == "epoch"


def test_a_bundle_of_a_run_without_a_folder_stays_usable(cells):
    bundle = nc.train("stain_rule", data=cells).bundle
    assert bundle.onnx_path.is_file()
    assert len(bundle.score(cells)) == 160


def test_a_bundle_opened_by_a_relative_path_is_found_after_a_change_of_folder(
    photos, cells, there, monkeypatch
):
    shutil.copytree(nc.load().folder, "mine")
    bundle = nc.load("mine")
    (there / "elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    assert bundle.name == "mine"
    assert bundle.onnx_path.is_file()
    assert bundle.smear(photos).result.bundle == "mine"
    healthy = cells / "cell_images" / "Uninfected"
    site = nc.calibrate(bundle, healthy, "site", patients="file", false_positive_rate=0.2)
    assert site.folder == there / "elsewhere" / "site"


def test_an_evaluation_draws_scores_and_roc(run, cells):
    report = nc.evaluate(run.bundle, cells)
    _, (left, right) = plt.subplots(1, 2)
    assert report.plot_scores(left) is left
    assert report.plot_roc(right).get_ylabel() == "sensitivity"
    assert len(report.scores) > 0
    assert report.thresholds.in_use.sum() == 1


def test_reconstructions_show_what_was_expected(run, arrays):
    found = run.bundle.reconstruct(arrays)
    assert found.seen.shape == found.expected.shape
    assert found.maps.shape == found.seen.shape[:3]
    assert len(found.plot(most=3).axes) == 12


def test_what_is_seen_and_what_was_expected_are_drawn_on_one_scale(run, arrays):
    axes = run.bundle.reconstruct(arrays).plot(most=2).axes
    seen, expected = (axes[place].images[0].get_clim() for place in (2, 4))
    assert seen == expected


def test_a_cell_that_cannot_be_assessed_has_no_reconstruction(run, arrays):
    blank = np.concatenate([np.full((1, 64, 64, 3), 255, np.uint8), arrays[:1]])
    maps = run.bundle.reconstruct(blank).maps
    assert np.isfinite(maps[1]).all()
