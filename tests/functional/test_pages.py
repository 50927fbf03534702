"""Pages of measurements are made again from what was kept."""

import json

import pytest

from normocyte.core.errors import DatasetError
from studies.kit.pages import filled, keep, kept_results


def test_a_page_is_filled_with_what_was_kept(tmp_path):
    template = tmp_path / "page.md.jinja"
    template.write_text("{% for name in names %}\n- {{ name }}\n{% endfor %}\n", encoding="utf-8")
    keep(tmp_path / "kept.json", 1, {"names": ["pca", "conv"]})
    assert filled(template, **kept_results(tmp_path / "kept.json", 1)) == "- pca\n- conv\n"


def test_kept_results_of_an_older_schema_are_refused(tmp_path):
    place = tmp_path / "kept.json"
    place.write_text(json.dumps({"schema": 1, "made": "2026-01-01", "results": {}}), encoding="utf-8")
    with pytest.raises(DatasetError, match=r"is of schema 1, this study reads schema 2\. Run the study"):
        kept_results(place, 2)


def test_a_study_that_kept_nothing_says_so(tmp_path):
    with pytest.raises(DatasetError, match=r"no results were kept\. Run the study"):
        kept_results(tmp_path / "kept.json", 1)


def test_damaged_results_are_refused(tmp_path):
    (tmp_path / "kept.json").write_text("{", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"kept\.json is no JSON: .* or run the study again"):
        kept_results(tmp_path / "kept.json", 1)
