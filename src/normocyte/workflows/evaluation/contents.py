"""Gathers what a report shows, with pictures of cells as its detector sees them."""

from dataclasses import dataclass, replace

import numpy as np

from normocyte.core.types import (
    ANOMALY,
    HEALTHY,
    UNKNOWN_PATIENT,
    Estimate,
    Flags,
    Labels,
    Names,
    Rows,
    Scores,
)
from normocyte.core.words import Words
from normocyte.engine.shortcuts.beside import draws_for
from normocyte.images.reading import read
from normocyte.metrics.auroc import Auroc
from normocyte.metrics.differences.paired import Cells, difference, drawn
from normocyte.metrics.support.by_patient import false_positives_by_patient
from normocyte.metrics.support.curves import by_cut, precision_recall, roc
from normocyte.pipeline.bundle.bundle import Bundle
from normocyte.pipeline.heat import HeatScale, heat_scale, views
from normocyte.pipeline.learnt import training_curve
from normocyte.pipeline.pipeline import Pipeline
from normocyte.results.agreement import Agreement
from normocyte.results.evaluation import (
    UNKNOWN,
    ByThreshold,
    Contents,
    Curve,
    PatientRates,
    Picture,
    PictureGroup,
    ScoredCells,
    ThresholdRow,
)
from normocyte.thresholds.contract import Threshold
from normocyte.thresholds.validation.agreement import Healthy, agreement
from normocyte.wording.agreement import agreement_said
from normocyte.wording.patients import UNKNOWN_SAID, few_calibrated, few_patients
from normocyte.wording.training import under_trained
from normocyte.workflows.evaluation.examine import Examined
from normocyte.workflows.evaluation.tables import Judged, metric_rows, threshold_rows
from normocyte.workflows.evaluation.tuned import Fitting
from normocyte.workflows.evaluation.words import name_of, rate_facts

Facts = tuple[tuple[str, str], ...]
SHOWN = 4


@dataclass(frozen=True)
class AllCells:
    """Every cell that an evaluation looks at, by part.

    The calibration cells are scored by the pipelines beside the first one at least, in the last columns.
    `names` are what a report calls the pipelines; without them it names their detectors.
    """

    pipelines: tuple[Pipeline, ...]
    test: Examined
    tuning: Examined
    calibration: Examined
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class About:
    """What is known of the test cells: facts in words, doubted labels (n,), whether patients are known.

    `careful` is what a reader has to know before anything else.
    """

    facts: Facts
    doubtful: Flags
    are_patients_known: bool
    statement: str
    words: Words
    careful: tuple[str, ...] = ()


def contents_of(bundle: Bundle, cells: AllCells, about: About) -> Contents:
    """Everything the report says of these cells."""
    test = cells.test
    shown = test if about.are_patients_known else test.of_unknown()
    scored = _scored(bundle, shown, about.doubtful)
    rates = false_positives_by_patient(*_of_known(scored))
    training = training_curve(bundle.pipeline.shown.detector)
    agrees = _agreement(bundle, cells)
    columns = tuple(test.of(index) for index in range(len(cells.pipelines)))
    names = cells.names or tuple(name_of(pipeline) for pipeline in cells.pipelines)
    roc_curves, pr_curves = _curves(names, cells)
    return Contents(
        statement=about.statement,
        facts=(*about.facts, *rate_facts(rates)),
        detectors=names,
        metrics=metric_rows(
            Judged(test.labels, test.patients, scored.doubtful, columns, _cuts(bundle, cells))
        ),
        thresholds=_threshold_rows(bundle, cells),
        threshold=bundle.pipeline.threshold.cut,
        cells=scored,
        patients=PatientRates(rates.patients, rates.healthy, rates.flagged),
        by_threshold=ByThreshold(*by_cut(scored.scores, test.labels)),
        roc=roc_curves,
        precision_recall=pr_curves,
        training=training,
        gallery=gallery(bundle.pipeline, shown, about.words),
        title=f"Normocyte: what was learnt from healthy {about.words.things}, and what did not fit",
        anomaly=about.words.anomaly,
        unit=about.words.thing,
        are_patients_known=about.are_patients_known,
        guarantee=bundle.guarantee,
        careful=tuple(
            filter(
                None,
                (
                    *about.careful,
                    *agreement_said(agrees, about.words.things, are_patients_known=about.are_patients_known),
                    _on_patients(shown, about.words),
                    under_trained(training, about.words.things),
                ),
            )
        ),
        agreement=agrees,
        ahead=_ahead(test, len(cells.pipelines)),
    )


def _ahead(test: Examined, detectors: int) -> Estimate:
    """How much more the AUROC of the first detector is than that of the second, under the same draws."""
    if detectors == 1 or len(np.unique(test.labels)) == 1:
        return UNKNOWN
    draws = draws_for([test.patients])
    one, other = (
        drawn([Cells(test.of(column), test.labels, test.patients)], [Auroc()], draws)[0] for column in (0, 1)
    )
    return difference(one, other).estimate


