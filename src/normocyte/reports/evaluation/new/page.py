"""The page on a new detector: one file that needs no other, with every name escaped."""

from normocyte.reports.drawing.html import environment
from normocyte.reports.evaluation.figures import Shown
from normocyte.reports.evaluation.new import words
from normocyte.reports.evaluation.page import page_values
from normocyte.results.new import NewContents


def render(contents: NewContents, learnt_from: int, figures: dict[str, Shown]) -> str:
    """The HTML of the report."""
    values = page_values(contents.evaluation, figures) | {"verdict": words.verdict(contents, learnt_from)}
    template = environment().get_template("evaluation/new/page.html.j2")
    return template.render(**values, new=contents, words=words)
