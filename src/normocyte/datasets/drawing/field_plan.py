"""Where what lies in the fields of a smear, before anything is drawn."""

from dataclasses import dataclass, replace

import numpy as np

from normocyte.core.fields import Declared, described
from normocyte.core.seeds import generator
from normocyte.datasets.drawing.look import STAGE_SHARES, STAGES, Kind

LEUCOCYTE, PLATELET = "leucocyte", "platelet"

_RADIUS_SHARE = 0.0273
"""The radius of a red cell as a share of the field's width: 35 pixels of 1280."""
_OVERLAPPING = 0.13
_TRIES = 40
_LEUCOCYTES, _PLATELETS = 1 / 300, 1 / 14
"""How many lie in a field for each red cell."""


@dataclass(frozen=True, slots=True)
class WantedFields(Declared):
    """A smear to be drawn."""

    parasitaemia: float = described(0.01, "share of red cells with a parasite", at_least=0, at_most=1)
    fields: int = described(20, "how many fields", at_least=1, at_most=1000)
    width: int = described(1280, "width of a field", unit="pixels", at_least=320, at_most=6000)
    height: int = described(960, "height of a field", unit="pixels", at_least=320, at_most=6000)
    crowding: float = described(0.4, "share of a field that red cells cover side by side", above=0, at_most=1)
    seed: int = described(0, "seed of the random numbers", at_least=0)

    @property
    def radius_px(self) -> float:
        """The usual radius of a red cell."""
        return _RADIUS_SHARE * self.width


@dataclass(frozen=True, slots=True)
class Body:
    """One cell or platelet: its kind, and its centre in pixels, perhaps a little outside the field."""

    kind: str
    x: float
    y: float

    @property
    def is_red_cell(self) -> bool:
        """False for leucocytes and platelets."""
        return self.kind not in (LEUCOCYTE, PLATELET)


Field = list[Body]


def plan_fields(wanted: WantedFields) -> list[Field]:
    """What lies in each field; of all red cells of the smear exactly the asked share is infected, rounded.

    Cells that the edge of a field cuts are infected last, for then their parasite may not show.
    """
    fields = [_field(generator(wanted.seed, "place", number), wanted) for number in range(wanted.fields)]
    places = [(field, row) for field in fields for row, body in enumerate(field) if body.is_red_cell]
    rng = generator(wanted.seed, "infected")
    rng.shuffle(places)
    places.sort(key=lambda place: _is_cut(place[0][place[1]], wanted))
    for field, row in places[: round(wanted.parasitaemia * len(places))]:
        field[row] = replace(field[row], kind=STAGES[rng.choice(len(STAGES), p=STAGE_SHARES)].value)
    return fields


def _is_cut(body: Body, wanted: WantedFields) -> bool:
    """True when the edge of the field may cut the body."""
    far = 1.1 * wanted.radius_px
    return not (far < body.x < wanted.width - far and far < body.y < wanted.height - far)


def _field(rng: np.random.Generator, wanted: WantedFields) -> Field:
    """The bodies of one field; leucocytes come first, so that red cells make room for them."""
    radius = wanted.radius_px
    area = (wanted.width + 2 * radius) * (wanted.height + 2 * radius)
    cells = round(wanted.crowding * rng.uniform(0.8, 1.15) * area / (np.pi * radius**2))
    counts = {
        LEUCOCYTE: rng.poisson(_LEUCOCYTES * cells),
        Kind.HEALTHY.value: cells,
        PLATELET: rng.poisson(_PLATELETS * cells),
    }
    bodies: Field = []
    for kind, count in counts.items():
        for _ in range(count):
            bodies.extend(_placed(rng, wanted, bodies, kind))
    return bodies


def _placed(rng: np.random.Generator, wanted: WantedFields, bodies: Field, kind: str) -> Field:
    """One more body where there is room for it; none where there is no room."""
    overlaps = rng.uniform() < _OVERLAPPING
    gap = rng.uniform(0.7, 0.95) if overlaps else rng.uniform(1.0, 1.12)
    reach = _reach(kind)
    others = np.array([(body.x, body.y, _reach(body.kind)) for body in bodies]).reshape(-1, 3)
    far = np.array([wanted.width, wanted.height]) + wanted.radius_px
    for _ in range(_TRIES):
        x, y = rng.uniform(-wanted.radius_px, far)
        room = (others[:, 2] + reach) * gap * wanted.radius_px
        if np.all(np.hypot(others[:, 0] - x, others[:, 1] - y) >= room):
            return [Body(kind, float(x), float(y))]
    return []


def _reach(kind: str) -> float:
    """The radius of a body in radii of a red cell."""
    return {LEUCOCYTE: 1.7, PLATELET: 0.25}.get(kind, 1.0)
