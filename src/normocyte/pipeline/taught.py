"""A pipeline with what healthy calibration cells teach of neighbours."""

from dataclasses import replace

from normocyte.core.errors import TrainingError
from normocyte.core.types import Names, Scores, Table
from normocyte.pipeline.neighbours import Neighbours
from normocyte.pipeline.pipeline import Pipeline


def taught(pipeline: Pipeline, scores: Scores, tables: Table, patients: Names) -> Pipeline:
    """The pipeline with what healthy calibration cells teach of neighbours, and a cut for fields.

    Of each cell its score when judged alone (n,), NaN where there is none, its looks (n, 3) and its patient.
    Nothing is learnt, and every cell is judged alone, where the rule needs labels, where too few of the cells
    are of known patients with 8 or more, and where the rule refuses these.
    """
    alone = replace(pipeline, neighbours=Neighbours())
    if pipeline.threshold.uses_labels:
        return alone
    learnt = Neighbours()
    learnt.learn(scores, tables, patients)
    try:
        return replace(pipeline, neighbours=learnt.cut_by(pipeline.threshold))
    except TrainingError:
        return alone
