"""What is decided of a smear."""

from __future__ import annotations

import enum


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
