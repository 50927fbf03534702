"""A progress bar on standard error."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class Bar:
    """Draws one line a task, with a bar, the count, the time that is left and a word such as the loss."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=self._console,
        )
        self._task: TaskID | None = None
        self._note = ""

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_task(is_whole=error is None)
        self._progress.stop()

    def begin(self, task: str, total: int) -> None:
        """Draw a new line; the one before it is over."""
        self._end_task(is_whole=True)
        self._note = ""
        self._task = self._progress.add_task(task, total=total, note=self._note)

    def advance(self, steps: int = 1, note: str = "") -> None:
        """Move the bar."""
        if self._task is not None:
            self._note = note or self._note
            self._progress.update(self._task, advance=steps, note=self._note)

    def _end_task(self, is_whole: bool) -> None:
        """Training may stop early: its bar then ends where it stands."""
        if self._task is None:
            return
        task = self._progress.tasks[-1]
        if is_whole and not task.finished:
            self._progress.update(self._task, total=task.completed)
        self._progress.stop_task(self._task)
