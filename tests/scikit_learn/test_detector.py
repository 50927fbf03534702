"""The detector itself: signs, labels, patients, fields, what it keeps, and what it refuses."""

import doctest
import pickle
import shutil
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

import normocyte as nc
from normocyte.core.errors import BundleError
from normocyte.core.fields import settable
from normocyte.core.registry import part_class, part_names
from normocyte.sklearn import HealthyOnlyDetector
from normocyte.sklearn import detector as module


@pytest.fixture(scope="module")
def fitted(cells):
    return HealthyOnlyDetector("pca", components=8).fit(cells.arrays, cells.y, cells.patients)


def quietly(fit, *arguments, **named):
    """The result, and the sentences of the warnings."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        result = fit(*arguments, **named)
    return result, [str(one.message) for one in heard]


def test_healthy_cells_score_high_and_an_outlier_lies_below_the_offset(fitted, cells):
    scores, decision = fitted.score_samples(cells.arrays), fitted.decision_function(cells.arrays)
    assert scores[cells.y == 1].mean() > scores[cells.y == -1].mean()
    np.testing.assert_array_equal(decision, scores - fitted.offset_)
    np.testing.assert_array_equal(fitted.predict(cells.arrays), np.where(decision >= 0, 1, -1))


def test_it_is_the_bundle_with_the_other_sign(fitted, cells):
    table = fitted.bundle_.score(cells.arrays)
    np.testing.assert_array_equal(fitted.score_samples(cells.arrays), -table.score)
    np.testing.assert_array_equal(fitted.predict(cells.arrays) == -1, table.flagged)
    assert fitted.offset_ == -fitted.bundle_.threshold


def test_it_learns_as_a_training_on_the_same_parts(fitted, cells, tmp_path):
    """A manifest of the healthy cells, trained with the same shares by `nc.train`."""
    bundle = fitted.bundle_
    recipe = tmp_path / "same.toml"
    recipe.write_text((bundle.folder.parent / "recipe.toml").read_text(encoding="utf-8"), encoding="utf-8")
    healthy = cells.healthy
    table = pd.DataFrame({"path": healthy.files, "label": 0, "patient": healthy.patients})
    assert nc.train(str(recipe), data=table).bundle.threshold == bundle.threshold


@pytest.mark.parametrize("form", ["paths", "texts", "array of texts", "series", "table", "arrays in a list"])
def test_images_come_in_every_form(form, cells):
    healthy = cells.healthy
    X = {
        "paths": healthy.files,
        "texts": [str(file) for file in healthy.files],
        "array of texts": np.array([str(file) for file in healthy.files]),
        "series": pd.Series(healthy.files),
        "table": pd.DataFrame({"path": healthy.files}),
        "arrays in a list": list(healthy.arrays),
    }[form]
    detector = HealthyOnlyDetector("stain_rule").fit(X, groups=healthy.patients)
    assert detector.predict(X).shape == (len(healthy.y),)
    assert not hasattr(detector, "n_features_in_")


def test_rows_of_a_table_are_images_where_their_shape_is_given(fitted, cells):
    flat = cells.arrays.reshape(len(cells.y), -1)
    detector = HealthyOnlyDetector("pca", components=8, image_shape=(48, 48, 3))
    detector.fit(flat, cells.y, cells.patients)
    assert detector.n_features_in_ == flat.shape[1]
    np.testing.assert_array_equal(detector.score_samples(flat), fitted.score_samples(cells.arrays))


def test_anomalies_are_never_learnt_from(fitted, cells):
    healthy = cells.healthy
    alone = HealthyOnlyDetector("pca", components=8).fit(healthy.arrays, groups=healthy.patients)
    np.testing.assert_array_equal(alone.score_samples(cells.arrays), fitted.score_samples(cells.arrays))
    again = clone(fitted).fit_predict(cells.arrays, cells.y, cells.patients)
    np.testing.assert_array_equal(again, fitted.predict(cells.arrays))


def test_labels_of_a_table_are_those_of_a_manifest(cells):
    table = pd.DataFrame({"path": cells.files, "patient": cells.patients})
    by_y = HealthyOnlyDetector("stain_rule").fit(table, cells.y)
    for healthy, anomaly in ((0, 1), ("healthy", "Infected"), (0.0, 1.0)):
        labelled = table.assign(label=[healthy if label == 1 else anomaly for label in cells.y])
        assert HealthyOnlyDetector("stain_rule").fit(labelled).offset_ == by_y.offset_


def test_patients_are_kept_whole_and_named_by_a_column(fitted, cells):
    table = pd.DataFrame({"path": cells.files, "patient": cells.patients})
    detector = HealthyOnlyDetector("pca", components=8).fit(table, cells.y)
    facts = (detector.bundle_.folder / "bundle.json").read_text(encoding="utf-8")
    assert all(f'"{patient}"' in facts for patient in set(cells.healthy.patients))
    split = pd.read_csv(detector.bundle_.folder.parent / "split.csv")
    assert (split.groupby("patient").part.nunique() == 1).all()
    assert set(split.part) == {"train", "held_out", "calibration"}


def test_cells_of_unknown_patients_are_divided_one_by_one_and_that_is_said(cells):
    detector, said = quietly(HealthyOnlyDetector("pca", components=8).fit, cells.healthy.arrays)
    assert len(said) == 1
    assert "It is not known whose the" in said[0]
    assert "of unknown patients" in detector.bundle_.guarantee


def test_a_rule_that_so_few_patients_cannot_support_gives_way_and_that_is_said(cells, tmp_path):
    recipe = tmp_path / "strict.toml"
    recipe.write_text(STRICT, encoding="utf-8")
    healthy = cells.healthy
    detector, said = quietly(HealthyOnlyDetector(recipe).fit, healthy.arrays, groups=healthy.patients)
    assert "The rule quantile at 5 % takes its place" in said[0]
    assert "On average, at most" in detector.bundle_.guarantee
    _, unknown = quietly(HealthyOnlyDetector(recipe).fit, healthy.arrays)
    assert len(unknown) == 1


def test_fields_of_the_detector_are_parameters():
    detector = HealthyOnlyDetector("classic", latent=16)
    assert detector.get_params()["latent"] == 16
    assert repr(detector) == "HealthyOnlyDetector(latent=16, recipe='classic')"
    assert clone(detector).set_params(latent=8, epochs=2).get_params()["latent"] == 8
    assert detector.get_params()["latent"] == 16
    assert "epochs" not in detector.get_params()


def test_no_field_of_a_detector_has_the_name_of_a_parameter():
    fields = {name for part in part_names("detectors") for name in settable(part_class("detectors", part))}
    assert len(fields) > 10
    assert fields & HealthyOnlyDetector().get_params().keys() == set()


def test_numbers_of_numpy_may_be_fields(cells):
    detector = HealthyOnlyDetector("pca", components=np.int64(4), seed=np.int64(3))
    detector.fit(cells.arrays, cells.y, cells.patients)
    assert "components = 4" in (detector.bundle_.folder.parent / "recipe.toml").read_text(encoding="utf-8")


def test_what_cannot_be_assessed_is_an_outlier_in_every_case(fitted, cells):
    """A picture in which nothing is a cell."""
    blank = np.concatenate([np.zeros((1, 48, 48, 3), np.uint8), cells.arrays[:1]])
    lowest = fitted.score_samples(blank)
    assert lowest[0] == module.LOWEST < lowest[1]
    seen = pickle.loads(pickle.dumps(fitted)).set_params(refused="nan")
    assert np.isnan(seen.score_samples(blank)).tolist() == [True, False]
    assert seen.predict(blank)[0] == fitted.predict(blank)[0] == -1


def test_it_is_pickled_with_its_bundle(fitted, cells):
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.score_samples(cells.arrays), fitted.score_samples(cells.arrays))
    assert again.bundle_.folder != fitted.bundle_.folder
    assert again.bundle_.digest == fitted.bundle_.digest
    assert again.bundle_.onnx_path.is_file()


def test_a_detector_whose_bundle_is_gone_is_not_pickled(fitted):
    again = pickle.loads(pickle.dumps(fitted))
    again.bundle_.onnx_path.unlink()
    with pytest.raises(BundleError, match=r"cannot be pickled: .*network.onnx .* is gone.* Fit it again"):
        pickle.dumps(again)


def test_a_bundle_of_several_members_is_pickled_whole(cells, tmp_path):
    recipe = tmp_path / "two.toml"
    recipe.write_text(f'{STRICT}[ensemble]\n[[ensemble.member]]\nrecipe = "stain_rule"\n', encoding="utf-8")
    detector, _ = quietly(HealthyOnlyDetector(recipe).fit, cells.arrays, cells.y, cells.patients)
    again = pickle.loads(pickle.dumps(detector))
    np.testing.assert_array_equal(again.predict(cells.arrays), detector.predict(cells.arrays))


def test_patients_with_an_anomaly_teach_nothing_where_the_recipe_wants_clean_ones(cells, tmp_path):
    recipe = tmp_path / "clean.toml"
    recipe.write_text(f'{STRICT}[split]\nprotocol = "clean_patients"\n', encoding="utf-8")
    detector, _ = quietly(HealthyOnlyDetector(recipe).fit, cells.arrays, cells.y, cells.patients)
    split = pd.read_csv(detector.bundle_.folder.parent / "split.csv")
    assert set(split.patient) == set(cells.patients) - set(cells.patients[cells.y == -1])


@pytest.mark.parametrize("recipe", ["pca", "stain_rule", "contrast"])
def test_some_recipes_learn_with_what_the_extra_installs(recipe, cells, monkeypatch):
    for package in ("keras", "tensorflow", "tf2onnx"):
        monkeypatch.setitem(sys.modules, package, None)
    assert HealthyOnlyDetector(recipe).fit(cells.arrays, cells.y, cells.patients).offset_ < 0


def test_without_scikit_learn_it_says_what_to_install():
    code = "import importlib.util; importlib.util.find_spec = lambda name: None; import normocyte.sklearn"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pip install 'normocyte[sklearn]'" in told.stderr


def test_the_example_runs(cells, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(cells.healthy.files[0].parent, "healthy")
    assert doctest.testmod(module) == (0, 6)


STRICT = """
[[preprocessing]]
name = "cell_mask"
[[preprocessing]]
name = "resize"
size = 32
[[preprocessing]]
name = "stain_ratio"

[detector]
name = "stain_rule"

[score]
name = "dark_top_fraction"

[threshold]
name = "calibration_conditional"
false_positive_rate = 0.05
"""
