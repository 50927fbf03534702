"""The README is short, and says of results what the kept results say."""

import json
from pathlib import Path

from studies.kit.pages import FILE
from studies.results.headline import headline

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST_LINES = 90


def test_the_readme_fits_ninety_lines():
    assert len(README.splitlines()) <= MOST_LINES


def test_the_figures_of_the_readme_are_those_of_the_kept_results():
    kept = json.loads((ROOT / "studies" / "results" / FILE).read_text(encoding="utf-8"))
    assert headline(kept["results"]["told"]) in " ".join(README.split())
