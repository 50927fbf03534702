"""How a command names the fields of a request, and that its options are named so."""

import typer

from normocyte.cli.app import app
from normocyte.cli.door import with_flags


def _options(command):
    for inner in getattr(command, "commands", {}).values():
        yield from _options(inner)
    yield from (param for param in command.params if param.param_type_name == "option")


def test_the_flag_of_every_option_is_its_name_with_dashes():
    options = [one for one in _options(typer.main.get_command(app)) if one.name != "help"]
    assert len(options) > 30
    assert [one.opts for one in options if f"--{one.name.replace('_', '-')}" not in one.opts] == []


def test_a_message_names_the_flags_of_the_command_and_no_others():
    message = "Say `new_stain=True` or `rule='quantile'`, name `patients`; `latent` is 3."
    written = with_flags(message, ["new_stain", "rule", "patients"])
    assert written == "Say --new-stain or --rule quantile, name --patients; `latent` is 3."
