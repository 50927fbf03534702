"""Options that several commands have."""

from typing import Annotated

import typer

PatientsOption = Annotated[
    str,
    typer.Option(
        help="Whose the cells are: file, folder, one, unknown, or a regular expression with one group, "
        "searched in file names. Default: what the data tell."
    ),
]
