"""What else a person should know of a stream of scored rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.stats import mannwhitneyu

from normocyte.core.types import Part, Scores
from normocyte.pipeline.bundle import Bundle
from normocyte.pipeline.pipeline import Pipeline
from normocyte.workflows._scored import P_VALUE, SCORE, Scored
from normocyte.workflows._stream import Stream

_NEAR = 0.01
_MOST_OFF = 0.01
_STRONG = 0.05
_WORTH_SAYING = 0.005
_KNOWN = (Part.TRAIN, Part.HELD_OUT, Part.CALIBRATION)


def foreign(pipeline: Pipeline, scored: Scored) -> Iterator[str]:
    """A sentence where the p-values of the rows are not those that this bundle gives their scores."""
    if P_VALUE not in scored.columns:
        return
    scores, given = scored.columns[SCORE], scored.columns[P_VALUE]
    expected = pipeline.threshold.p_values(scores, pipeline.calibration)
    is_known = ~np.isnan(scores) & ~np.isnan(given)
    is_off = is_known & (np.abs(given - expected) > _NEAR)
    if np.count_nonzero(is_off) > _MOST_OFF * np.count_nonzero(is_known):
        row = int(np.argmax(is_off))
        yield (
            f"Careful: {np.count_nonzero(is_off):,} of {np.count_nonzero(is_known):,} p-values in the rows "
            f"are not this bundle's, such as {given[row]:.3g} for the score {scores[row]:.3g}, here "
            f"{expected[row]:.3g}. Unless the rows were scored with --own-null, another bundle scored them, "
            "and nothing said here counts."
        )


def notes_of(bundle: Bundle, scored: Scored, stream: Stream) -> Iterator[str]:
    """Sentences, each only where it applies, the worst first."""
    yield from foreign(bundle.pipeline, scored)
    if scored.repeated:
        yield f"{scored.repeated:,} rows of images that came before were not counted again."
    if stream.returned:
        who = "1 patient comes" if stream.returned == 1 else f"{stream.returned:,} patients come"
        yield f"{who} back after another one; all their cells count where they came first."
    shared = bundle.facts.patients(*_KNOWN) & {
        name.rpartition("/")[2] for name in np.unique(stream.patients).tolist()
    }
    if shared:
        who = (
            "1 patient bears the name of one" if len(shared) == 1 else f"{len(shared):,} patients bear names"
        )
        yield (
            f"{who} that the bundle was made from, such as {min(shared)}: if they are the same people, leave "
            "them out, or drift is hidden."
        )
    yield from _missing(scored.columns[SCORE], stream)


def _missing(scores: Scores, stream: Stream) -> Iterator[str]:
    """Whether more cells of later patients have no score than of earlier ones, by patient."""
    first, codes = np.unique(stream.patients, return_index=True, return_inverse=True)[1:]
    shares = np.bincount(codes.reshape(-1), np.isnan(scores)) / np.bincount(codes.reshape(-1))
    shares = shares[np.argsort(first, kind="stable")]
    half = len(shares) // 2
    early, late = shares[:half], shares[half:]
    if not shares.any():
        return
    p_value = float(mannwhitneyu(late, early, alternative="greater").pvalue)
    text = (
        f"Not assessable: {early.mean():.2%} of a patient's cells in the first half of the stream, "
        f"{late.mean():.2%} in the second"
    )
    if p_value < _STRONG:
        yield f"{text}; the share is rising (p = {p_value:.2g}), look at these images."
    elif shares.mean() > _WORTH_SAYING:
        yield f"{text}."
