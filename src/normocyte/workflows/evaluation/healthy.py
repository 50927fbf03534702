"""What healthy cells alone can show of a bundle: how they score, and what its threshold states."""

from pathlib import Path

import numpy as np

from normocyte.core.files import make_folder
from normocyte.core.progress import Progress
from normocyte.core.types import HEALTHY, Part, Record
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.engine.copies import FindCopies, with_copies
from normocyte.pipeline.bundle.bundle import Bundle
from normocyte.wording.of_the_data import in_words
from normocyte.workflows.evaluation.contents import About, AllCells, contents_of
from normocyte.workflows.evaluation.evaluate import Evaluated, evaluate, written
from normocyte.workflows.evaluation.examine import examine
from normocyte.workflows.evaluation.needed import NoAnomalyJudgedError
from normocyte.workflows.evaluation.words import counted, facts_of, statement_of_healthy, unjudged_of

__all__ = ["NOTE", "Evaluated", "judged_or_shown", "show_healthy"]

NOTE = "No cell of the set is anomalous; the cells that the threshold was chosen on are shown."
NOTE_UNJUDGED = "No anomalous cell can be judged; the cells that the threshold was chosen on are shown."


def judged_or_shown(bundle: Bundle, cohort: Cohort, out: Path | None, progress: Progress) -> Evaluated:
    """What `evaluate` gives for a labelled set, and `show_healthy` for one of healthy images alone.

    Where no anomalous image can be judged, healthy ones are shown, with the sentence that says so.
    """
    if not cohort.has_anomalies:
        return show_healthy(bundle, cohort, out, progress)
    try:
        return evaluate(bundle, cohort, out, progress)
    except NoAnomalyJudgedError as refused:
        return show_healthy(bundle, cohort, out, progress, why=refused.why)


def show_healthy(
    bundle: Bundle,
    cohort: Cohort,
    out: Path | None,
    progress: Progress,
    find: FindCopies = with_copies,
    *,
    why: str = "",
) -> Evaluated:
    """Show how a bundle scores the calibration cells of the healthy set it was made from.

    The report in `out` has the learning curve, the scores, the threshold and its stated error rate, and the
    cells with the highest scores. How many anomalies are found it cannot say; `why` says why not, where the
    set has some.
    """
    if out:
        make_folder(out)
    cohort = find(cohort, progress)
    pipelines = (bundle.pipeline,)
    words = cohort.words.or_else(bundle.facts.words)
    task, note = f"Scoring healthy {words.things}", in_words(words, NOTE_UNJUDGED if why else NOTE)
    healthy = examine(pipelines, _calibration(bundle, cohort), progress, task)
    nothing = examine(pipelines, (), progress, "")
    counts = counted(healthy.records, are_patients_known=cohort.are_patients_known)
    careful = (("Careful", sentence) for sentence in cohort.cautions)
    facts = (*careful, *facts_of(bundle, counts, note, unjudged_of(healthy, words)))
    nobody_doubts = np.zeros(len(healthy.records), np.bool_)
    told = statement_of_healthy(words, bundle.pipeline.shown.detector)
    about = About(facts, nobody_doubts, cohort.are_patients_known, told, words, (why,))
    contents = contents_of(bundle, AllCells(pipelines, healthy, nothing, nothing), about)
    page = written(contents, out, progress)
    return Evaluated(contents, page, healthy.faults, f"{counts}\n{note}")


def _calibration(bundle: Bundle, cohort: Cohort) -> tuple[Record, ...]:
    patients = bundle.facts.patients(Part.CALIBRATION)
    healthy = (record for record in cohort.records if record.label == HEALTHY)
    return cohort.copies.once([record for record in healthy if record.patient in patients])
