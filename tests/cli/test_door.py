"""How a command names the fields of a request, and that its options are named so."""

import pytest
import typer

from normocyte.cli.app import app
from normocyte.cli.door import STOPPED, door, status_of, with_flags
from normocyte.core.cancel import current
from normocyte.core.errors import ConfigError


def _options(command):
    for inner in getattr(command, "commands", {}).values():
        yield from _options(inner)
    yield from (param for param in command.params if param.param_type_name == "option")


def test_the_flag_of_every_option_is_its_name_with_dashes():
    options = [one for one in _options(typer.main.get_command(app)) if one.name != "help" and not one.hidden]
    assert len(options) > 30
    assert [one.opts for one in options if f"--{one.name.replace('_', '-')}" not in one.opts] == []


def test_a_message_names_the_flags_of_the_command_and_no_others():
    message = "Say `new_stain=True` or `rule='quantile'`, name `patients`; `latent` is 3."
    written = with_flags(message, ["new_stain", "rule", "patients"])
    assert written == "Say --new-stain or --rule quantile, name --patients; `latent` is 3."


def test_ctrl_c_in_the_import_of_a_compiled_library_is_a_stop_like_any_other(capsys):
    @door
    def command():
        current().set()
        raise ImportError("initialization failed")

    with pytest.raises(typer.Exit) as stopped:
        command()
    assert stopped.value.exit_code == STOPPED
    assert capsys.readouterr().err.startswith("Stopped.")


def test_a_fault_of_our_own_is_no_stop():
    @door
    def command():
        raise ImportError("initialization failed")

    with pytest.raises(ImportError, match="initialization failed"):
        command()


@pytest.mark.parametrize(("no_color", "begins"), [("1", "Error: "), ("", "\x1b[31m\x1b[1mError:")])
def test_who_wants_no_colour_gets_none(monkeypatch, no_color, begins):
    written = []
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr(typer, "echo", lambda text, **_: written.append(text))
    assert status_of(refuse, ()) == 2
    assert written[0].startswith(begins)


def refuse():
    raise ConfigError("It is not so.")
