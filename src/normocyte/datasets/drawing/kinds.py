"""The kinds of cell that can be drawn."""

from __future__ import annotations

import enum


class Kind(enum.StrEnum):
    """A healthy red cell, or one that houses Plasmodium falciparum at a stage of its life."""

    HEALTHY = "healthy"
    RING = "ring"
    TROPHOZOITE = "trophozoite"
    SCHIZONT = "schizont"
    GAMETOCYTE = "gametocyte"


STAGES = (Kind.RING, Kind.TROPHOZOITE, Kind.SCHIZONT, Kind.GAMETOCYTE)

# Peripheral blood shows mostly rings: later stages of P. falciparum hide in the small vessels.
STAGE_SHARES = (0.70, 0.19, 0.05, 0.06)
