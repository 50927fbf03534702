"""A drawn set, photos of a drawn smear, and the command line beside the Python face."""

import pytest
from typer.testing import CliRunner

import normocyte as nc
from normocyte.cli.app import app


@pytest.fixture(autouse=True, scope="module")
def _as_quick_as_can_be(pictures_drawn_once):
    """The commands draw each picture once."""


@pytest.fixture(scope="session")
def cells(drawn_cells):
    """160 drawn cells of 12 patients. Nobody changes them."""
    return drawn_cells


@pytest.fixture(scope="session")
def bundle():
    return nc.load()


@pytest.fixture(scope="session")
def call():
    """The command line in this process; a refusal is not swallowed."""
    runner = CliRunner(env={"COLUMNS": "80", "NO_COLOR": "1"})

    def invoke(*arguments, status=0):
        outcome = runner.invoke(app, [str(word) for word in arguments], catch_exceptions=False)
        assert outcome.exit_code == status, outcome.output
        return outcome

    return invoke


@pytest.fixture
def there(tmp_path, monkeypatch):
    """An empty folder that the test works in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def healthy_photos(call, tmp_path_factory):
    """Four drawn fields without a parasite."""
    folder = tmp_path_factory.mktemp("fields") / "photos"
    size = ("--width", 960, "--height", 720)
    call("draw", "smear", "--parasitaemia", 0, "--fields", 4, *size, "--to", folder)
    return folder


@pytest.fixture(scope="session")
def photos(call, tmp_path_factory):
    """Two drawn fields in which a fifth of the cells is infected."""
    folder = tmp_path_factory.mktemp("fields") / "photos"
    size = ("--width", 960, "--height", 720)
    call("draw", "smear", "--parasitaemia", 0.2, "--fields", 2, "--seed", 3, *size, "--to", folder)
    return folder / "images" if (folder / "images").is_dir() else folder
