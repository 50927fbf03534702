"""Answers: what a workflow gives back, without prose and without drawing; and their JSON."""

from normocyte.results.comparison import Comparison
from normocyte.results.evaluation import Contents
from normocyte.results.json import from_json, read_result, to_json, write_result
from normocyte.results.monitoring import Finding, Monitored
from normocyte.results.smear import Answer, Detection, PhotoResult, Smear
from normocyte.results.study import Study, StudyRow
from normocyte.results.verdict import Decision, Outcome, Verdict

__all__ = [
    "Answer",
    "Comparison",
    "Contents",
    "Decision",
    "Detection",
    "Finding",
    "Monitored",
    "Outcome",
    "PhotoResult",
    "Smear",
    "Study",
    "StudyRow",
    "Verdict",
    "from_json",
    "read_result",
    "to_json",
    "write_result",
]
