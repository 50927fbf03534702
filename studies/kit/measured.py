"""A page of measurements: its kept tables and facts, its template, and the option that makes it again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import UndefinedError

from normocyte.core.errors import DatasetError
from normocyte.core.files import write_text
from studies.kit.pages import filled, keep, kept_results
from studies.kit.tables import Table, number
from studies.kit.words import WORDS
from studies.kit.wrapping import wrapped

KEPT = "--kept"
SCHEMA = 1
MEASUREMENTS = Path("docs/measurements")
FOOTER = (
    "These results were measured on {made}; what changed in the code since then is not in them.{remark} "
    "`{command} --kept` makes the page again from the kept results, without data."
)
Tables = Mapping[str, Table]


@dataclass(frozen=True)
class Found:
    """What a run found: its date, its tables and what else its sentences name."""

    made: str
    tables: Tables
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """A page of the measurements.

    `stem` is the template without `.md.jinja`, in the folder of the study; `name` is the file in
    docs/measurements; `constants` are values of the study's code that sentences name; `findings` gives what
    sentences say of the tables; `script` runs the study where `python -m` does not. A fact named `remark`
    is a sentence on how the results were measured, for the end of the page.
    """

    stem: Path
    name: str
    constants: Mapping[str, Any] = field(default_factory=dict)
    findings: Callable[[Tables], dict[str, Any]] | None = None
    script: str = ""

    @property
    def place(self) -> Path:
        """Where the page stands in the documentation."""
        return MEASUREMENTS / self.name

    @property
    def kept(self) -> Path:
        """Where the page's results are kept."""
        own = self.stem.name
        return self.stem.with_name("kept.json" if own == "page" else f"{own}_kept.json")

    @property
    def template(self) -> Path:
        """The template that the page fills."""
        return self.stem.with_suffix(".md.jinja")

    def keep(self, tables: Tables, facts: Mapping[str, Any]) -> None:
        """Keep what a run found; DatasetError, and nothing is kept, when it is too little for the page."""
        self.text_of(Found("", tables, facts))
        plain = {name: table.plain() for name, table in tables.items()}
        keep(self.kept, SCHEMA, {"facts": dict(facts), "tables": plain})

    def found(self) -> Found:
        """What was kept; DatasetError when it is of another schema."""
        told = kept_results(self.kept, SCHEMA)
        tables = {name: Table.read(plain) for name, plain in told["tables"].items()}
        return Found(told["made"], tables, told["facts"])

    def text(self) -> str:
        """The page, of what was kept; DatasetError when that is of another schema."""
        return self.text_of(self.found())

    def text_of(self, own: Found) -> str:
        """The page of these results; DatasetError when a table or a row is not there."""
        try:
            found = self.findings(own.tables) if self.findings else {}
            values = {**WORDS, "number": number, **self.constants, **own.facts, **found}
            page = filled(self.template, tables=own.tables, **values)
        except (KeyError, ValueError, UndefinedError) as error:
            raise DatasetError(
                f"{self.name} is not written, for this run measured a part only: {error}. Run the study with "
                "its usual options."
            ) from error
        return wrapped(f"{page.rstrip()}\n\n{self._footer(own)}\n")

    def _footer(self, own: Found) -> str:
        command = f"python {self.script}" if self.script else f"python -m studies.{self.stem.parent.name}"
        remark = own.facts.get("remark", "")
        return FOOTER.format(made=own.made, remark=remark and f" {remark}", command=command)

    def write(self, place: Path | None = None) -> None:
        """Write the page, of what was kept."""
        write_text(place or self.place, self.text())


def start(measure: Callable[[], None], *pages: Page) -> None:
    """Run the study, or with `--kept` alone make its pages again from what was kept, without data.

    A study without such pages runs in any case. Its help shows how it was called.
    """
    sys.argv[0] = called()
    if sys.argv[1:] != [KEPT] or not pages:
        return measure()
    for page in pages:
        try:
            page.write()
        except DatasetError as error:
            sys.exit(f"Error: {error}")
        print(page.place)
    return None


def called() -> str:
    """How the program was called: `python -m studies.NAME`, or its file where it is no study."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    is_study = spec is not None and spec.name.startswith("studies.")
    return f"python -m {spec.name.removesuffix('.__main__')}" if is_study else sys.argv[0]
