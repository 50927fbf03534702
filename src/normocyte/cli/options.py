"""Options that several commands have."""

from typing import Annotated

import typer

PatientsOption = Annotated[
    str,
    typer.Option(
        metavar="RULE",
        help="Patient of each image: file, folder, one, unknown, dicom, TABLE.csv:COLUMN, or a regular "
        "expression with one group for file names. Default: found from the data.",
        show_default=False,
    ),
]

WorkersOption = Annotated[
    int,
    typer.Option(min=0, metavar="N", help="Processes. Default: 0, one per core.", show_default=False),
]
