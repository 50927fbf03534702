"""Own parts where a user has them: configurations, bundles, the command line, processes, and Python."""

import importlib
import json
import re
import shutil
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest

import normocyte as nc
from normocyte.core.errors import BundleError, ConfigError, PartError
from normocyte.pipeline.bundle.layout import FACTS, seal
from normocyte.pipeline.recipe.recipe import find_recipe
from normocyte.workflows.comparison.figures import compared_metrics
from normocyte.workflows.comparison.run import place_of

pytestmark = pytest.mark.usefixtures("own_parts_forgotten")

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "own-parts.md"
LOUDEST = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[1]


@pytest.fixture(scope="module")
def trained(process, recipes, cells, tmp_path_factory):
    """The folder of a demo with an own score that the configuration names, and what was printed."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "my_parts" / "scores").mkdir(parents=True)
    (folder / "my_parts" / "scores" / "loudest.py").write_text(LOUDEST, encoding="utf-8")
    (folder / "my_parts" / "scores" / "broken.py").write_text("x = (1\n", encoding="utf-8")
    text = recipes["pca"].read_text(encoding="utf-8").replace("dark_top_fraction", "loudest")
    (folder / "mine.toml").write_text(f'plugins = "my_parts"\n{text}', encoding="utf-8")
    run = process("demo", "--config", folder / "mine.toml", "--data", cells, "--out", folder)
    printed = "".join(run.communicate())
    assert run.returncode == 0, printed
    (folder / "printed.txt").write_text(printed, encoding="utf-8")
    return folder


@pytest.fixture
def end(process):
    """The command line in a process of its own, to its end: exit status, standard output and error."""

    def run(*arguments):
        started = process(*arguments)
        out, err = started.communicate()
        return started.returncode, out, err

    return run


def test_a_configuration_that_names_a_folder_loads_its_parts_and_says_so(trained):
    printed = (trained / "printed.txt").read_text(encoding="utf-8")
    assert f"Own parts are loaded from {trained / 'my_parts'}: scores/loudest.\n" in printed
    assert re.search(r"broken\.py is left out: line 1, SyntaxError: '\(' was never closed\. Correct", printed)


def test_a_bundle_with_an_own_part_says_what_to_do_where_nobody_knows_it(trained, cells, end):
    status, _, err = end("score", cells, "--bundle", trained / "bundle")
    assert status == 2
    assert "needs the score 'loudest', which Normocyte" in err
    assert "Give the folder that it is in: --plugins, or in Python nc.use_parts(DIR); or" in " ".join(
        err.split()
    )


def test_two_processes_score_with_an_own_part_as_one_does(trained, cells, end):
    answers = []
    for workers in (1, 2):
        asked = ("--bundle", trained / "bundle", "--plugins", trained / "my_parts", "--workers", workers)
        status, out, err = end("score", cells, *asked)
        assert status == 0, err
        answers.append(out)
    assert answers[0] == answers[1]
    assert answers[0].count("\n") == 161


def test_python_uses_own_parts_after_it_was_asked_to(trained, cells):
    with pytest.raises(BundleError, match=r"needs the score 'loudest'.*nc\.use_parts\(DIR\)"):
        nc.load(trained / "bundle")
    with pytest.warns(UserWarning, match=r"broken\.py is left out"):
        assert nc.use_parts(trained / "my_parts") == ("scores/loudest",)
    assert len(nc.load(trained / "bundle").score(cells)) == 160


def test_python_warns_where_a_recipe_loads_own_parts(trained, cells):
    with pytest.warns(UserWarning, match="Own parts are loaded from .*my_parts: scores/loudest|is left out"):
        nc.train(str(trained / "mine.toml"), data=cells)


def traitor(trained, folder, change):
    """A bundle whose recipe was changed and sealed again, beside a folder whose code must not run."""
    bundle = shutil.copytree(trained / "bundle", folder / "bundle")
    scores = bundle / "parts" / "scores"
    scores.mkdir(parents=True)
    (scores / "loudest.py").write_text("raise SystemExit('this ran')", encoding="utf-8")
    content = json.loads((bundle / FACTS).read_text(encoding="utf-8"))
    change(content["recipe"], bundle)
    del content["sha256"]
    (bundle / FACTS).write_text(json.dumps(content | {"sha256": seal(content)}), encoding="utf-8")
    return bundle


def names_a_folder(recipe, bundle):
    recipe["plugins"] = str(bundle / "parts")


def names_a_recipe(recipe, bundle):
    (bundle / "other.toml").write_text('plugins = "parts"\n', encoding="utf-8")
    recipe["ensemble"] = {"member": [{"recipe": str(bundle / "other.toml")}]}


@pytest.mark.parametrize("change", [names_a_folder, names_a_recipe])
def test_a_bundle_never_runs_code_from_a_folder_that_it_names(trained, tmp_path, change, monkeypatch):
    bundle = traitor(trained, tmp_path, change)
    monkeypatch.chdir(bundle)
    with pytest.raises(BundleError):
        nc.load(bundle)
    with warnings.catch_warnings(action="ignore"):
        nc.use_parts(trained / "my_parts")
    with pytest.raises(BundleError, match=r"(?s)cannot be built.*no table or key 'plugins'"):
        nc.load(bundle)


FOLDERS = {
    "a missing one": ('"nowhere"', r"line 1: .*nowhere does not exist; give a folder of own parts"),
    "a number": ("7", "line 1: plugins must be a folder or a list of folders, not 7."),
    "an empty text": ('""', "line 1: plugins must be a folder or a list of folders, not ''."),
}


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_configuration_that_names_no_folder_is_refused_with_its_line(kind, recipes, cells, tmp_path, call):
    value, sentence = FOLDERS[kind]
    text = recipes["pca"].read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(f"plugins = {value}\n{text}", encoding="utf-8")
    outcome = call("train", tmp_path / "mine.toml", "--data", cells, "--out", tmp_path / "bundle")
    assert outcome.exit_code == 2
    assert re.search(sentence, outcome.stderr)


def test_a_comparison_runs_again_where_an_own_part_was_changed(trained, tmp_path):
    shutil.copytree(trained / "my_parts" / "scores", tmp_path / "my_parts" / "scores")
    shutil.copy(trained / "mine.toml", tmp_path)
    with pytest.warns(UserWarning, match="Own parts|left out"):
        recipe = find_recipe(str(tmp_path / "mine.toml"))
    cohort = SimpleNamespace(fingerprint="0", doubtful=())
    before, again = (place_of("mine", recipe, cohort, tmp_path) for _ in range(2))
    with (tmp_path / "my_parts" / "scores" / "loudest.py").open("a", encoding="utf-8") as file:
        file.write("# changed")
    assert before == again != place_of("mine", recipe, cohort, tmp_path)


def test_an_own_metric_stands_in_comparisons_as_soon_as_it_is_loaded(tmp_path):
    before = [shown.key for shown, _ in compared_metrics()]
    (tmp_path / "metrics").mkdir()
    auroc = Path(importlib.import_module("normocyte.metrics.auroc").__file__).read_text(encoding="utf-8")
    own = auroc.replace('TableRow("auroc"', 'TableRow("mine"')
    (tmp_path / "metrics" / "mine.py").write_text(own, encoding="utf-8")
    nc.use_parts(tmp_path)
    assert sorted(shown.key for shown, _ in compared_metrics()) == sorted([*before, "mine"])


def test_a_list_of_folders_may_be_named(trained, recipes, tmp_path):
    text = recipes["pca"].read_text(encoding="utf-8").replace("dark_top_fraction", "loudest")
    (tmp_path / "mine.toml").write_text(f"plugins = ['{trained / 'my_parts'}']\n{text}", encoding="utf-8")
    with pytest.warns(UserWarning, match="Own parts|left out"):
        assert type(find_recipe(str(tmp_path / "mine.toml")).members[0].score).__name__ == "Loudest"


@pytest.mark.parametrize(
    ("given", "sentence"), [("", "An empty text is no folder"), (7, "A int is not taken"), (None, "NoneType")]
)
def test_what_is_no_folder_of_parts_is_refused_in_python(given, sentence, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=sentence):
        nc.use_parts(given)


FAILING = {
    "raises": (
        "if True:\n            raise RuntimeError('no light')",
        "failed: RuntimeError: no light (",
        ", line 20)",
    ),
    "gives too little": (
        "return np.zeros(1)\n        if True:\n            pass",
        "gave an array of the shape (1,), but an array of the shape (",
        ",) is needed (",
    ),
}


@pytest.mark.parametrize("kind", FAILING)
def test_an_own_part_that_fails_in_use_is_named_with_its_file(kind, recipes, cells, tmp_path, call):
    instead, *words = FAILING[kind]
    (tmp_path / "scores").mkdir()
    text = LOUDEST.replace("        counted =", f"        {instead}\n        counted =")
    (tmp_path / "scores" / "loudest.py").write_text(text, encoding="utf-8")
    text = recipes["pca"].read_text(encoding="utf-8").replace("dark_top_fraction", "loudest")
    (tmp_path / "mine.toml").write_text(f'plugins = "."\n{text}', encoding="utf-8")
    outcome = call("train", tmp_path / "mine.toml", "--data", cells, "--out", tmp_path / "bundle")
    assert outcome.exit_code == 1
    for one in ("Error: The score 'loudest' ", str(tmp_path / "scores" / "loudest.py"), *words):
        assert one in " ".join(outcome.stderr.split())
    with warnings.catch_warnings(action="ignore"), pytest.raises(PartError, match=re.escape(words[0])):
        nc.train(str(tmp_path / "mine.toml"), data=cells)


STEP = """
from dataclasses import dataclass
from normocyte.core.types import Sample
from normocyte.preprocessing.contract import Step

