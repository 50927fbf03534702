"""The numbers of a new detector for programs."""

from normocyte.reports.evaluation.data import metrics_json
from normocyte.results.new import NewContents
from normocyte.results.scalars import Json, number


def new_json(contents: NewContents) -> dict[str, Json]:
    """Those of the evaluation, and under `chosen` how the detector was chosen."""
    chosen = contents.chosen
    choices: Json = [{"what": one.what, "value": one.value, "reason": one.reason} for one in chosen.choices]
    tried: Json = [
        {
            "name": one.name,
            "is_chosen": one.is_chosen,
            "mean": number(one.mean),
            "auroc": {kind: number(value) for kind, value in zip(chosen.kinds, one.aurocs, strict=True)},
        }
        for one in chosen.tried
    ]
    told: dict[str, Json] = {"choices": choices, "tried": tried, "promise": chosen.promise}
    return {**metrics_json(contents.evaluation), "chosen": told}
