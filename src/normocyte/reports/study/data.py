"""The numbers of a study for programs: JSON, CSV, and rows back from such a JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from normocyte.core.files import csv_text
from normocyte.core.types import Estimate
from normocyte.reports.drawing.formatting import RESEARCH_ONLY, plain
from normocyte.reports.drawing.json import Json, number
from normocyte.reports.study.words import many_tests
from normocyte.results.decision import Decision
from normocyte.results.study import Study, StudyRow

SCHEMA = 2
NAME = "study.json"
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
_NOT_A_STUDY = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


def study_json(study: Study) -> Json:
    """Every number of the study; what cannot be said is null."""
    return {
        "schema": SCHEMA,
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


def finished(folder: Path) -> dict[str, StudyRow]:
    """The rows of an earlier study in this folder whose pages stand, by what they were made of."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
        rows = [_row_of(told) for told in content["smears"]]
    except _NOT_A_STUDY:  # there is none, or none that could be gone on with
        return {}
    return {row.input_digest: row for row in rows if row.input_digest}


def _row(row: StudyRow) -> Json:
    share = row.parasitaemia
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
        "parasitaemia": {"value": number(share.value), "low": number(share.low), "high": number(share.high)},
        "made_of": row.input_digest,
    }


def _line(row: StudyRow) -> tuple[object, ...]:
    share = row.parasitaemia
    numbers = (row.p_value, share.value, share.low, share.high)
    counts = (row.photos, row.usable, row.cells, row.flagged, row.looked_at, row.confirmed)
    said = ("" if number(one) is None else repr(float(one)) for one in numbers)
    return (row.name, *counts, row.decision, *said)


def _row_of(told: Mapping[str, Any]) -> StudyRow:
    share = told["parasitaemia"]
    return StudyRow(
        name=str(told["smear"]),
        folder=str(told["folder"]),
        photos=int(told["photos"]),
        usable=int(told["usable_photos"]),
        cells=int(told["cells"]),
        flagged=int(told["flagged"]),
        decision=Decision(told["decision"]),
        p_value=_or_nan(told["p_value"]),
        parasitaemia=Estimate(*(_or_nan(share[end]) for end in ("value", "low", "high"))),
        input_digest=str(told["made_of"]),
        looked_at=int(told["looked_at"]),
        confirmed=int(told["parasites_seen"]),
    )


def _or_nan(value: Any) -> float:
    return float("nan") if value is None else float(value)
