"""The numbers of a study for programs: JSON and CSV."""

from normocyte.core.files import csv_text
from normocyte.core.names.hidden import as_text
from normocyte.reports.drawing.formatting import RESEARCH_ONLY, plain
from normocyte.reports.study.words import many_tests
from normocyte.results.json import to_json
from normocyte.results.scalars import Json, interval, number
from normocyte.results.study import Study, StudyRow

COLUMNS = (
    "smear",
    "photos",
    "usable_photos",
    "cells",
    "flagged",
    "looked_at",
    "parasites_seen",
    "decision",
    "p_value",
    "parasitaemia",
    "low",
    "high",
)


def study_json(study: Study) -> dict[str, Json]:
    """Every number of the study, null for what cannot be said, and the study itself under `result`."""
    return to_json(study, _summary(study))


def _summary(study: Study) -> dict[str, Json]:
    return {
        "statement": RESEARCH_ONLY,
        "name": plain(study.name),
        "careful": [plain(sentence) for sentence in study.careful],
        "passed_over": plain(study.passed_over),
        "smears_in_all": study.smears,
        "p_values": many_tests(study),
        "limit": number(study.limit),
        "level": number(study.level),
        "smears": [_row(row) for row in study.sorted()],
        "bundle": plain(study.bundle),
        "guarantee": study.guarantee,
        "normocyte": study.normocyte,
    }


def study_csv(study: Study) -> str:
    """One row a smear; a missing number is empty."""
    return csv_text(COLUMNS, map(_line, study.sorted()))


def _row(row: StudyRow) -> Json:
    return {
        "smear": plain(row.name),
        "folder": plain(row.folder),
        "photos": row.photos,
        "usable_photos": row.usable,
        "cells": row.cells,
        "flagged": row.flagged,
        "looked_at": row.looked_at,
        "parasites_seen": row.confirmed,
        "decision": str(row.decision),
        "p_value": number(row.p_value),
        "parasitaemia": interval(row.parasitaemia),
        "input_digest": row.input_digest,
    }


def _line(row: StudyRow) -> tuple[object, ...]:
    share = row.parasitaemia
    numbers = (row.p_value, share.value, share.low, share.high)
    counts = (row.photos, row.usable, row.cells, row.flagged, row.looked_at, row.confirmed)
    said = ("" if number(one) is None else repr(float(one)) for one in numbers)
    return (as_text(row.name), *counts, str(row.decision), *said)
