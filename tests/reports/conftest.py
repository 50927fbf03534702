"""A made-up evaluation that looks like a real one: 50 patients, a detector and a rule beside it."""

import numpy as np
import pytest

from normocyte.core.registry import part_class
from normocyte.metrics.support.by_patient import false_positives_by_patient
from normocyte.metrics.support.confusion import confusion
from normocyte.metrics.support.curves import by_cut, precision_recall, roc
from normocyte.reports.evaluation.write import write_report
from normocyte.results import evaluation as shown

CUT = 3.1
WANTED = (
    (shown.AUROC, "AUROC", "auroc", {}),
    ("average_precision", "Average precision", "average_precision", {}),
    ("average_precision_1", "Average precision at 1 % prevalence", "average_precision", {"prevalence": 0.01}),
    (
        "sensitivity_at_specificity_95",
        "Sensitivity at 95 % specificity",
        "sensitivity_at_specificity",
        {"specificity": 0.95},
    ),
    (
        shown.SENSITIVITY,
        "Sensitivity at 99 % specificity",
        "sensitivity_at_specificity",
        {"specificity": 0.99},
    ),
    ("f1", "F1 at the threshold", "f1", {"threshold": CUT}),
)
FACTS = (
    ("Data set", "synthetic, 12,000 cells of 100 patients"),
    ("Trained on", "6,000 healthy cells of 40 patients"),
    ("Held out while training", "800 healthy cells of 5 patients"),
    ("Calibrated on", "1,400 healthy cells of 10 patients"),
    ("Tuned on", "900 labelled cells of 8 patients"),
    ("Recipe", "resize 64 → cell_mask → fill_background → chromatin_contrast"),
    ("Detector", "conv_autoencoder, filters 16, depth 3, latent 64"),
    ("Training time", "3 min 12 s"),
    ("Threshold", "quantile, false-positive rate 1 %"),
    ("Seed", "7"),
    ("Version", "normocyte 0.1.0"),
)


def make_cells(count, seed=0):
    random = np.random.default_rng(seed)
    number = random.integers(0, 50, count)
    patients = np.array([f"C{one + 37}" for one in range(50)])[number]
    labels = (random.uniform(size=count) < np.where(number < 38, 0.55, 0.0)).astype(np.int8)
    drift = random.gamma(1.2, 0.25, 50)[number]
    scores = np.exp(random.normal(size=count) * 0.45 + drift + labels * random.normal(2.2, 0.7, count))
    names = np.array([f"Uninfected/{p}P{i}_cell_{i}.png" for i, p in enumerate(patients)])
    doubtful = random.uniform(size=count) < 0.05
    p_values = 1 / (1 + scores**3)
    return shown.ScoredCells(names, patients, labels, scores, p_values, scores > CUT, doubtful)


def make_rows(cells, other):
    keep = ~cells.doubtful
    rows = []
    for key, name, metric, fields in WANTED:
        measure = part_class("metrics", metric)(resamples=60, **fields).measure
        both = (cells.scores, other)
        whole = tuple(measure(scores, cells.labels, cells.patients) for scores in both)
        sure = tuple(measure(scores[keep], cells.labels[keep], cells.patients[keep]) for scores in both)
        rows.append(shown.MetricRow(key, name, whole, sure))
    return tuple(rows)


TUNED = shown.Tuned(
    shown.Counts(80, 10, 100, 10), shown.Counts(72, 18, 92, 18), patients=11, folds=5, repeats=20
)


def make_threshold(rule, cut, cells, uses_labels, is_in_use=False):
    counts = confusion(cells.scores > cut, cells.labels)
    tuned = TUNED if uses_labels else shown.Tuned()
    return shown.ThresholdRow(rule, cut, uses_labels, *counts, is_in_use, tuned)


