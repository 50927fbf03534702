"""The examples of the how-to guide run."""

import re
from pathlib import Path

import pandas as pd

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "scikit-learn.md"


def test_the_examples_of_the_guide_run(cells, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    table = pd.DataFrame(
        {"path": cells.files, "patient": cells.patients, "label": (cells.y == -1).astype(int)}
    )
    table.to_csv("cells.csv", index=False)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names = {}
    for block in blocks:
        exec(block, names)
    assert len(blocks) == 3
    assert names["auroc"].shape == (3,)
    assert names["decision"].shape == cells.y.shape
    assert names["best"].bundle_.threshold == -names["best"].offset_
