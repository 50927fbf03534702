"""Sentences with figures are computed: no template of a page holds a figure that somebody typed."""

import pytest

from studies.kit.pages import TEMPLATES, typed_figures


def test_no_template_holds_a_typed_figure(root):
    found = {
        f"{template.relative_to(root)}:{line}": figure
        for template in sorted((root / "studies").rglob(TEMPLATES))
        for line, figure in typed_figures(template.read_text(encoding="utf-8"))
    }
    assert found == {}


@pytest.mark.parametrize(
    "sentence",
    [
        "It reaches .987.",
        "It finds 99 % of them.",
        "| conv | 0.985 |",
        "In {{ share }} of 20 cases",
        "Of 1,128 cells",
    ],
)
def test_a_typed_figure_is_named_with_its_line(sentence):
    lines = [line for line, _ in typed_figures(f"# A page\n\n{sentence}\n")]
    assert lines == [3]


@pytest.mark.parametrize(
    "sentence",
    [
        "It reaches {{ auroc }}.",
        "`--seeds 3`",
        "```sh\nnormocyte compare --seeds 3\n```",
        "[0025](../design/0025-an-honest-classic.md)",
        "Li et al., CVPR 2021",
        "the sensitivity at 99 % specificity, with its 95 % interval, of crops of 128 px",
        "{% for name in names[:3] %}{{ name }}{% endfor %}",
    ],
)
def test_what_a_new_run_cannot_change_may_be_typed(sentence):
    assert list(typed_figures(sentence)) == []
