"""The sentence that a result opens with follows the interval, and nothing else."""

import pytest

from normocyte.core.types import Estimate
from normocyte.results.comparison import Beside, Comparison
from normocyte.results.shortcuts import MeasuredContrast, ShortcutRow, Shortcuts
from normocyte.wording.shortcuts import Kinds, beaten, differing, few_differing, opening, opening_of

KINDS = Kinds.of("slice", "tumour")


def row(name, value, low, high, uses_labels=False):
    area, difference = Estimate(value, value - 0.02, value + 0.02), Estimate(0.95 - value, low, high)
    return ShortcutRow(name, name.replace("_", " "), uses_labels, area, difference)


def beside(*rows, **more):
    return Shortcuts(tuple(rows), detector=Estimate(0.95, 0.93, 0.97), healthy=100, **more)


CLOSE = row("gray_histogram", 0.94, -0.01, 0.03, uses_labels=True)
BETTER = row("file_size", 0.97, -0.05, 0.01)
FAR = row("border", 0.6, 0.3, 0.4)


def test_a_baseline_that_comes_close_is_said_first():
    assert opening(beside(CLOSE, FAR)) == (
        "The gray histogram alone, fitted with labels, reaches AUROC 0.940, the detector 0.950, and chance "
        "could explain the difference (95 % interval \N{MINUS SIGN}0.010 to +0.030): this result may show "
        "how the images were taken or stored, not disease."
    )


def test_a_baseline_that_is_better_is_said_first():
    said = opening(beside(BETTER, CLOSE, FAR))
    assert said.startswith("The file size alone reaches AUROC 0.970, and the detector no more than 0.950: ")
    assert said.endswith("1 more baseline comes as close.")


def test_a_detector_that_is_better_than_all_says_by_how_much():
    assert opening(beside(FAR)) == ""
    assert beaten(beside(FAR)).endswith("the detector is better by 0.350 (95 % interval +0.300 to +0.400).")
    assert beaten(beside(CLOSE)) == ""


def test_an_interval_that_is_not_known_claims_nothing():
    unknown = row("border", 0.6, float("nan"), float("nan"))
    assert "by how much they differ is not known" in opening(beside(unknown))


def test_without_baselines_nothing_is_said():
    assert (opening(Shortcuts()), beaten(Shortcuts()), differing(Shortcuts(), KINDS)) == ("", "", ())


@pytest.mark.parametrize(("auroc", "said"), [(0.9, "0.900"), (0.1, "0.900")])
def test_a_measure_that_differs_has_a_line_in_both_directions(auroc, said):
    found = beside(measures=(MeasuredContrast("file_size", "file size", auroc, 0.0005),))
    line = f"File size differs between healthy slices and tumour slices (AUROC {said}, p < 0.001)."
    assert differing(found, KINDS) == (line,)


def test_a_measure_that_chance_explains_has_no_line():
    assert differing(beside(measures=(MeasuredContrast("border", "step", 0.7, 0.03),)), KINDS) == ()


def test_the_terminal_has_the_strongest_measures_and_counts_the_others():
    many = tuple(MeasuredContrast("border", f"step {n}", 0.6 + n / 100, 0.001) for n in range(6))
    lines = few_differing(beside(measures=many), KINDS)
    assert lines[0].startswith("Step 5 ")
    assert lines[-1] == "So do 2 more measures, see the report."


def test_a_comparison_opens_for_its_best_configuration_and_names_the_others():
    every = tuple(Beside(name, beside(CLOSE)) for name in ("pca", "conv"))
    said = opening_of(Comparison((), (), "pca", 1, (), beside=every))
    assert "AUROC 0.940, pca 0.950, and chance" in said
    assert said.endswith("conv is not better than a shortcut baseline by more than chance.")
