"""Evaluate: a bundle and labelled cells in, a report out."""

from dataclasses import dataclass, replace
from pathlib import Path

from normocyte.core.files import make_folder
from normocyte.core.progress import Progress
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.engine.copies import FindCopies, with_copies
from normocyte.engine.shortcuts.measured import learnt
from normocyte.pipeline.bundle.bundle import Bundle
from normocyte.reports.evaluation.write import write_report
from normocyte.results.evaluation import Contents
from normocyte.wording.of_the_data import in_words, told_in
from normocyte.workflows.evaluation.baseline import Baseline, baseline_of
from normocyte.workflows.evaluation.contents import About, AllCells, contents_of
from normocyte.workflows.evaluation.examine import Chosen, Examined, choose, examine
from normocyte.workflows.evaluation.needed import need_both, need_judged
from normocyte.workflows.evaluation.words import counted, facts_of, name_of, statement, unjudged_of
from normocyte.workflows.training.visible import check_sees

BASELINE = "Baseline"
"""The fact that says what stands beside the detector."""


@dataclass(frozen=True)
class Evaluated:
    """What was found, where the report is, what could not be judged, and in words which cells were."""

    contents: Contents
    page: Path
    faults: tuple[str, ...]
    judged: str


def evaluate(
    bundle: Bundle,
    cohort: Cohort,
    out: Path | None,
    progress: Progress,
    find: FindCopies = with_copies,
    *,
    has_new_patients: bool = False,
) -> Evaluated:
    """Judge a bundle on patients it has never seen and write the report into `out`, if it is given.

    A plain rule is judged on the same cells, see `baseline_of`. `has_new_patients` says that patients whose
    names the bundle knows are other people. DatasetError when there are no test cells of both kinds.
    A picture that stands twice in the set counts once; `find` finds them. Intervals take near-duplicates of
    unknown patients for those of one.
    """
    if out and out.exists():
        make_folder(out)  # what cannot be written is better known before the work than after it
    cohort = find(cohort, progress)
    words = cohort.words.or_else(bundle.facts.words)
    with told_in(words):
        chosen = choose(bundle, cohort, has_new_patients)
        need_both(chosen.test, (), chosen.note)
        check_sees(bundle.pipeline, chosen.test, "bundle")
        if out:
            make_folder(out)
        chosen = grouped(chosen, cohort)
        beside = baseline_of(bundle, chosen.test, chosen.learnt_from, words, progress)
        cells = _examined(bundle, beside, chosen, progress)
        measured = learnt(chosen.learnt_from, progress)
        need_judged(cells.test, words)
    chosen = replace(chosen, note=in_words(words, chosen.note))
    about, counts = about_cells(bundle, cohort, chosen, cells.test)
    about = replace(about, facts=(*about.facts, (BASELINE, beside.words)))
    contents = replace(contents_of(bundle, cells, about), shortcuts=cells.test.shortcuts(measured))
    page = written(contents, out, progress)
    return Evaluated(contents, page, cells.test.faults, f"{counts}\n{chosen.note}")


def written(contents: Contents, out: Path | None, progress: Progress) -> Path:
    """The page of the report, written into a folder, if it is given."""
    if out is None:
        return Path()
    progress.begin("Writing the report", 1)
    page = write_report(contents, out)
    progress.advance()
    return page


def grouped(chosen: Chosen, cohort: Cohort) -> Chosen:
    """The same with one patient for each group of near-duplicates, where patients are unknown."""
    test, calibration = map(cohort.in_groups, (chosen.test, chosen.calibration))
    return replace(chosen, test=test, calibration=calibration)


def has_groups_alone(bundle: Bundle) -> bool:
    """Whether whose the calibration cells are is unknown, so that only their images tell the groups.

    False where they are of another set, whose images are not at hand.
    """
    is_unknown = not bundle.pipeline.calibration.are_patients_known
    return is_unknown and not bundle.facts.calibrated_on.is_another_set


def about_cells(bundle: Bundle, cohort: Cohort, chosen: Chosen, test: Examined) -> tuple[About, str]:
    """What is known of these test cells, and in words how many they are."""
    are_known = cohort.are_patients_known
    careful = (("Careful", sentence) for sentence in cohort.cautions)
    words = cohort.words.or_else(bundle.facts.words)
    counts = counted(test.records, are_patients_known=are_known)
    facts = (*careful, *facts_of(bundle, counts, chosen.note, unjudged_of(test, words)))
    told = statement(words, bundle.pipeline.shown.detector, are_patients_known=are_known)
    return About(facts, cohort.is_doubtful(test.records), are_known, told, words), counts


def _examined(bundle: Bundle, beside: Baseline, chosen: Chosen, progress: Progress) -> AllCells:
    pipelines = (bundle.pipeline, *beside.pipelines)
    test = examine(pipelines, chosen.test, progress, "Scoring test", has_measures=True)
    tuning = examine(pipelines, chosen.tuning, progress, "Scoring tuning")
    again = (bundle.pipeline,) if has_groups_alone(bundle) else ()
    calibration = examine((*again, *beside.pipelines), chosen.calibration, progress, "Scoring calibration")
    names = (name_of(bundle.pipeline), beside.name) if beside.name else ()
    return AllCells(pipelines, test, tuning, calibration, names)
