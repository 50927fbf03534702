"""What makes the rows of scored images, and what stands in them beside the verdicts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from normocyte.cell_checks.gate import Gate
from normocyte.core.arrays import Image8
from normocyte.core.errors import ConfigError
from normocyte.core.types import Source
from normocyte.results.verdict import Verdict
from normocyte.tables.writing import QUALITY, Columns, Row

MakeRows = Callable[[Sequence[Source], Sequence[Image8], Sequence[Verdict]], list[Row]]
"""One row for each image and its verdict, in order; it may do more with them, such as draw."""


def only_rows(sources: Sequence[Source], _: Sequence[Image8], verdicts: Sequence[Verdict]) -> list[Row]:
    """The rows and nothing else."""
    return [Row.of(str(source), verdict) for source, verdict in zip(sources, verdicts, strict=True)]


@dataclass(frozen=True)
class WithQuality:
    """Makes the same rows with what the gate measures of each image beside."""

    make_rows: MakeRows
    gate: Gate

    def __call__(
        self, sources: Sequence[Source], images: Sequence[Image8], verdicts: Sequence[Verdict]
    ) -> list[Row]:
        """One row an image, in order."""
        rows = self.make_rows(sources, images, verdicts)
        table = {name: column.tolist() for name, column in self.gate.measures(images).items()}
        return [
            replace(row, quality={name: column[index] for name, column in table.items()})
            for index, row in enumerate(rows)
        ]


def quality_columns(gate: Gate) -> Columns:
    """The columns of its measures; ConfigError when it takes none."""
    if not gate.checks:
        raise ConfigError(
            "This bundle has 0 checks of quality, so that there is nothing to add to the rows. Train it with "
            "[[cell_checks]] in its recipe, or leave `quality` out."
        )
    return tuple(QUALITY + measure.name for measure in gate.known)
