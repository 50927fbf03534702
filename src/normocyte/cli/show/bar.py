"""A progress bar on standard error; where that is no terminal, one plain line a task."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from types import TracebackType

from rich import progress as rich
from rich.console import Console
from rich.table import Column
from rich.text import Text

from normocyte.cli.show.told import tell
from normocyte.core.progress import Progress, Silent

_BESIDE_THE_BAR = 70
_LONGEST_BAR = 40
_MANY = 1e7


@contextlib.contextmanager
def bar_beside(is_screen_free: bool) -> Iterator[Progress]:
    """A bar, or silence where it would stand between the rows that are written to the same screen."""
    if is_screen_free or (sys.stderr.isatty() and not sys.stdout.isatty()):
        with Bar() as bar:
            yield bar
    else:
        yield Told()


@contextlib.contextmanager
def titled_bar(title: str) -> Iterator[Progress]:
    """A bar below a title, for one of many pieces of work."""
    sys.stderr.write(f"{title}\n")
    with Bar() as bar:
        yield bar


class Told(Silent):
    """No bar; only sentences are shown."""

    def tell(self, sentence: str) -> None:
        """Write it to standard error."""
        tell(sentence)


class Bar:
    """Draws one line a task, with a bar, the count, the time and a word such as the loss."""

    def __init__(self, console: Console | None = None) -> None:
        console = console or Console(stderr=True)
        can_draw = console.is_terminal and not console.is_dumb_terminal
        self._lines: _Drawn | _Plain = _Drawn(console) if can_draw else _Plain(console)

    def __enter__(self) -> Bar:
        """Begin to draw."""
        self._lines.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last state on the screen."""
        self._lines.end_task(is_whole=error is None)
        self._lines.stop()

    def begin(self, task: str, total: int) -> None:
        """Draw a new line; the one before it is over."""
        self._lines.end_task(is_whole=True)
        self._lines.begin_task(task, total)

    def advance(self, steps: int = 1, note: str = "") -> None:
        """Move the bar."""
        self._lines.advance(steps, note)

    def tell(self, sentence: str) -> None:
        """Write it to standard error."""
        tell(sentence)


class _Drawn:
    """Bars that move. Only they give way when a line is too long for the terminal."""

    def __init__(self, console: Console) -> None:
        width = min(_LONGEST_BAR, max(1, console.width - _BESIDE_THE_BAR))
        self._progress = rich.Progress(
            rich.TextColumn("{task.description}", markup=False),
            rich.BarColumn(width),
            _Count(table_column=Column(no_wrap=True, justify="right")),
            _Time(table_column=Column(no_wrap=True, justify="right")),
            rich.TextColumn("{task.fields[note]}", markup=False),
            console=console,
            redirect_stdout=False,
        )
        self._task: rich.TaskID | None = None
        self._note = ""

    def start(self) -> None:
        self._progress.start()

    def stop(self) -> None:
        self._progress.stop()

    def begin_task(self, task: str, total: int) -> None:
        self._note = ""
        self._task = self._progress.add_task(task, total=total or None, note=self._note)

    def advance(self, steps: int, note: str) -> None:
        if self._task is not None:
            self._note = note or self._note
            self._progress.update(self._task, advance=steps, note=self._note)

    def end_task(self, is_whole: bool) -> None:
        """Training may stop early: its bar then ends where it stands."""
        if self._task is None:
            return
        task = self._progress.tasks[-1]
        if is_whole and not task.finished:
            self._progress.update(self._task, total=task.completed)
        self._progress.stop_task(self._task)


class _Count(rich.ProgressColumn):
    """How many steps are done, of how many."""

    def render(self, task: rich.Task) -> Text:
        return Text(_counted(task.completed, task.total or 0), style="progress.download")


def _counted(done: float, total: float) -> str:
    """Millions, such as the bytes of a download, are shortened."""
    if max(done, total) >= _MANY:
        return f"{done / 1e6:.1f}/{total / 1e6:.1f} M" if total else f"{done / 1e6:.1f} M"
    return f"{done:.0f}/{total:.0f}" if total else f"{done:.0f}"


class _Time(rich.ProgressColumn):
    """The time that is left, and in the end the time that it took."""

    def render(self, task: rich.Task) -> Text:
        if task.finished or task.stop_time is not None:
            return Text(_clock(task.finished_time or task.elapsed), style="progress.elapsed")
        return Text(f"{_clock(task.time_remaining)} left", style="progress.remaining")


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return "-:--"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class _Plain:
    """Lines for a log: the task when it begins, and on the same line what came of it."""

    def __init__(self, console: Console) -> None:
        self._file = console.file
        self._total = -1
        self._done = 0
        self._note = ""
        self._begun = 0.0

    def start(self) -> None:
        """Nothing is drawn yet."""

    def stop(self) -> None:
        """Nothing is left to wipe away."""

    def begin_task(self, task: str, total: int) -> None:
        self._total, self._done, self._note, self._begun = total, 0, "", time.monotonic()
        self._say(f"{task}: ")

    def advance(self, steps: int, note: str) -> None:
        self._done += steps
        self._note = note or self._note

    def end_task(self, is_whole: bool) -> None:
        if self._total < 0:
            return
        count = _counted(self._done, 0 if is_whole else self._total)
        note = f", {self._note}" if self._note else ""
        self._say(f"{count} in {time.monotonic() - self._begun:.1f} s{note}\n")
        self._total = -1

    def _say(self, words: str) -> None:
        self._file.write(words)
        self._file.flush()
