"""The tutorial runs as it is printed, on fewer cells and without networks."""

import re
import shlex
from pathlib import Path

import pandas as pd
import pytest
from matplotlib import pyplot as plt

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FEWER = {
    "--cells 2400 --patients 80": "--cells 200 --patients 20",
    "--cells 40 --patients 8": "--cells 12 --patients 4",
    "--fields 6": "--fields 1 --width 960 --height 720",
    'train("classic"': 'train("classic.toml"',
}
"""What the test puts in place of the sizes and the recipes of the page; each is in it."""
BY_HAND = ("train", "evaluate", "smear", "show")
"""Commands whose work the next Python block or the test does; `tests/gates/test_commands.py` parses them."""
QUICK = '[detector]\nname = "pca"\ncomponents = 8\n'
RULE = '[threshold]\nname = "quantile"\nfalse_positive_rate = 0.1\n'


def quick(recipe: str) -> str:
    """The recipe with a detector that learns at once; the default with a rule that needs few cells, too."""
    text = (ROOT / "configs" / f"{recipe}.toml").read_text(encoding="utf-8")
    steps, score = re.split(r"^\[detector\].*?(?=^\[score\])", text, flags=re.MULTILINE | re.DOTALL)
    return steps + QUICK + (score if recipe == "classic" else score.partition("[threshold]")[0] + RULE)


@pytest.fixture
def blocks(tmp_path, monkeypatch):
    """The blocks of the page with their languages, in a folder with the quick recipes."""
    monkeypatch.chdir(tmp_path)
    for recipe in ("classic", "default"):
        Path(f"{recipe}.toml").write_text(quick(recipe), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    for printed, small in FEWER.items():
        assert printed in page
        page = page.replace(printed, small)
    return BLOCK.findall(page)


@pytest.mark.filterwarnings("ignore::UserWarning")  # so few cells give doubtful figures, which is said
def test_the_tutorial_runs_and_both_languages_agree(blocks, call):
    plt.switch_backend("agg")
    names: dict = {}
    for language, text in blocks:
        if language == "python":
            exec(text, names)
            continue
        for _, *words in map(shlex.split, text.splitlines()):
            assert words[0] in BY_HAND or call(*words).exit_code == 0, words
    plt.close("all")
    assert set(names["strict"].detector) == {"pca", "stain_rule"}
    assert pd.read_csv("scores.csv").verdict.tolist() == names["table"].verdict.tolist()
    assert {file.name for file in Path().glob("*.png")} >= {"classic-cells.png", "default-scores.png"}
    assert Path("smear/smear.html").is_file()
