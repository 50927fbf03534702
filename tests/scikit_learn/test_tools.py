"""The tools of scikit-learn: cross-validation by patient, grid search, pipelines, several processes."""

import numpy as np
import pandas as pd
import pytest
from joblib import parallel_config
from sklearn import config_context
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_predict, cross_val_score
from sklearn.pipeline import make_pipeline

from normocyte.sklearn import HealthyOnlyDetector


class Turned(TransformerMixin, BaseEstimator):
    """Turns each image by half a circle; knows nothing of tables."""

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return X[:, ::-1, ::-1]

    def __sklearn_is_fitted__(self):
        return True


@pytest.fixture
def table(cells):
    return pd.DataFrame({"path": cells.files, "patient": cells.patients})


def test_cross_validation_by_patient_learns_from_healthy_cells_of_the_others(cells):
    detector, folds = HealthyOnlyDetector("pca", components=8), GroupKFold(3)
    found = cross_val_score(
        detector,
        cells.arrays,
        cells.y,
        groups=cells.patients,
        cv=folds,
        scoring="roc_auc",
        params={"groups": cells.patients},
    )
    assert found.shape == (3,)
    assert found.min() > 0.6


def test_patients_and_labels_of_a_table_need_no_routing(table, cells):
    table = table.assign(label=np.where(cells.y == 1, 0, 1))
    detector, folds = HealthyOnlyDetector("pca", components=8), GroupKFold(3)
    by_table = cross_val_predict(detector, table, groups=cells.patients, cv=folds, method="decision_function")
    assert by_table.shape == cells.y.shape
    assert by_table[cells.y == 1].mean() > by_table[cells.y == -1].mean()


def test_groups_are_routed_where_they_are_requested(cells):
    with config_context(enable_metadata_routing=True):
        detector = HealthyOnlyDetector("stain_rule").set_fit_request(groups=True)
        found = cross_val_score(
            make_pipeline(Turned(), detector),
            cells.arrays,
            cells.y,
            cv=GroupKFold(3),
            scoring="roc_auc",
            params={"groups": cells.patients},
        )
    assert np.isfinite(found).all()


def test_a_grid_is_searched_over_fields_that_were_not_given_before(table, cells):
    search = GridSearchCV(
        HealthyOnlyDetector("pca"),
        {"components": [1, 8]},
        scoring="roc_auc",
        cv=GroupKFold(2),
        error_score="raise",
    ).fit(table, cells.y, groups=cells.patients)
    assert search.cv_results_["param_components"].tolist() == [1, 8]
    assert len(set(search.cv_results_["mean_test_score"])) == 2
    assert search.best_estimator_.get_params()["components"] == search.best_params_["components"]
    assert search.predict(table).shape == cells.y.shape


def test_a_grid_may_hold_recipes_and_fields_of_a_step(cells):
    search = GridSearchCV(
        make_pipeline(Turned(), HealthyOnlyDetector("pca", components=4)),
        [
            {"healthyonlydetector__recipe": ["pca"], "healthyonlydetector__components": [2]},
            {"healthyonlydetector": [HealthyOnlyDetector("stain_rule")]},
        ],
        scoring="roc_auc",
        cv=GroupKFold(2),
        error_score="raise",
    )
    search.fit(cells.arrays, cells.y, groups=cells.patients, healthyonlydetector__groups=cells.patients)
    assert len(search.cv_results_["params"]) == 2


def test_labels_that_scikit_learn_has_numbered_anew_are_refused_with_the_way_out(table, cells):
    with pytest.raises(
        ValueError, match="For cross_val_predict, which numbers labels anew, give a DataFrame"
    ):
        cross_val_predict(HealthyOnlyDetector("stain_rule"), table, cells.y, method="decision_function")


def test_folds_run_side_by_side(table, cells):
    detector, by_patient = HealthyOnlyDetector("stain_rule"), {"groups": cells.patients, "cv": GroupKFold(2)}
    alone = cross_val_score(detector, table, cells.y, scoring="roc_auc", **by_patient)
    with parallel_config("threading", n_jobs=2):
        together = cross_val_score(detector, table, cells.y, scoring="roc_auc", **by_patient)
    np.testing.assert_array_equal(together, alone)