def make_picture(random, label, name, score):
    rows, columns = np.mgrid[-1:1:128j, -1:1:128j]
    disc = rows**2 + columns**2 < random.uniform(0.6, 0.8)
    pale = 1 - 0.25 * np.exp(-((np.hypot(rows, columns) - 0.55) ** 2) / 0.05)
    colour = np.array([205, 165, 175]) * pale[..., None] + random.normal(0, 3, (128, 128, 3))
    where = random.uniform(-0.35, 0.35, 2)
    ring = np.exp(-((np.hypot(rows - where[0], columns - where[1]) - 0.12) ** 2) / 0.003) * label
    image = np.where(disc[..., None], colour * (1 - ring[..., None] * np.array([0.35, 0.6, 0.2])), 0)
    small, mask = image[1::2, 1::2, 1] / 255, disc[1::2, 1::2]
    expected = np.where(mask, 165 * pale[1::2, 1::2] / 255, 0) + random.normal(0, 0.004, (64, 64))
    residual = np.where(mask, expected - small, 0)
    arrays = (small, expected, residual)
    view = shown.View(
        np.clip(image, 0, 255).astype(np.uint8),
        *(array.astype(np.float32) for array in arrays),
        mask.astype(np.uint8),
        np.maximum(residual * 8, 0).astype(np.float32),
    )
    return shown.Picture(view, name, name.partition("P")[0], label, score)


def make_gallery():
    random = np.random.default_rng(5)
    plan = (("Typical healthy", 0), ("Typical infected", 1), ("Worst false alarms", 0), ("Worst misses", 1))
    return tuple(
        shown.PictureGroup(
            title,
            tuple(
                make_picture(random, label, f"C{i + 41}P{i}_cell_{i}.png", 1.5 + label * 4 + i)
                for i in range(4)
            ),
        )
        for title, label in plan
    )


def make_training():
    epochs = np.arange(1, 31)
    loss = 0.02 * np.exp(-epochs / 5) + 0.0011
    held_out = loss * 1.08 + 0.000004 * np.maximum(epochs - 22, 0) ** 2
    return shown.TrainingCurve(tuple(loss), tuple(held_out), int(np.argmin(held_out)) + 1)


def make_contents(count):
    cells = make_cells(count)
    other = cells.scores * np.exp(np.random.default_rng(1).normal(size=count) * 0.5)
    sides = (("conv_autoencoder", cells.scores), ("stain_rule", other))
    measured = {
        kind: tuple(
            shown.Curve(name, *draw(scores, cells.labels, cells.patients, resamples=60))
            for name, scores in sides
        )
        for kind, draw in (("roc", roc), ("precision_recall", precision_recall))
    }
    rates = false_positives_by_patient(cells.flagged, cells.labels, cells.patients)
    thresholds = (
        make_threshold("quantile 1 %", CUT, cells, uses_labels=False, is_in_use=True),
        make_threshold("mean plus 3 sigma", 3.9, cells, uses_labels=False),
        make_threshold("best F1", 5.2, cells, uses_labels=True),
    )
    return shown.Contents(
        statement="A convolutional autoencoder learnt to redraw healthy red blood cells. It then met cells "
        "of patients whom it had never seen, healthy and parasitised, and each cell was scored by how much "
        "darker it is than expected. No label of a parasite was used for learning or for the threshold.",
        facts=FACTS,
        detectors=("conv_autoencoder", "stain_rule"),
        metrics=make_rows(cells, other),
        thresholds=thresholds,
        threshold=CUT,
        cells=cells,
        patients=shown.PatientRates(rates.patients, rates.healthy, rates.flagged),
        by_threshold=shown.ByThreshold(*by_cut(cells.scores, cells.labels)),
        roc=measured["roc"],
        precision_recall=measured["precision_recall"],
        training=make_training(),
        gallery=make_gallery(),
    )


@pytest.fixture(scope="session")
def contents():
    return make_contents(1_200)


@pytest.fixture(scope="session")
def folder(contents, tmp_path_factory):
    """The folder of a written report."""
    return write_report(contents, tmp_path_factory.mktemp("report")).parent


@pytest.fixture(scope="session")
def bare(contents):
    """The least that a report can be made of: no baseline, no curve, no picture, no other threshold."""
    cells = shown.ScoredCells(*(getattr(contents.cells, name)[:40] for name in shown.ScoredCells.__slots__))
    nobody = shown.PatientRates(np.empty(0, np.str_), np.empty(0, np.intp), np.empty(0, np.intp))
    return shown.Contents("Little.", (), ("pca",), (), (), CUT, cells, nobody)
