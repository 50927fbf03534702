"""The learning curve."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from normocyte.reports.drawing import formatting, theme
from normocyte.results.evaluation import Contents
from normocyte.results.training import TrainingCurve
from normocyte.wording.training import explained, late_gain, under_trained

NO_EPOCHS = "This detector does not learn in epochs, so there is no learning curve."
_WIDE = 8.0


def things(contents: Contents) -> str:
    """What is learnt from, in the plural."""
    return f"{contents.unit}s"


def lacks(contents: Contents) -> str:
    """Why there is nothing to draw; empty where there is something."""
    return "" if contents.training.loss else f"{NO_EPOCHS} {_explained(contents)}".strip()


def draw(contents: Contents) -> Figure:
    """Loss against epoch, on the training cells and on the held-out healthy patients."""
    figure, axes = theme.new_axes("epoch", "loss (lower is better)")
    paint(axes, contents.training, things(contents))
    theme.legend_below(figure)
    return figure


def paint(axes: Axes, curve: TrainingCurve, things: str = "cells") -> None:
    """The losses on these axes, without a legend."""
    axes.plot(_epochs(curve.loss), curve.loss, color=theme.MUTED, label=f"training {things}")
    if curve.held_out_loss:
        held_out = f"held-out {things}"
        axes.plot(_epochs(curve.held_out_loss), curve.held_out_loss, color=theme.ACCENT, label=held_out)
    if curve.best_epoch:
        axes.plot(*(curve.best_epoch, _loss_at_best(curve)), "o", color=theme.ACCENT, ms=7, label="kept")
    _scale(axes, curve.loss + curve.held_out_loss)
    axes.set_xlim(0.5, max(len(curve.loss), 2) + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def words(contents: Contents) -> str:
    """What is to be seen, in words, and what the training has come to."""
    curve = contents.training
    said = (_losses(contents), _explained(contents), under_trained(curve, things(contents)), _end(curve))
    return " ".join(filter(None, said))


def _explained(contents: Contents) -> str:
    are_known = contents.are_patients_known
    return explained(contents.training, things(contents), are_patients_known=are_known)


def _end(curve: TrainingCurve) -> str:
    """That the best epoch is the last, unless that is said to be too short a training."""
    if not curve.ends_at_its_best or (curve.is_still_falling and curve.draws_anew):
        return ""
    if not np.isfinite(curve.late_gain):
        return "The best epoch is the last: more might be better."
    if curve.is_still_falling:
        return f"The best epoch is the last, and {late_gain(curve)}: more might lower it further."
    return f"The best epoch is the last, but {late_gain(curve)}: more would change little."


def _losses(contents: Contents) -> str:
    curve, unit = contents.training, contents.unit
    epochs = formatting.count(len(curve.loss), "epoch")
    first, last = formatting.score(curve.loss[0]), formatting.score(curve.loss[-1])
    text = f"In {epochs} the loss on the training {unit}s went from {first} to {last}."
    if not curve.best_epoch:
        return text
    held_out = "patients who" if contents.are_patients_known else f"{unit}s that"
    return (
        f"{text} The weights after epoch {curve.best_epoch} were kept, because they did best (loss "
        f"{formatting.score(_loss_at_best(curve))}) on healthy {held_out} were held out. "
        f"{_gap(curve, contents.who)}"
    )


def _gap(curve: TrainingCurve, who: str) -> str:
    """Whether it learnt by heart."""
    excess = _loss_at_best(curve) / curve.loss[min(curve.best_epoch, len(curve.loss)) - 1] - 1
    if not np.isfinite(excess):
        return ""
    if excess > 0.25:  # noqa: PLR2004 - a quarter is easy to see in the figure
        more = formatting.percent(excess)
        return f"That is {more} above the training loss: new {who} fit less well than known ones."
    return f"The two curves lie close together there: it did not learn its {who} by heart."


def _loss_at_best(curve: TrainingCurve) -> float:
    losses = curve.held_out_loss or curve.loss
    return losses[min(curve.best_epoch, len(losses)) - 1]


def _epochs(losses: tuple[float, ...]) -> range:
    return range(1, len(losses) + 1)


def _scale(axes: Axes, losses: tuple[float, ...]) -> None:
    """Powers upwards where the loss falls so far that its end would look flat."""
    if min(losses) > 0 and max(losses) / min(losses) > _WIDE:
        axes.set_yscale("log")
        theme.label_powers(axes.yaxis, *axes.get_ylim())
