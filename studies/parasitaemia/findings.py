"""What the page on the statistics of a smear says of its tables, and which constants it names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from normocyte.parasitaemia.support.patients import FEWEST_PATIENTS
from studies.error_rates.cells import FEW
from studies.error_rates.findings import asked, patients_for
from studies.kit.measured import Page, Tables
from studies.parasitaemia.measures import JUDGED, LEVEL, SIZES, SMEARS, USUAL, estimators
from studies.parasitaemia.page import CHOSEN_NAME, CUTS, TITLES
from studies.parasitaemia.tried import LOOSE
from studies.parasitaemia.worlds import NEW

MORE = 4
"""How many times as many calibration patients there are in the world of many."""
AIMS = {"called": 95, "held": 93, "false alarms": round(100 * LEVEL)}
"""Per cent: infected smears called, intervals that hold, healthy smears called at most; all rounded."""
FITTED, REAL, SCORES = ("fitted", "many"), ("redrawn", "drawn"), ("normal", "exponential")
AS_IT_IS = TITLES["drawn"]
INFECTED = "2 %"
NEAR = 10.0
"""A threshold is near the best when it calls at most so many per cent fewer infected smears."""
THRESHOLDS = [asked(float(cut)) for cut in CUTS]


def findings(tables: Tables) -> dict[str, Any]:
    """False alarms, intervals and chosen thresholds, each against its aim."""
    called = tables["called fitted"].number(CHOSEN_NAME, INFECTED)
    alarms = {
        "fitted": column(tables, "called", FITTED, "healthy"),
        "own": column(tables, "sizes", REAL, "own cells once: healthy"),
        "scores": column(tables, "called", SCORES, "healthy"),
        "redrawn": column(tables, "called", ("redrawn",), "healthy"),
        "drawn": column(tables, "called", ("drawn",), "healthy"),
    }
    held = {name: intervals(tables, name, all_but(AS_IT_IS)) for name in estimators()}
    return {
        "alarms": alarms,
        "alarms_met": {name: round(max(values)) <= AIMS["false alarms"] for name, values in alarms.items()},
        "called_met": called >= AIMS["called"],
        "held": held,
        "held_met": {name: round(min(values)) >= AIMS["held"] for name, values in held.items()},
        "held_as_it_is": intervals(tables, "inverted_test", (AS_IT_IS,)),
        "near": [f"*{TITLES[world]}*" for world in TITLES if far(tables, world) <= NEAR],
        "not_near": [f"*{TITLES[world]}*" for world in TITLES if far(tables, world) > NEAR],
    }


def column(tables: Tables, kind: str, worlds: Iterable[str], name: str) -> list[float]:
    """All numbers of a column, in the tables of some worlds."""
    return [value for world in worlds for value in tables[f"{kind} {world}"].numbers(name)]


def all_but(title: str) -> list[str]:
    """The titles of all worlds but one."""
    return [one for one in TITLES.values() if one != title]


def intervals(tables: Tables, estimator: str, titles: Iterable[str]) -> list[float]:
    """How often an estimator's interval held, at each threshold in these worlds."""
    thresholds = (*THRESHOLDS, CHOSEN_NAME)
    return [tables["coverage"].number(one, estimator, title) for one in thresholds for title in titles]


def far(tables: Tables, world: str) -> float:
    """How many per cent of infected smears the best threshold calls beyond the chosen one."""
    own = tables[f"called {world}"]
    return max(own.number(one, INFECTED) for one in THRESHOLDS) - own.number(CHOSEN_NAME, INFECTED)


PAGE = Page(
    Path(__file__).with_name("page"),
    "parasitaemia-statistics.md",
    {
        "titles": TITLES,
        "chosen": CHOSEN_NAME,
        "aims": AIMS,
        "usual": f"{USUAL:,}",
        "sizes": [f"{size:,}" for size in SIZES],
        "loose": asked(LOOSE),
        "strict": THRESHOLDS[1],
        "infected_at": INFECTED,
        "level": asked(LEVEL),
        "fewest": FEWEST_PATIENTS,
        "needed": patients_for(LEVEL),
        "smears": SMEARS,
        "judged": JUDGED,
        "new": NEW,
        "few": FEW,
        "more": MORE,
    },
    findings,
)
