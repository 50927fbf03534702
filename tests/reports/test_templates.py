"""A page's template is compiled once in a process, and anew for another language."""

from normocyte.reports.drawing.html import environment
from normocyte.wording.language import languages, speaking

PAGE = "evaluation/page.html.j2"


def test_a_template_is_compiled_once_for_each_language():
    compiled = {}
    for code in languages():
        with speaking(code):
            compiled[code] = environment().get_template(PAGE)
            assert environment().get_template(PAGE) is compiled[code]
    assert {code: template.globals["language"] for code, template in compiled.items()} == {
        code: code for code in languages()
    }
    assert len(set(map(id, compiled.values()))) == len(languages()) > 1
