"""What stands on standard error: sentences, and a bar or, without a terminal, one plain line a task."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self, TextIO

from normocyte.cli.streams import enduring
from normocyte.core.names.hidden import SHOWN
from normocyte.core.progress import Progress, Silent
from normocyte.wording.language import figure, gettext, translated

_BESIDE_THE_BAR = 70
_LONGEST_BAR = 40
_MANY = 1e7
_FORCED = ("FORCE_COLOR", "TTY_COMPATIBLE")
"""Variables by which Rich takes for a terminal what is none."""
EVERY_S = 5.0
"""So often a log says how far a task is."""
if TYPE_CHECKING:
    from rich.console import Console

    from normocyte.core.progress import Progress
    from normocyte.datasets.cohort.cohort import Cohort


def say(sentence: str) -> None:
    """One line on standard output, for an answer."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def tell(*sentences: str) -> None:
    """One line a sentence, without the empty ones; standard output stays free for rows and answers."""
    for sentence in filter(None, sentences):
        sys.stderr.write(f"{translated(sentence)}\n")
        sys.stderr.flush()


def told_copies(cohort: Cohort, progress: Progress) -> Cohort:
    """Find the pictures that stand twice, and tell them, and then the files that are not looked at."""
    from normocyte.engine.copies import with_copies

    cohort = with_copies(cohort, progress)
    tell(*cohort.cautions)
    return cohort


@contextlib.contextmanager
def bar_beside(is_screen_free: bool) -> Iterator[Progress]:
    """A bar, or silence where it would stand between the rows that are written to the same screen."""
    if is_screen_free or (sys.stderr.isatty() and not sys.stdout.isatty()):
        with progress_bar() as bar:
            yield bar
    else:
        yield Told()


@contextlib.contextmanager
def titled_bar(title: str) -> Iterator[Progress]:
    """A bar below a title, for one of many pieces of work."""
    sys.stderr.write(f"{title}\n")
    with progress_bar() as bar:
        yield bar


class Told(Silent):
    """No bar; only sentences are shown."""

    def tell(self, sentence: str) -> None:
        """Write it to standard error."""
        tell(sentence)


def progress_bar(console: Console | None = None) -> _Plain:
    """Bars where the console can draw them, else plain lines: one a task, as a context manager."""
    if console is not None:
        is_drawn = console.is_terminal and not console.is_dumb_terminal
        return _Drawn(console) if is_drawn else _Plain(console.file)
    file = _own_stderr()
    bar = _bar_on(file)
    if file is not sys.stderr:
        bar.end_of_block.enter_context(file)
    return bar


def _bar_on(file: TextIO) -> _Plain:
    """The same for a file, without Rich where that would find no terminal."""
    if not file.isatty() and not any(name in os.environ for name in _FORCED):
        return _Plain(file)
    from rich.console import Console

    return progress_bar(Console(file=file))


def _own_stderr() -> TextIO:
    """A second way to standard error, because decoders in threads close the first one for moments."""
    try:
        number = os.dup(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):  # it is no file, as in a notebook, or there is none
        return sys.stderr
    return enduring(os.fdopen(number, "wb"), sys.stderr.encoding, SHOWN)


