"""A smear that was read, as a Python object."""

from pathlib import Path

import pandas as pd

from normocyte.api.inputs import PathLike
from normocyte.api.running import running
from normocyte.api.support.folders import Folder, Written
from normocyte.api.tables import cells_table, photos_table
from normocyte.core.progress import Progress
from normocyte.core.types import Estimate
from normocyte.reports.smear.decisions import no_share, text_for
from normocyte.results.smear import UNKNOWN_SHARE, Smear
from normocyte.results.verdict import Decision
from normocyte.workflows.smear.request import SmearRequest
from normocyte.workflows.smear.smear import smear

_SILENT = {Decision.PARASITES_SEEN, Decision.LOOK_AT_CELLS}
"""Decisions whose meaning does not say why no share is stated."""


class SmearReport:
    """What the photos of a smear show, and the report about it.

    Attributes:
        decision: what the smear asks of the person who reads it.
        parasitaemia: the share that is stated, with its 95 % interval; NaN where none is.
        result: the whole answer as frozen dataclasses.

    Example:
        >>> smear.flagged <= smear.counted <= len(smear.cells)
        True
    """

    def __init__(self, result: Smear, written: Written) -> None:
        self.result = result
        self._written = written

    def __repr__(self) -> str:
        """Decision and counts."""
        return f"<normocyte.SmearReport {self.decision!r}, {self.flagged} of {self.counted} cells flagged>"

    @property
    def decision(self) -> str:
        """What the smear asks of its reader, such as 'cells to look at'."""
        return str(self.result.answer.decision)

    @property
    def meaning(self) -> str:
        """What that means, and why no share is stated where none is."""
        meaning = text_for(self.result).meaning
        answer = self.result.answer
        lacks = not answer.is_stated and answer.decision in _SILENT
        return f"{meaning} {no_share(self.result)}" if lacks else meaning

    @property
    def parasitaemia(self) -> Estimate:
        """The share: `.value`, `.low`, `.high` (95 %); NaN for none."""
        answer = self.result.answer
        return answer.parasitaemia if answer.is_stated else UNKNOWN_SHARE

    @property
    def counted(self) -> int:
        """How many red cells count."""
        return self.result.cells

    @property
    def flagged(self) -> int:
        """How many of them are flagged."""
        return self.result.flagged

    @property
    def cells(self) -> pd.DataFrame:
        """One row a thing that was found: where it is, what it is, its verdict, and what a person saw."""
        return cells_table(self.result.photos)

    @property
    def photos(self) -> pd.DataFrame:
        """One row a photo: grade, counts, remarks."""
        return photos_table(self.result.photos)

    def to_html(self, folder: PathLike) -> Path:
        """Write page, pictures and tables into a folder; gives the page.

        Example:
            >>> smear.to_html("report").name
            'smear.html'
        """
        return self._written.copy_to(folder)

    def to_pdf(self, file: PathLike) -> Path:
        """Write the sheet to print; gives the file.

        Example:
            >>> smear.to_pdf("sheet.pdf").name
            'sheet.pdf'
        """
        return self._written.copy_file(self._written.page.with_suffix(".pdf"), file)


def read_smear(request: SmearRequest, folder: Folder, progress: Progress | None) -> SmearReport:
    """Judge the photos as one smear; see `Bundle.smear`."""
    with running(progress, request.workers) as listener:
        found = smear(request, listener)
    return SmearReport(found.smear, folder.written(found.page))
