"""A study goes on from the file of an earlier Normocyte, where what stands there still holds."""

import json
import math

import pytest

from normocyte.core.types import Estimate
from normocyte.results.json import finished
from normocyte.results.study import StudyRow
from normocyte.results.verdict import Decision

SCHEMA_2 = """{
  "schema": 2,
  "statement": "For research use only: not for clinical use.",
  "name": "ward",
  "careful": [],
  "passed_over": "",
  "smears_in_all": 1,
  "p_values": "",
  "limit": 0.02,
  "level": 0.05,
  "smears": [
    {
      "smear": "ann",
      "folder": "ann",
      "photos": 3,
      "usable_photos": 2,
      "cells": 1377,
      "flagged": 8,
      "looked_at": 8,
      "parasites_seen": 2,
      "decision": "parasites seen",
      "p_value": null,
      "parasitaemia": {"value": 0.0015, "low": 0.0002, "high": 0.0052},
      "made_of": "46f8"
    }
  ],
  "bundle": "shipped",
  "guarantee": "At most 1 % of healthy cells are flagged.",
  "normocyte": "0.1.0"
}"""
SCHEMA_1 = """{
  "schema": 1,
  "name": "ward",
  "smears_in_all": 1,
  "smears": [
    {
      "smear": "ann",
      "folder": "ann",
      "photos": 3,
      "usable_photos": 3,
      "cells": 377,
      "flagged": 8,
      "decision": "parasites suspected",
      "p_value": 0.001,
      "parasitaemia": {"value": 0.02, "low": 0.01, "high": 0.03},
      "made_of": "46f8"
    }
  ],
  "bundle": "shipped",
  "normocyte": "0.1.0"
}"""


def kept(folder, text):
    (folder / "study.json").write_text(text, encoding="utf-8")
    return finished(folder)


def test_a_file_of_schema_2_gives_its_rows(tmp_path):
    (row,) = kept(tmp_path, SCHEMA_2).values()
    assert isinstance(row, StudyRow)
    assert (row.name, row.usable, row.confirmed, row.input_digest) == ("ann", 2, 2, "46f8")
    assert (row.decision, row.parasitaemia) == (Decision.PARASITES_SEEN, Estimate(0.0015, 0.0002, 0.0052))
    assert math.isnan(row.p_value)


def test_a_smear_of_schema_1_is_judged_again_since_its_decision_is_none_of_today(tmp_path):
    assert kept(tmp_path, SCHEMA_1) == {}


@pytest.mark.parametrize("name", ["made_of", "flagged", "decision", "parasitaemia"])
def test_a_row_that_lacks_something_keeps_nothing(name, tmp_path):
    assert kept(tmp_path, SCHEMA_2.replace(f'"{name}"', '"other"')) == {}


@pytest.mark.parametrize("smears", [None, 7, [7], {"ann": {}}])
def test_smears_that_are_no_rows_keep_nothing(smears, tmp_path):
    assert kept(tmp_path, json.dumps({"schema": 2, "smears": smears})) == {}