class _Plain:
    """Lines for a log: the task when it begins, on the same line what came of it, and between how far it is.

    That is told every few seconds, on lines of their own.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.end_of_block = contextlib.ExitStack()
        self._total = -1
        self._done = 0
        self._note = ""
        self._begun = self._told = 0.0
        self._is_broken = False

    def __enter__(self) -> Self:
        """Begin to draw."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last state on the screen."""
        self._end(is_whole=error is None)
        self.end_of_block.close()

    def begin(self, task: str, total: int) -> None:
        """Begin a new line; the one before it is over."""
        self._end(is_whole=True)
        self._total, self._done, self._note, self._is_broken = total, 0, "", False
        self._begun = self._told = time.monotonic()
        self._draw(translated(task))

    def advance(self, steps: int = 1, note: str = "") -> None:
        """So many steps more are done."""
        self._done += steps
        self._note = note or self._note
        self._tell_how_far()

    def _tell_how_far(self) -> None:
        if 0 < self._total <= self._done:  # what is told next, in whatever way, begins a line of its own
            self._end(is_whole=True)
            return
        now = time.monotonic()
        if now - self._told < EVERY_S or self._total <= 0 or self._done <= 0:
            return
        left = (now - self._begun) * (self._total - self._done) / self._done
        note = f", {self._note}" if self._note else ""
        count = _counted(self._done, self._total)
        said = gettext(
            "{count} in {seconds} s, about {left} s left{note}",
            count=count,
            seconds=f"{now - self._begun:.0f}",
            left=f"{left:.0f}",
            note=note,
        )
        self._break_line()
        self._say(f"  {said}\n")
        self._told = now

    def tell(self, sentence: str) -> None:
        """Write it to standard error, on a line of its own."""
        if sentence:
            self._break_line()
        tell(sentence)

    def _break_line(self) -> None:
        """End the line of a task that is still on."""
        if self._total >= 0 and not self._is_broken:
            self._say("\n")
            self._is_broken = True

    def _draw(self, task: str) -> None:
        self._say(gettext("{task}: ", task=task))

    def _end(self, is_whole: bool) -> None:
        if self._total < 0:
            return
        count = _counted(self._done, 0 if is_whole else self._total)
        note = f", {self._note}" if self._note else ""
        indent = "  " if self._is_broken else ""
        seconds = figure(f"{time.monotonic() - self._begun:.1f}")
        said = gettext("{count} in {seconds} s{note}", count=count, seconds=seconds, note=note)
        self._say(f"{indent}{said}\n")
        self._total = -1

    def _say(self, words: str) -> None:
        self._file.write(words)
        self._file.flush()


class _Drawn(_Plain):
    """Bars that move, of the columns of Rich. Only they give way when a line is too long for the terminal."""

    def __init__(self, console: Console) -> None:
        from rich import progress as rich
        from rich.table import Column

        super().__init__(console.file)
        whole = Column(no_wrap=True, justify="right")
        self._progress = rich.Progress(
            rich.TextColumn("{task.description}", markup=False),
            rich.BarColumn(min(_LONGEST_BAR, max(1, console.width - _BESIDE_THE_BAR))),
            rich.TextColumn("{task.fields[count]}", "progress.download", "right", table_column=whole),
            rich.TimeRemainingColumn(compact=True, elapsed_when_finished=True, table_column=whole),
            rich.TextColumn("{task.fields[note]}", markup=False),
            console=console,
            redirect_stdout=False,
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last state on the screen."""
        with self.end_of_block:
            self._end(is_whole=error is None)
            self._progress.stop()

    def _tell_how_far(self) -> None:
        """Move the bar."""
        self._move(self._total)

    def _break_line(self) -> None:
        """Rich writes above the bar."""

    def _draw(self, task: str) -> None:
        self._progress.start()  # not before: its thread would keep workers from being copies of the process
        self._progress.add_task(task, total=self._total or None, count=_counted(0, self._total), note="")

    def _end(self, is_whole: bool) -> None:
        """Training may stop early: its bar then ends where it stands."""
        if self._progress.tasks:
            self._move(self._done if is_whole else self._total)
            self._progress.stop_task(self._progress.tasks[-1].id)

    def _move(self, total: int) -> None:
        if self._progress.tasks:
            count = _counted(self._done, total)
            last = self._progress.tasks[-1].id
            self._progress.update(
                last, completed=self._done, total=total or None, count=count, note=self._note
            )


def _counted(done: float, total: float) -> str:
    """Millions, such as the bytes of a download, are shortened."""
    if max(done, total) >= _MANY:
        return f"{done / 1e6:.1f}/{total / 1e6:.1f} M" if total else f"{done / 1e6:.1f} M"
    return f"{done:.0f}/{total:.0f}" if total else f"{done:.0f}"
