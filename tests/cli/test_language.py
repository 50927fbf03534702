"""`smear` speaks the language that is asked for, and refuses one that there is not."""

import io

import pytest
from rich.console import Console
from typer.testing import CliRunner

from normocyte.cli.app import app
from normocyte.cli.show.bar import progress_bar
from normocyte.wording.language import speaking


def test_an_unknown_language_is_a_usage_error_that_names_those_that_there_are():
    outcome = CliRunner().invoke(app, ["smear", "photos", "--language", "tlh"])
    assert outcome.exit_code == 2
    assert outcome.stderr == "Error: --language tlh is not known; choose one of: en, fr.\n"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Photos: 3 in 0.0 s\n"), ("fr", "Photos\N{NO-BREAK SPACE}: 3 en 0,0 s\n")]
)
def test_the_lines_of_a_log_are_in_the_language(language, said):
    file = io.StringIO()
    with speaking(language), progress_bar(Console(file=file)) as bar:
        bar.begin("Photos", 3)
        bar.advance(3)
    assert file.getvalue() == said