@dataclass
class Odd(Step):
    \"\"\"Gives what the next part cannot take.\"\"\"

    def apply(self, sample: Sample) -> Sample:
        return {answer}
"""
RULE = """
from dataclasses import dataclass
from normocyte.core.types import Labels, Names, Scores
from normocyte.thresholds.contract import Guarantee, Threshold

@dataclass
class Odd(Threshold):
    \"\"\"Gives what is no threshold.\"\"\"

    def choose(self, scores: Scores, patients: Names, labels: Labels) -> float:
        return {answer}

    def p_values(self, scores, calibration, patients=None):
        return scores[:1]

    def guarantee(self, calibration):
        return Guarantee("none.")
"""
STEP_BEFORE = '[[preprocessing]]\nname = "chromatin_contrast"\n'
RULE_BEFORE = '[threshold]\nname = "quantile"\nfalse_positive_rate = 0.1\n'
ODD = {
    "pixels without channels": (
        *("preprocessing", STEP, "Sample(sample.pixels[..., 0], sample.mask)"),
        "The preprocessing step 'odd' gave pixels of the shape (32, 32) and a mask of the shape (32, 32)",
    ),
    "a smaller mask": (
        *("preprocessing", STEP, "Sample(sample.pixels, sample.mask[:9])"),
        "The preprocessing step 'odd' gave pixels of the shape (32, 32, 1) and a mask of the shape (9, 32)",
    ),
    "no sample": (
        *("preprocessing", STEP, "sample.pixels"),
        "The preprocessing step 'odd' gave an array of the shape (32, 32, 1), but a Sample of pixels and",
    ),
    "several thresholds": (
        *("thresholds", RULE, "scores[:2]"),
        "The threshold 'odd' gave an array of the shape (2,), but one number is needed",
    ),
    "one p-value for all": (
        *("thresholds", RULE, "0.5"),
        "The threshold 'odd' gave an array of the shape (1,), but an array of the shape (",
    ),
}


@pytest.mark.parametrize("kind", ODD)
def test_an_own_step_or_threshold_that_gives_a_wrong_shape_is_named(kind, recipes, cells, tmp_path, call):
    room, text, answer, sentence = ODD[kind]
    (tmp_path / room).mkdir()
    (tmp_path / room / "odd.py").write_text(text.format(answer=answer), encoding="utf-8")
    recipe = recipes["pca"].read_text(encoding="utf-8")
    own = recipe.replace(STEP_BEFORE, f'{STEP_BEFORE}[[preprocessing]]\nname = "odd"\n')
    own = own if room == "preprocessing" else recipe.replace(RULE_BEFORE, '[threshold]\nname = "odd"\n')
    (tmp_path / "mine.toml").write_text(f'plugins = "."\n{own}', encoding="utf-8")
    outcome = call("demo", "--config", tmp_path / "mine.toml", "--data", cells, "--out", tmp_path / "out")
    assert outcome.exit_code == 1
    assert sentence in " ".join(outcome.stderr.split())
    assert f"({tmp_path / room / 'odd.py'}). Correct it there." in " ".join(outcome.stderr.split())


@pytest.mark.parametrize("words", [("score", "cells", "--plugins", ""), ("parts", "check", "")])
def test_an_empty_text_never_runs_the_code_of_the_current_folder(words, call, tmp_path, monkeypatch):
    (tmp_path / "scores").mkdir()
    (tmp_path / "scores" / "loudest.py").write_text("raise SystemExit('this ran')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    outcome = call(*words)
    assert outcome.exit_code == 2
    assert "An empty text is no folder of own parts" in outcome.stderr
    assert "this ran" not in outcome.stderr


def test_the_next_command_of_a_demo_names_the_own_parts_that_it_needs(trained):
    printed = (trained / "printed.txt").read_text(encoding="utf-8")
    assert re.search(rf"Next: .* --plugins {re.escape(str(trained / 'my_parts'))}\n", printed)
