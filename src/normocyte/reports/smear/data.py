"""The numbers of a smear for programs: JSON and CSV."""

from collections import Counter
from collections.abc import Iterator
from math import inf

from normocyte.core.files import csv_text
from normocyte.core.names.hidden import as_text
from normocyte.reports.drawing.formatting import RESEARCH_ONLY, plain
from normocyte.reports.smear.words import suspects
from normocyte.results.json import to_json
from normocyte.results.scalars import Json, interval, number
from normocyte.results.smear import UNKNOWN_SHARE, Answer, Detection, PhotoResult, Smear, Suspect
from normocyte.wording.causes import sentence, sentences

COLUMNS = (
    "photo",
    "number",
    "x",
    "y",
    "width",
    "height",
    "verdict",
    "score",
    "seen",
    "kind",
    "certainty",
    "p_value",
    "reason",
)
REVIEW_COLUMNS = (*COLUMNS, "cell")
"""A row of the one table may be copied into the other."""


def smear_json(smear: Smear) -> dict[str, Json]:
    """Every number of the report, null for what cannot be said, and the smear itself under `result`."""
    return to_json(smear, _summary(smear))


def _summary(smear: Smear) -> dict[str, Json]:
    return {
        "statement": RESEARCH_ONLY,
        "name": plain(smear.name),
        "labels": {plain(name): plain(value) for name, value in smear.labels},
        "passed_over": plain(smear.passed_over),
        **_answer(smear.answer),
        "cells": smear.cells,
        "flagged": smear.flagged,
        "kinds": _kinds(sum((photo.kinds for photo in smear.photos), Counter[str]())),
        "photos": [_photo(photo) for photo in smear.photos],
        "suspects": [_suspect(suspect) for suspect in suspects(smear)],
        "bundle": plain(smear.bundle),
        "guarantee": smear.guarantee,
        "threshold": number(smear.threshold),
        "compared": smear.compared,
        "normocyte": smear.normocyte,
    }


def cells_csv(smear: Smear) -> str:
    """One row a thing, photo by photo; a missing number is empty."""
    return csv_text(COLUMNS, (row for photo in smear.photos for row in _rows(photo)))


def review_csv(smear: Smear) -> str:
    """The cells to look at, one row a cell in the order of the page, with a column for what a person saw.

    These are the flagged cells and all that a person said something of; where there are none, the cells that
    are shown as the nearest to suspicious.
    """
    shown = {(suspect.photo, suspect.number) for suspect in smear.suspects if not smear.flagged}
    found = [
        (-detection.verdict.score if detection.is_counted else inf, photo.name, index, detection)
        for photo in smear.photos
        for index, detection in enumerate(photo.detections, start=1)
        if detection.is_flagged or detection.seen or (photo.name, index) in shown
    ]
    in_order = enumerate(sorted(found, key=lambda one: one[:3]), start=1)
    rows = (
        (as_text(photo), place, *_row(detection), order) for order, (_, photo, place, detection) in in_order
    )
    return csv_text(REVIEW_COLUMNS, rows)


def _rows(photo: PhotoResult) -> Iterator[tuple[object, ...]]:
    return (
        (as_text(photo.name), index, *_row(detection))
        for index, detection in enumerate(photo.detections, start=1)
    )


def _row(detection: Detection) -> tuple[object, ...]:
    cell, verdict = detection.cell, detection.verdict
    numbers = (verdict.score, cell.certainty, verdict.p_value)
    score, certainty, p_value = ("" if number(one) is None else repr(float(one)) for one in numbers)
    box = (cell.x, cell.y, cell.width, cell.height)
    said = (str(verdict.outcome), score, detection.seen)
    return (*box, *said, str(cell.kind), certainty, p_value, sentence(verdict.cause))


def _answer(answer: Answer) -> dict[str, Json]:
    return {
        "decision": str(answer.decision),
        "reason": answer.reason,
        "looked_at": answer.looked_at,
        "parasites_seen": answer.confirmed,
        "expected_flagged": number(answer.expected),
        "p_value": number(answer.p_value),
        "limit": number(answer.limit),
        "cells_needed": answer.cells_needed or None,
        "least_shown_by_counting": number(answer.least_shown),
        "bound": number(answer.bound),
        "bound_sentence": answer.bound_sentence,
        "parasitaemia": interval(answer.parasitaemia if answer.is_stated else UNKNOWN_SHARE),
        "by_count_alone": interval(answer.by_count),
        "rogan_gladen": interval(answer.rogan_gladen),
        "bayesian": interval(answer.bayesian),
        "meaning": answer.meaning if answer.is_stated else "",
        "per_microlitre": interval(answer.per_microlitre if answer.is_stated else UNKNOWN_SHARE),
        "red_cells_per_microlitre": number(answer.red_cells),
        "min_anomalous": answer.min_anomalous,
        "min_anomalous_text": answer.min_anomalous_text,
    }


def _photo(photo: PhotoResult) -> Json:
    return {
        "name": plain(photo.name),
        "grade": photo.grade,
        "reasons": [plain(reason) for reason in sentences(photo.causes)],
        "cells": photo.cells,
        "flagged": photo.flagged,
        "kinds": _kinds(photo.kinds),
        "diameter_px": number(photo.diameter_px),
        "outlined": plain(photo.outlined),
        "width": photo.size_px[0],
        "height": photo.size_px[1],
    }


def _kinds(kinds: Counter[str]) -> Json:
    """How many of each kind, in the order of their names."""
    return {kind: kinds[kind] for kind in sorted(kinds)}


def _suspect(suspect: Suspect) -> Json:
    """Where a cell of the review sheet stands: its row among those of its photo, from 1."""
    verdict = suspect.verdict
    return {
        "photo": plain(suspect.photo),
        "number": suspect.number,
        "score": number(verdict.score),
        "p_value": number(verdict.p_value),
        "verdict": str(verdict.outcome),
        "seen": suspect.seen,
    }
