"""The page of a study: what was seen, and each smear in a row that leads to its own page."""

from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from normocyte.reports.drawing import formatting
from normocyte.reports.drawing.html import environment
from normocyte.reports.drawing.share_axis import axis_svg, row_svg
from normocyte.reports.smear.numbers import is_known, percent
from normocyte.reports.study import words
from normocyte.results.study import Study, StudyRow
from normocyte.wording.glossary import terms

_TERMS = ("parasitaemia", "p-value of a smear", "threshold")


@dataclass(frozen=True, slots=True)
class Line:
    """One smear: its row, its name, the address of its page, its sign, and its interval as a picture."""

    row: StudyRow
    name: str
    address: str
    sign: str
    bar: Markup


def render(study: Study) -> str:
    """The HTML of the study."""
    return (
        environment()
        .get_template("study/page.html.j2")
        .render(
            study=study,
            research=formatting.RESEARCH_ONLY,
            words=words,
            terms=terms(_TERMS),
            axis=axis_svg(study.limit, f"asked for: {percent(study.limit)}"),
            lines=[_line(row, study.limit) for row in study.sorted()],
        )
    )


def _line(row: StudyRow, limit: float) -> Line:
    name = formatting.plain(row.name)
    address = f"./{quote(formatting.plain(row.folder))}/smear.html"
    told = f"Parasitaemia of {name}: {words.share(row)}, {words.between(row)}"
    bar = row_svg(row.parasitaemia, limit, told) if is_known(row.parasitaemia) else Markup()
    return Line(row, name, address, words.sign(row.decision), bar)
