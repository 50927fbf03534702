"""The page of the peers: who ranks the cells how well, at what cost, and who could not run."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _catalogue import AT_ONCE, BANK, CORESET, DRAWN, PEERS, ROW_PX, SIDE
from _export import COSTS, CROP_PX, NAMES, SIZE_PX
from _figures import (
    COMPARISON,
    LABELS,
    METRICS,
    Figures,
    Run,
    Runs,
    cells_of,
    day_of,
    days,
    finished,
    merged,
    of_recipe,
    of_scores,
    rank,
    some_seeds,
)
from _wins import wins

from normocyte.core.errors import DatasetError
from normocyte.core.files import write_text
from studies.kit.common import Row, machine, markdown
from studies.kit.pages import filled
from studies.kit.wrapping import wrapped

TEMPLATE = Path(__file__).with_name("page.md.jinja")
SCORES = ".run.scores.npy"
COLUMNS = ("healthy cells", "learning, s", "ms a cell", "peak MB", "kept MB")
NOT_MEASURED = "left out to keep the run short: the command above measures it"


@dataclass(frozen=True)
class Study:
    """The folder of the runs, that of our own, the seeds, a row a peer and seed, and what ours cost.

    A row is empty where nothing was run.
    """

    out: Path
    ours: Path
    seeds: tuple[int, ...]
    peers: dict[str, dict[int, Row]]
    costs: dict[str, Row]

    def split(self, seed: int) -> Path:
        """Where the rows of a split lie."""
        return self.out / "splits" / f"{seed}.npz"

    def cells(self) -> int:
        """How many cells were exported, 0 where nothing was."""
        names = self.out / "cells" / NAMES
        return len(np.load(names)) if names.is_file() else 0


def runs_of(study: Study) -> Runs:
    """What was run, by the name of the row: peers, and our recipes in bold."""
    found = {
        name: {str(seed): _peer_run(study, name, seed, row) for seed, row in by_seed.items() if row}
        for name, by_seed in study.peers.items()
    }
    return found | {f"**{config}**": dict(_our_runs(study, config)) for config in study.costs}


def _peer_run(study: Study, name: str, seed: int, row: Row) -> Run:
    """One run of a peer: its own scoring costs what our preparation costs besides."""
    if "reason" in row:
        return row
    preparing = json.loads((study.out / "cells" / COSTS).read_text(encoding="utf-8"))
    return {
        "measured": day_of(study.out / name / f"{seed}.json"),
        "figures": of_scores(study.out / name / f"{seed}{SCORES}", study.split(seed)),
        "costs": row | {"ms": row["ms"] + preparing[PEERS[name].sees]},
    }


def _our_runs(study: Study, config: str) -> Iterator[tuple[str, Run]]:
    """The runs of one of our recipes, as far as they were measured; what it costs stands with the first."""
    for seed in study.seeds:
        figures = of_recipe(study.ours, config, seed)
        run = {} if figures is None else {"measured": day_of(study.ours / COMPARISON), "figures": figures}
        if study.costs[config] and seed == study.seeds[0]:
            run["costs"] = study.costs[config]
        if run:
            yield str(seed), run


def quality(found: dict[str, list[Figures]], labels: str, seeds: int) -> str:
    """One table of figures, the best AUROC first."""
    order = sorted(found, key=lambda name: -rank(found[name], labels))
    rows = [[some_seeds(name, found[name], seeds), *cells_of(found[name], labels)] for name in order]
    return markdown(("detector", *(title for title, _ in METRICS.values())), rows)


def spending(runs: Runs) -> str:
    """The table of what each costs, the cheapest to score first."""
    costs = {name: [run["costs"] for run in own.values() if _has_costs(run)] for name, own in runs.items()}
    rows = {name: _mean(own) for name, own in costs.items() if own}
    order = sorted(rows, key=lambda name: rows[name][2])
    return markdown(("detector", *COLUMNS), [[name, *_format_value(rows[name])] for name in order])


def _has_costs(run: Run) -> bool:
    return "costs" in run and "reason" not in run["costs"]


def _mean(costs: list[Row]) -> list[float]:
    """Cells, seconds, milliseconds with preparation, peak and kept megabytes, averaged over runs."""
    means = {key: statistics.fmean(run[key] for run in costs) for key in costs[0]}
    return [means["cells"], means["seconds"], means["ms"], means["megabytes"], means["bytes"] / 1e6]


def _format_value(row: list[float]) -> list[str]:
    cells, seconds, ms, peak, stored = row
    return [f"{cells:.0f}", f"{seconds:.1f}", f"{ms:.2f}", f"{peak:.0f}", f"{stored:.2f}"]


def members() -> str:
    """What each peer is and what it sees."""
    return "\n".join(f"| {name} | {peer.what} | {peer.sees} |" for name, peer in PEERS.items())


def failures(runs: Runs, seeds: list[int]) -> str:
    """Who could not run, and why."""
    rows = [
        (name, ", ".join(where), reason)
        for name in PEERS
        for reason, where in sorted(_missing(name, runs.get(name, {}), seeds).items())
    ]
    rows += [
        (f"{name.strip('*')}: its costs", str(seeds[0]), _reason_of_costs(own))
        for name, own in runs.items()
        if name not in PEERS and not any(map(_has_costs, own.values()))
    ]
    lines = ["| who | seeds | why |", "| :-- | :-- | :-- |", *("| " + " | ".join(row) + " |" for row in rows)]
    return "\n".join(lines) if rows else "All ran."


def _missing(name: str, own: dict[str, Run], seeds: list[int]) -> dict[str, list[str]]:
    """The seeds without figures, by the reason."""
    found: dict[str, list[str]] = {}
    for seed in map(str, seeds):
        run = own.get(seed, {})
        if "figures" not in run:
            reason = PEERS[name].unable or run.get("reason", NOT_MEASURED)
            found.setdefault(reason, []).append(seed)
    return found


def _reason_of_costs(own: dict[str, Run]) -> str:
    reasons = [run["costs"]["reason"] for run in own.values() if "costs" in run]
    return reasons[0] if reasons else NOT_MEASURED


def collected(study: Study, known: Row) -> Row:
    """All that the page needs, small enough to be kept; what was not run again is what was `known`.

    DatasetError when the known runs are of other cells.
    """
    cells = study.cells() or known.get("cells", 0)
    if known.get("cells", cells) != cells:
        raise DatasetError(
            f"The kept runs are of {known['cells']:,} cells, these are {cells:,}. Give --keep another file."
        )
    return {
        "runs": merged(known.get("runs", {}), runs_of(study)),
        "seeds": sorted({*known.get("seeds", ()), *study.seeds}),
        "cells": cells,
        "machine": machine(),
    }


def write_page(found: Row, page: Path) -> str:
    """Write the page from what was collected; the tables, to be printed."""
    runs, figures = found["runs"], finished(found["runs"])
    tables = "\n\n".join(
        f"## {title}\n\n{quality(figures, labels, len(found['seeds']))}" for labels, title in LABELS.items()
    )
    fields = {
        "made": found["made"],
        "machine": found["machine"],
        "days": days(runs),
        "costs": spending(runs),
        "members": members(),
        "failures": failures(runs, found["seeds"]),
        "tables": tables,
        "seeds": " ".join(map(str, found["seeds"])),
        "cells": f"{found['cells']:,}",
        "wins": wins(figures),
        "few": f"{PEERS['anomalib_patchcore_pixels'].cells:,}",
        "some": f"{PEERS['anomalib_padim_pixels'].cells:,}",
        "row": f"{ROW_PX**2 * 3:,}",
        "row_px": ROW_PX,
        "call": AT_ONCE,
        "size_px": SIZE_PX,
        "crop_px": CROP_PX,
        "side": SIDE,
        "coreset": f"{100 * CORESET:g} %",
        "bank": f"{BANK:,}",
        "drawn": f"{DRAWN:,}",
    }
    write_text(page, wrapped(filled(TEMPLATE, **fields)))
    return f"{tables}\n\n{fields['costs']}\n\n{fields['failures']}"
