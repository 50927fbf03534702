"""Calibrate: a bundle and healthy cells of a site in, the bundle with that site's threshold out."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from normocyte.cell_checks.gate import FEWEST as FEWEST_TO_LEARN
from normocyte.cell_checks.gate import Gate
from normocyte.core.config import part_table
from normocyte.core.errors import ConfigError, DatasetError, TrainingError
from normocyte.core.progress import Progress
from normocyte.core.registry import part_class, part_name
from normocyte.core.types import UNKNOWN_PATIENT, Names, Part, Record
from normocyte.datasets.cohort.cohort import Copies, fingerprint_of
from normocyte.datasets.opening.healthy import HealthyCells, anomalous_cells, healthy_cells
from normocyte.pipeline.alike import are_all_alike
from normocyte.pipeline.bundle.bundle import Bundle, open_bundle, save_bundle
from normocyte.pipeline.bundle.facts import Facts, PartFacts
from normocyte.pipeline.bundle.folder import check_outside
from normocyte.pipeline.bundle.history import Origin, Replaced
from normocyte.pipeline.bundle.layout import FACTS, check_place
from normocyte.pipeline.taught import taught
from normocyte.thresholds.contract import RATE, Threshold
from normocyte.thresholds.support.calibration import Calibration
from normocyte.wording.of_the_data import told_in
from normocyte.workflows.site.examination import Admitted, Examination, examine_once
from normocyte.workflows.site.learnt import learnt_from
from normocyte.workflows.site.support import Support, check_counts, fitted, smallest_rates
from normocyte.workflows.site.tuned import Tuned, examined_anomalous, tuned_on

FEWEST = 2
HIGHEST = 3


@dataclass(frozen=True)
class CalibrateOptions:
    """What a site may ask for: another rule or rate than the bundle's, and who the patients are.

    An empty `rule` and a `rate` of None leave the bundle's; `patients` is a word or a regular expression of
    `healthy_cells`. With `new_stain` the checks of quality learn from the site's cells, too. `anomalous` is
    where labelled anomalous cells lie, or these cells, which a rule that uses labels is tuned on beside the
    healthy ones.
    """

    rule: str = ""
    rate: float | None = None
    patients: str = ""
    new_stain: bool = False
    anomalous: Path | tuple[Record, ...] | None = None


@dataclass(frozen=True)
class Calibrated:
    """The new bundle, the calibration it replaced, and what the healthy cells told.

    `flagged_before` and `flagged_now`: how many of these cells lie above the old threshold and above the new
    one. `highest`: the cells with the highest scores, which are worth a look. `support`: the smallest rates.
    """

    bundle: Bundle
    before: Replaced
    cells: HealthyCells
    faults: tuple[str, ...]
    flagged_before: int
    flagged_now: int
    highest: tuple[str, ...]
    smallest_p_value: float
    support: tuple[Support, ...]
    tuned: Tuned | None = None


def calibrate(
    bundle: Path | Bundle,
    healthy: Path | HealthyCells,
    out: Path,
    options: CalibrateOptions,
    progress: Progress,
) -> Calibrated:
    """Write into `out` the bundle with scores, patients and threshold of a site's healthy cells.

    `healthy` is where they lie, or what `healthy_cells` found.
    `out` may be the bundle's own folder; the old bundle stands until the new one is whole. DatasetError when
    fewer than two cells can be used, the bundle's gate refuses many, or they cannot support the rate,
    ConfigError for a rule that needs labels where no anomalous cells are given, and for such cells
    where no rule needs them; nothing is written then.
    """
    check_place(out)
    check_outside(out)
    bundle = open_bundle(bundle)
    with told_in(bundle.facts.words):
        return _calibrate(bundle, healthy, out, options, progress)


def _calibrate(
    bundle: Bundle, healthy: Path | HealthyCells, out: Path, options: CalibrateOptions, progress: Progress
) -> Calibrated:
    threshold = _rule(bundle.pipeline.threshold, options)
    anomalous = _anomalous(options)
    cells = _cells(healthy, options.patients) if isinstance(healthy, Path) else healthy
    where = healthy if isinstance(healthy, Path) else Path(cells.name)
    _check_counts(threshold, cells)
    things = bundle.facts.words.things
    title = f"Examining healthy {things}"
    examined = examine_once(bundle.pipeline, cells.records, options.new_stain, progress, title)
    copies = examined.copies
    cells, examined = _without_copies(cells, copies, bundle.facts), examined.without(copies)
    if options.new_stain:
        gate = _taught(examined)
        bundle = replace(bundle, pipeline=replace(bundle.pipeline, gate=gate))
    admitted = examined.admitted(bundle.pipeline.gate)
    admitted.check_stain(len(cells.records), where, options.new_stain)
    _check_enough(admitted, cells, where)
    calibration = Calibration.of(admitted.scores, admitted.patients)
    others = examined_anomalous(bundle.pipeline, anomalous, examined, progress)
    progress.begin("Calibrating", 1)
    threshold, tuned = (
        tuned_on(threshold, calibration, others) if others else (fitted(threshold, calibration), None)
    )
    pipeline = replace(bundle.pipeline, measured=admitted.measures, threshold=threshold)
    pipeline = taught(pipeline, admitted.scores, admitted.looks, admitted.patients)
    bundle = replace(bundle, pipeline=replace(pipeline, threshold=bundle.pipeline.threshold))
    new = _calibrated(bundle, threshold, calibration, cells, others)
    support = smallest_rates(threshold, calibration)
    new = save_bundle(new, out)
    progress.advance()
    scores = admitted.scores
    order = np.argsort(-scores, kind="stable")[:HIGHEST]
    return Calibrated(
        bundle=new,
        before=new.history[-1],
        cells=cells,
        faults=admitted.faults,
        flagged_before=int(np.sum(scores > bundle.pipeline.threshold.cut)),
        flagged_now=int(np.sum(scores > threshold.cut)),
        highest=tuple(str(admitted.records[row].source) for row in order),
        smallest_p_value=float(threshold.p_values(np.array([np.inf]), calibration)[0]),
        support=support,
        tuned=tuned,
    )


def _rule(before: Threshold, options: CalibrateOptions) -> Threshold:
    """The rule that is asked for, not fitted; what is not asked for is as in the bundle."""
    kind = part_class("thresholds", options.rule) if options.rule else type(before)
    rule: Threshold = replace(before) if isinstance(before, kind) else kind()
    if rule.uses_labels and not options.anomalous:
        raise ConfigError(
            f"The rule {part_name(rule)} needs infected cells, labelled, too, which healthy cells cannot "
            "replace; give some with `anomalous`, or choose a rule that needs no labels, such as "
            "`rule='quantile'`."
        )
    if options.anomalous and not rule.uses_labels:
        given = options.anomalous
        shown = f"{len(given)} cells" if isinstance(given, tuple) else given
        raise ConfigError(
            f"The rule {part_name(rule)} uses no labels, but `anomalous` gives {shown}; leave it "
            "out, or choose a rule that is tuned with labels, such as `rule='best_f1'`."
        )
    rate = getattr(before, RATE, None) if options.rate is None else options.rate
    if options.rate is None and not hasattr(rule, RATE):
        return rule
    return rule if rate is None else rule.at_rate(rate)


def _anomalous(options: CalibrateOptions) -> tuple[Record, ...]:
    given = options.anomalous or ()
    return given if isinstance(given, tuple) else anomalous_cells(given, options.patients)


def _cells(healthy: Path, patients: str) -> HealthyCells:
    if (healthy / FACTS).is_file():
        raise DatasetError(
            f"{healthy} is a bundle, where cells are expected; give a folder of healthy cells."
        )
    return healthy_cells(healthy, patients)


def _check_counts(threshold: Threshold, cells: HealthyCells) -> None:
    """DatasetError where the rule needs more cells or patients than are given: better known before a look."""
    if not threshold.uses_labels and len(cells.records) >= FEWEST:
        check_counts(threshold, np.array([record.patient for record in cells.records], np.str_))


def _without_copies(cells: HealthyCells, copies: Copies, facts: Facts) -> HealthyCells:
    """The healthy cells, each picture once; what was dropped or learnt is told among what was left out."""
    too_few = copies.too_few(cells.records, FEWEST)
    if too_few:
        raise DatasetError(" ".join((too_few, *copies.sentences)))
    records = copies.once(cells.records)
    learnt = learnt_from(facts, cells.records)
    left_out = (*filter(None, (learnt,)), *copies.sentences, *cells.cautions)
    return replace(cells, records=records, left_out=left_out)


def _taught(examined: Examination) -> Gate:
    """The gate that a site's cells teach; DatasetError when they are too few for it."""
    try:
        return examined.taught()
    except TrainingError as error:
        raise DatasetError(
            f"With `new_stain=True` the checks of quality learn from at least {FEWEST_TO_LEARN} different "
            f"healthy cells that can be read, but {len(examined.cells)} are given in all; give about 100."
        ) from error


