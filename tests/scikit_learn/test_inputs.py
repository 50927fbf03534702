"""What is refused, each with a sentence that says what to give."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.sklearn import HealthyOnlyDetector

IMAGES = np.zeros((4, 8, 8, 3), np.uint8)
BAD = {
    "a number": (7, "A int is not taken"),
    "none": (None, "A NoneType is not taken"),
    "a generator": ((one for one in "ab"), "A generator is not taken"),
    "one path": ("cells/", "X is one path, 'cells/'; give a list of paths"),
    "bytes": ([b"a.png", b"b.png"], r"X is a list of bytes; give paths as text: .*fsdecode"),
    "a column twice": (
        pd.DataFrame([["a.png", 0, 1]], columns=["path", "label", "label"]),
        "The DataFrame has 2 columns 'label'; keep one",
    ),
    "an empty list": ([], "An empty list holds 0 images"),
    "a mixed list": ([1, "a"], "could not convert|1D array"),
    "an empty array": (np.zeros((0, 8, 8, 3), np.uint8), "holds 0 pixels"),
    "one image": (IMAGES[0], r"this one is \(8, 8, 3\); write images\[np.newaxis\]"),
    "gray images": (IMAGES[..., :1], r"\(n, height, width, 3\) in RGB, but this one"),
    "shares": (IMAGES + 0.5, "float64 from 0.5 to 0.5; multiply by 255"),
    "not a number": (IMAGES * np.nan, "float64 from nan to nan"),
    "a table": (IMAGES.reshape(4, -1), r"X is a table \(4, 192\), not images .* give its `image_shape`"),
    "paths that are not there": (["a.png", "b.png"], "2 of 2 paths are no files, such as a.png"),
    "a folder in a list": (["."], "1 of 1 paths are no files"),
    "a table without paths": (pd.DataFrame({"file": ["a"]}), "no column 'path' .its columns: file."),
    "a hole in a table": (pd.DataFrame({"path": ["a.png", None]}), "Row 1 of the DataFrame has no path"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_image_is_refused_in_a_sentence(name):
    X, sentence = BAD[name]
    with pytest.raises(ValueError, match=sentence):
        HealthyOnlyDetector("stain_rule").fit(X)


LABELS = {
    "0 and 1": ([0, 1, 1, 0], r"y holds 0, 1, but .* where 0 is healthy, give np.where\(y == 0, 1, -1\)"),
    "words": (["healthy", "sick"] * 2, "y holds 'healthy', 'sick'"),
    "holes": ([1, np.nan, 1, 1], "y holds 1.0, nan"),
    "too few": ([1, 1], r"y has the shape \(2,\), but X has 4 rows"),
    "dictionaries": ([{"label": 1}] * 4, "y holds {'label': 1}, but a healthy cell is labelled 1"),
    "columns": ([[1, 1]] * 4, r"y has the shape \(4, 2\)"),
    "no healthy one": ([-1] * 4, "None of the 4 rows is labelled healthy"),
}


@pytest.mark.parametrize("name", LABELS)
def test_labels_that_say_something_else_are_refused(name):
    y, sentence = LABELS[name]
    with pytest.raises(DatasetError, match=sentence):
        HealthyOnlyDetector("stain_rule").fit(IMAGES, y)


def test_a_label_of_a_table_that_is_none_of_a_manifest_is_refused(cells):
    table = pd.DataFrame({"path": cells.files[:2], "label": [0, -1]})
    with pytest.raises(DatasetError, match="The column 'label' holds '-1'; write 0 for healthy and 1"):
        HealthyOnlyDetector("stain_rule").fit(table)


PATIENTS = {
    "too few": (["a"], "There are 1 groups for 4 rows"),
    "two rows of them": ([["a", "b"], ["c", "d"]], r"groups has the shape \(2, 2\); give one patient a row"),
    "a hole": (["a", None, "b", "c"], "Row 1 names no patient"),
    "an empty name": (["a", "b", "c", ""], "Row 3 names no patient"),
    "two patients": (["a", "a", "b", "b"], "4 healthy cells of 2 patients, but 3 of each are needed"),
}


@pytest.mark.parametrize("name", PATIENTS)
def test_patients_that_cannot_be_used_are_refused(name):
    groups, sentence = PATIENTS[name]
    with pytest.raises(DatasetError, match=sentence):
        HealthyOnlyDetector("stain_rule").fit(IMAGES, groups=groups)


PARAMETERS = {
    "a recipe": ({"recipe": "clasic"}, "There is no configuration called 'clasic'"),
    "a field": ({"recipe": "pca", "colour": 1}, "no field 'colour'. Choose from: components"),
    "a value": ({"recipe": "pca", "components": 0}, "components must be a whole number from 1, not 0"),
    "a seed": ({"seed": -1}, "seed must be"),
    "workers": ({"recipe": "stain_rule", "workers": -1}, "workers must be"),
    "workers as text": ({"recipe": "stain_rule", "workers": "2"}, "workers must be a whole .*, not '2'"),
    "a part of a worker": ({"recipe": "stain_rule", "workers": 1.5}, "workers must be .*, not 1.5"),
    "workers as a truth": ({"recipe": "stain_rule", "workers": True}, "workers must be .*, not True"),
    "what is refused": ({"refused": "zero"}, "refused must be one of lowest, nan, not 'zero'"),
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_an_impossible_parameter_is_refused_by_fit(name, cells):
    parameters, sentence = PARAMETERS[name]
    detector = HealthyOnlyDetector().set_params(**parameters)
    with pytest.raises(ConfigError, match=sentence) as caught:
        detector.fit(cells.healthy.arrays)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    "shape", [(8, 8), (8, 8, 1), (9, 8, 3), "round", 3, ("a", "b", 3), (8.0, 8.0, 3), (-8, -8, 3)]
)
def test_a_shape_that_does_not_fit_the_rows_is_refused(shape):
    with pytest.raises(DatasetError, match=r"`image_shape` must be .* as many values as a row, 192"):
        HealthyOnlyDetector("stain_rule", image_shape=shape).fit(IMAGES.reshape(4, -1))


def test_a_rule_that_needs_labels_is_refused(tmp_path, pictures):
    recipe = tmp_path / "labels.toml"
    text = Path(pictures).read_text(encoding="utf-8")
    recipe.write_text(f'{text.partition("[threshold]")[0]}[threshold]\nname = "best_f1"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="The rule best_f1 needs labelled tuning cells"):
        HealthyOnlyDetector(recipe).fit(IMAGES)


@pytest.mark.parametrize("method", ["predict", "decision_function", "score_samples"])
def test_nothing_is_said_before_it_was_fitted(method):
    with pytest.raises(NotFittedError, match="not fitted yet"):
        getattr(HealthyOnlyDetector("stain_rule"), method)(IMAGES)


def test_a_file_that_cannot_be_read_is_no_outlier_but_an_error(cells, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    detector = HealthyOnlyDetector("stain_rule").fit(cells.arrays, cells.y, cells.patients)
    with pytest.raises(DatasetError, match=r"1 of 2 images cannot be read: .*broken.png"):
        detector.predict([cells.files[0], broken])


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 1)])
def test_for_a_table_of_gray_images_it_is_said_what_to_write(shape):
    table = np.zeros((12, 64), np.uint8)
    with pytest.raises(DatasetError, match=r"np\.repeat\(X, 3, axis=1\).*`image_shape=\(8, 8, 3\)`"):
        HealthyOnlyDetector("pca", image_shape=shape).fit(table)
    gray = np.arange(64, dtype=np.uint8).reshape(1, 64)
    assert (np.repeat(gray, 3, axis=1).reshape(8, 8, 3) == gray.reshape(8, 8, 1)).all()