def _agreement(bundle: Bundle, cells: AllCells) -> Agreement:
    """Whether healthy test cells score as the healthy calibration cells do.

    Without anomalous test cells none is left for a test: those shown are the calibration cells themselves.
    """
    pipeline, test, calibration = bundle.pipeline, cells.test, cells.calibration
    known = Healthy(pipeline.calibration.scores, pipeline.calibration.patients)
    if calibration.scores.shape[1] == len(cells.pipelines) and len(calibration.labels):
        known = Healthy(calibration.of(0), calibration.patients)
    is_healthy = (test.labels == HEALTHY) & bool((test.labels == ANOMALY).any())
    healthy = Healthy(test.of(0)[is_healthy], test.patients[is_healthy])
    return agreement(pipeline.threshold, known, healthy, bundle.recipe.seed)


def _on_patients(cells: Examined, words: Words) -> str:
    """What the patients of these cells limit; nothing where they are many."""
    names = cells.patients.tolist()
    if UNKNOWN_PATIENT in names:
        return UNKNOWN_SAID
    if (cells.labels == ANOMALY).any():
        return few_patients(names, f"The test {words.things}")
    return few_calibrated(names, words.things)


def _of_known(cells: ScoredCells) -> tuple[Flags, Labels, Names]:
    """The cells of known patients: which are flagged, their labels, and whose they are."""
    known = cells.patients != UNKNOWN_PATIENT
    return cells.flagged[known], cells.labels[known], cells.patients[known]


def _scored(bundle: Bundle, test: Examined, doubtful: Flags) -> ScoredCells:
    scores = test.of(0)
    return ScoredCells(
        names=np.array([str(record.source) for record in test.records], np.str_),
        patients=test.patients,
        labels=test.labels,
        scores=scores,
        p_values=bundle.pipeline.threshold.p_values(scores, bundle.pipeline.calibration),
        flagged=bundle.pipeline.threshold.decide(scores),
        doubtful=doubtful,
    )


def _curves(names: tuple[str, ...], cells: AllCells) -> tuple[tuple[Curve, ...], tuple[Curve, ...]]:
    test = cells.test
    inputs = [(name, (test.of(index), test.labels, test.patients)) for index, name in enumerate(names)]
    return (
        tuple(Curve(name, *roc(*given)) for name, given in inputs),
        tuple(Curve(name, *precision_recall(*given)) for name, given in inputs),
    )


def _cuts(bundle: Bundle, cells: AllCells) -> tuple[float, ...]:
    """The threshold in use, and for each pipeline beside it the same rule on the same cells.

    NaN where those are not at hand.
    """
    rule = bundle.pipeline.threshold
    examined = cells.tuning if rule.uses_labels else cells.calibration
    beside = range(1 - len(cells.pipelines), 0)
    if not len(examined.labels):
        return (rule.cut, *(float("nan") for _ in beside))
    return (rule.cut, *(_cut_of(rule, examined, column) for column in beside))


def _cut_of(rule: Threshold, examined: Examined, column: int) -> float:
    other = replace(rule)
    other.fit(examined.of(column), examined.patients, examined.labels)
    return other.cut


def _threshold_rows(bundle: Bundle, cells: AllCells) -> tuple[ThresholdRow, ...]:
    calibration = bundle.pipeline.calibration
    labels = np.full(len(calibration.scores), HEALTHY, np.int8)
    healthy = Fitting(calibration.scores, calibration.patients, labels)
    labelled, test = (Fitting(part.of(0), part.patients, part.labels) for part in (cells.tuning, cells.test))
    return threshold_rows(bundle.pipeline.threshold, healthy, labelled, test, bundle.recipe.seed)


def gallery(pipeline: Pipeline, cells: Examined, words: Words) -> tuple[PictureGroup, ...]:
    """Typical cells of both kinds (nearest to their median score), the surest finds, the worst mistakes."""
    scores, labels, things = cells.of(0), cells.labels, words.things
    anomalous = f"{words.anomaly.capitalize()} {things}"
    groups = (
        (f"Typical healthy {things}", _typical(scores, labels, HEALTHY)),
        (f"Typical {words.anomaly} {things}", _typical(scores, labels, ANOMALY)),
        (f"Healthy {things} that look most unusual", _extreme(-scores, labels, HEALTHY)),
        (f"{anomalous} that look most unusual", _extreme(-scores, labels, ANOMALY)),
        (f"{anomalous} that look most usual", _extreme(scores, labels, ANOMALY)),
    )
    scale = heat_scale(pipeline)
    return tuple(
        PictureGroup(title, _pictures(pipeline, scale, cells, rows)) for title, rows in groups if len(rows)
    )


def _typical(scores: Scores, labels: Labels, label: int) -> Rows:
    rows = np.flatnonzero(labels == label)
    if not len(rows):
        return rows
    distance = np.abs(scores[rows] - np.median(scores[rows]))
    return rows[np.argsort(distance, kind="stable")[:SHOWN]]


def _extreme(rising: Scores, labels: Labels, label: int) -> Rows:
    rows = np.flatnonzero(labels == label)
    return rows[np.argsort(rising[rows], kind="stable")[:SHOWN]]


def _pictures(pipeline: Pipeline, scale: HeatScale, cells: Examined, rows: Rows) -> tuple[Picture, ...]:
    records = [cells.records[row] for row in rows]
    images = [read(record.source) for record in records]
    shown = views(pipeline, scale, images, [pipeline.prepare(image) for image in images])
    scores = cells.of(0)[rows].tolist()
    return tuple(
        Picture(view, record.source.name, record.patient, record.label, score)
        for view, record, score in zip(shown, records, scores, strict=True)
    )
