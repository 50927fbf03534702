"""What `normocyte smear` does."""

import os
from pathlib import Path

from normocyte.cli.door import FAILED
from normocyte.pipeline.bundle.folder import DEFAULT


def run(
    photos: list[Path] | None = None,
    out: Path | None = None,
    bundle: Path = DEFAULT,
    false_positive_rate: float | None = None,
    limit: float = 0.02,
    sensitivity: float | None = None,
    red_cells: float = 5e6,
    plan: float | None = None,
    boxes: Path | None = None,
    by: str = "all",
    review: Path | None = None,
    patient: str = "",
    date: str = "",
    slide: str = "",
    operator: str = "",
    language: str = "",
    workers: int = 0,
) -> int:
    """Judge a smear or several and print the answer; gives the exit status."""
    from normocyte.cli.show.bar import say
    from normocyte.cli.show.smears import many_smears, one_smear
    from normocyte.core.errors import ConfigError
    from normocyte.wording.language import language_for, speaking, spoken, translated
    from normocyte.workflows.smear.place import mark, place_for
    from normocyte.workflows.smear.request import FOLDER, Labels, PlanRequest, SmearRequest, cells_needed

    with speaking(language or language_for(os.environ)):
        if plan is not None:
            needed = cells_needed(PlanRequest(plan, bundle, false_positive_rate, sensitivity))
            say(translated(needed.sentence))
            return 0
        if not photos:
            raise ConfigError("0 photos are given; give photos, or --plan with a parasitaemia.")
        place = out or place_for(photos)
        request = SmearRequest(
            photos=photos,
            out=place,
            bundle=bundle,
            false_positive_rate=false_positive_rate,
            limit=limit,
            sensitivity=sensitivity,
            red_cells=red_cells,
            boxes=boxes,
            by=by,
            review=review,
            labels=Labels(patient, date, slide, operator),
            workers=workers,
            language=spoken().code,
        )
        try:
            is_fine = many_smears(request) if by == FOLDER else one_smear(request)
        finally:
            if out is None:
                mark(place, photos)
        return 0 if is_fine else FAILED
