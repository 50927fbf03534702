"""Answers: what a workflow gives back, without prose and without drawing; and their JSON.

Each is imported when it is first used: who needs a verdict does not wait for reports.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from normocyte.results.comparison import Comparison as Comparison
    from normocyte.results.evaluation import Contents as Contents
    from normocyte.results.json import from_json as from_json
    from normocyte.results.json import read_result as read_result
    from normocyte.results.json import to_json as to_json
    from normocyte.results.json import write_result as write_result
    from normocyte.results.monitoring import Finding as Finding
    from normocyte.results.monitoring import Monitored as Monitored
    from normocyte.results.smear import Answer as Answer
    from normocyte.results.smear import Detection as Detection
    from normocyte.results.smear import PhotoResult as PhotoResult
    from normocyte.results.smear import Smear as Smear
    from normocyte.results.study import Study as Study
    from normocyte.results.study import StudyRow as StudyRow
    from normocyte.results.verdict import Decision as Decision
    from normocyte.results.verdict import Outcome as Outcome
    from normocyte.results.verdict import Verdict as Verdict

_HOMES = {
    "Answer": "smear",
    "Comparison": "comparison",
    "Contents": "evaluation",
    "Decision": "verdict",
    "Detection": "smear",
    "Finding": "monitoring",
    "Monitored": "monitoring",
    "Outcome": "verdict",
    "PhotoResult": "smear",
    "Smear": "smear",
    "Study": "study",
    "StudyRow": "study",
    "Verdict": "verdict",
    "from_json": "json",
    "read_result": "json",
    "to_json": "json",
    "write_result": "json",
}
__all__ = [*_HOMES]


def __getattr__(name: str) -> Any:
    """A public name, imported from its home when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'normocyte.results' has no attribute {name!r}.")
    found = getattr(import_module(f"normocyte.results.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names, for completion."""
    return sorted({*globals(), *_HOMES})
