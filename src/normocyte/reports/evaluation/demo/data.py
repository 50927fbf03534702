"""The numbers of a demo for programs."""

from normocyte.core.types import Estimate
from normocyte.results.demo import DemoContents, Method
from normocyte.results.evaluation import ThresholdRow
from normocyte.results.scalars import Json, interval, number

_SHARES = ("precision", "recall", "f1", "false_positive_rate")


def demo_json(contents: DemoContents) -> dict[str, Json]:
    """What each method reaches: one object a method under its name, null for what cannot be said."""
    return {
        "note": contents.note,
        "methods": {method.name: _method(method) for method in contents.methods},
    }


def _method(method: Method) -> Json:
    return {
        "sensitivity_at_specificity_99": _estimate(method.sensitivity),
        "auroc": _estimate(method.auroc),
        "threshold_at_specificity_99": number(method.strict),
        "before_tuning": _row(method.before),
        "after_tuning": _row(method.after) if method.after else None,
        "variance_explained": number(method.training.variance_explained),
        "is_under_trained": method.training.is_under_trained,
        "outline_share": number(method.outline_share),
    }


def _estimate(estimate: Estimate) -> Json:
    return interval(estimate)


def _row(row: ThresholdRow) -> Json:
    shares: dict[str, Json] = {name: number(getattr(row, name)) for name in _SHARES}
    return {"rule": row.rule, "threshold": number(row.threshold), **shares}