def _check_enough(admitted: Admitted, cells: HealthyCells, where: Path) -> None:
    usable, given = len(admitted.records), len(cells.records)
    if usable < FEWEST:
        why = f" The first of the others: {admitted.faults[0]}" if admitted.faults else ""
        why = " ".join((why, *cells.left_out))
        raise DatasetError(
            f"{usable} of {given} healthy cells in {where} can be used, too few; give about 100.{why}"
        )
    if are_all_alike(admitted.scores):
        raise DatasetError(
            f"All {usable} cells in {where} have the same score, {admitted.scores[0]:.6g}, as copies of "
            "one image have; give different cells."
        )


def _calibrated(
    bundle: Bundle,
    threshold: Threshold,
    calibration: Calibration,
    cells: HealthyCells,
    others: Admitted | None = None,
) -> Bundle:
    """The bundle with another calibration; the one it had goes to its history."""
    parts = {Part.CALIBRATION.value: _part(Part.CALIBRATION, calibration.patients)}
    if others:
        parts[Part.TUNING.value] = _part(Part.TUNING, others.patients)
    origin = Origin(cells.name, fingerprint_of(cells.records), cells.patients_by)
    facts = replace(
        bundle.facts,
        parts=tuple(parts.get(facts.part, facts) for facts in bundle.facts.parts),
        calibrated_on=origin,
    )
    pipeline = replace(bundle.pipeline, threshold=threshold, calibration=calibration)
    recipe = replace(bundle.recipe, threshold=replace(threshold))
    return Bundle(pipeline, recipe, facts, (*bundle.history, _replaced(bundle)))


def _part(part: Part, patients: Names) -> PartFacts:
    people = tuple(sorted(set(patients.tolist()) - {UNKNOWN_PATIENT}))
    return PartFacts(part.value, len(patients), people)


def _replaced(bundle: Bundle) -> Replaced:
    """What the bundle's present calibration leaves behind."""
    threshold, calibration = bundle.pipeline.threshold, bundle.pipeline.calibration
    return Replaced(
        cut=threshold.cut,
        rule=part_table(threshold),
        origin=_origin(bundle.facts),
        normocyte=bundle.normocyte,
        guarantee=threshold.guarantee(calibration).sentence,
        calibration=calibration,
    )


def _origin(facts: Facts) -> Origin:
    here = Origin(facts.data, facts.data_fingerprint)
    return facts.calibrated_on if facts.calibrated_on.is_another_set else here
