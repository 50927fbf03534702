"""What is decided of a cell, of a photo and of a smear, and why: codes and numbers, no sentence."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class CauseCode(enum.StrEnum):
    """What kind of cause it is; code decides by this and never by the sentence that is shown.

    Of a cell: `UNLIKE_HEALTHY`, a check refused it; `UNLIKE_IMAGES`, a check of images of any kind did;
    `PERHAPS_A_PHOTO`, the same of a picture as large as a photo; `NOT_PREPARED`, a step of the preprocessing
    failed; `NOTHING_LEFT`, no pixel counts after it; `NO_NUMBER`, the detector gave no finite score;
    `MAP_NOT_FINITE`, or no finite map; `OTHER_KIND`, it is no red cell in one piece; `UNDER_ANNOTATION`, a
    burnt-in bar or text lies over it; `UNDER_BLOT`, another cell stands for the same finding;
    `COUNTED_ELSEWHERE`, another photo shows it.

    Of a file: `NOT_READ`. Of a photo: `OUTSIDE_USABLE` and `OUTSIDE_GOOD`, one measure; `NO_FIELD` and
    `NO_THIN_FILM`, many together; `PARTS_UNUSABLE`; `FEW_JUDGED`; `BOXES_LEFT_OUT`; `SAME_PICTURE` and
    `SAME_CELLS` as another; `CELLS_SEEN_BEFORE`, only some of them.
    """

    UNLIKE_HEALTHY = "unlike_healthy"
    UNLIKE_IMAGES = "unlike_images"
    PERHAPS_A_PHOTO = "perhaps_a_photo"
    NOT_PREPARED = "not_prepared"
    NOTHING_LEFT = "nothing_left"
    NO_NUMBER = "no_number"
    MAP_NOT_FINITE = "map_not_finite"
    OTHER_KIND = "other_kind"
    UNDER_ANNOTATION = "under_annotation"
    UNDER_BLOT = "under_blot"
    COUNTED_ELSEWHERE = "counted_elsewhere"
    NOT_READ = "not_read"
    OUTSIDE_USABLE = "outside_usable"
    OUTSIDE_GOOD = "outside_good"
    NO_FIELD = "no_field"
    NO_THIN_FILM = "no_thin_film"
    PARTS_UNUSABLE = "parts_unusable"
    FEW_JUDGED = "few_judged"
    BOXES_LEFT_OUT = "boxes_left_out"
    SAME_PICTURE = "same_picture"
    SAME_CELLS = "same_cells"
    CELLS_SEEN_BEFORE = "cells_seen_before"


REFUSALS = frozenset({CauseCode.UNLIKE_HEALTHY, CauseCode.UNLIKE_IMAGES, CauseCode.PERHAPS_A_PHOTO})


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause with what is needed to word it; a code leaves empty what it has no use for.

    `measure` had this `value`, outside of these `limits` (lowest, highest; infinity for no limit). Where
    things were counted, `value` is their number `of` so many. `detail` is what only the part that found it
    can tell: the words of a check for its measure, the message of an error, or a name. `inner` is the cause
    of parts or cells that brought this one about.
    """

    code: CauseCode
    measure: str = ""
    value: float = 0.0
    limits: tuple[float, float] = (0.0, float("inf"))
    of: int = 0
    detail: str = ""
    inner: Cause | None = None

    @property
    def is_refusal(self) -> bool:
        """True where a check refused a cell: an answer on the picture, and no failure."""
        return self.code in REFUSALS

    @property
    def group(self) -> tuple[CauseCode, str, str]:
        """The same for causes that differ in their numbers only."""
        return self.code, self.measure, self.detail


class Outcome(enum.StrEnum):
    """What a verdict says of one cell."""

    HEALTHY = "healthy"
    SUSPICIOUS = "suspicious"
    NOT_ASSESSABLE = "not assessable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on one cell.

    `cause` says why it is not assessable, and is None where it is. Without it `score` and `p_value` are
    numbers; with it they are NaN, but for a cell that was set aside after it had its score.
    """

    outcome: Outcome
    score: float
    p_value: float
    cause: Cause | None = None

    @property
    def is_flagged(self) -> bool:
        """True when the cell should be looked at."""
        return self.outcome is Outcome.SUSPICIOUS


class Grade(enum.StrEnum):
    """What became of a photo; `usable` means that its cells count, but that something is unusual.

    The checks of photos give the first three. `NOT_READ`: the file could not be read. `COUNTED_BEFORE`: an
    earlier photo shows the same cells.
    """

    GOOD = "good"
    USABLE = "usable"
    UNUSABLE = "unusable"
    NOT_READ = "not read"
    COUNTED_BEFORE = "counted before"

    @property
    def is_used(self) -> bool:
        """True where the cells of the photo count."""
        return self in {Grade.GOOD, Grade.USABLE}


class Decision(enum.StrEnum):
    """What a smear asks of the person who reads it; the first that applies, in this order.

    `PARASITES_SEEN`: a reviewer confirmed one. `LOOK_AT_CELLS`: there are flagged cells that nobody has
    looked at. `UNUSABLE_PHOTOS`: no photo is good enough. `NOT_ENOUGH_CELLS`: too few cells were counted for
    a share. `NONE_SEEN`: all flagged cells were looked at and none is a parasite.
    `NOTHING_SUSPICIOUS`: no cell was flagged.
    """

    PARASITES_SEEN = "parasites seen"
    LOOK_AT_CELLS = "cells to look at"
    UNUSABLE_PHOTOS = "unusable photos"
    NOT_ENOUGH_CELLS = "not enough cells"
    NONE_SEEN = "none seen"
    NOTHING_SUSPICIOUS = "nothing suspicious"


MIN_CELLS = 500
"""With fewer counted cells of a smear no share is stated: one cell alone would be more than 0.2 %."""
