"""The page of the peers: who ranks the cells how well, at what cost, and who could not run."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _catalogue import AT_ONCE, BANK, CORESET, DRAWN, PEERS, ROW_PX, SIDE
from _export import COSTS, CROP_PX, NAMES, SIZE_PX
from _figures import LABELS, METRICS, Figures, cells_of, of_recipe, of_scores, rank
from _wins import wins

from normocyte.core.files import write_text
from studies.kit.common import Row, machine, markdown
from studies.kit.pages import filled
from studies.kit.wrapping import wrapped

TEMPLATE = Path(__file__).with_name("page.md.jinja")
SCORES = ".run.scores.npy"
COLUMNS = ("healthy cells", "learning, s", "ms a cell", "peak MB", "kept MB")


@dataclass(frozen=True)
class Study:
    """The folder of the runs, that of our own, the seeds, a row a peer and seed, and what ours cost."""

    out: Path
    ours: Path
    seeds: tuple[int, ...]
    peers: dict[str, dict[int, Row]]
    costs: dict[str, Row]

    def split(self, seed: int) -> Path:
        """Where the rows of a split lie."""
        return self.out / "splits" / f"{seed}.npz"

    def finished(self, name: str) -> dict[int, Row]:
        """The runs of a peer that came to an end."""
        return {seed: row for seed, row in self.peers[name].items() if "reason" not in row}


def figures(study: Study) -> dict[str, list[Figures]]:
    """The figures of every run, by the name of the row: peers, and our recipes in bold."""
    found = {
        name: [
            of_scores(study.out / name / f"{seed}{SCORES}", study.split(seed))
            for seed in study.finished(name)
        ]
        for name in study.peers
    }
    for config in study.costs:
        runs = [of_recipe(study.ours, config, seed) for seed in study.seeds]
        found[f"**{config}**"] = [run for run in runs if run is not None]
    return {name: runs for name, runs in found.items() if runs}


def quality(found: dict[str, list[Figures]], labels: str, seeds: int) -> str:
    """One table of figures, the best AUROC first."""
    order = sorted(found, key=lambda name: -rank(found[name], labels))
    rows = [[_with_seeds(name, found[name], seeds), *cells_of(found[name], labels)] for name in order]
    return markdown(("detector", *(title for title, _ in METRICS.values())), rows)


def _with_seeds(name: str, runs: list[Figures], seeds: int) -> str:
    """The name, and how many seeds stand behind it when not all do."""
    return name if len(runs) == seeds else f"{name} ({len(runs)} of {seeds} seeds)"


def spending(study: Study) -> str:
    """The table of what each costs, the cheapest to score first."""
    preparing = json.loads((study.out / "cells" / COSTS).read_text(encoding="utf-8"))
    rows = {}
    for name in study.peers:
        runs = list(study.finished(name).values())
        if runs:
            rows[name] = _mean(runs, preparing[PEERS[name].sees])
    rows |= {f"**{config}**": _mean([row], 0.0) for config, row in study.costs.items() if "reason" not in row}
    order = sorted(rows, key=lambda name: rows[name][2])
    return markdown(("detector", *COLUMNS), [[name, *_format_value(rows[name])] for name in order])


def _mean(runs: list[Row], preparing: float) -> list[float]:
    """Cells, seconds, milliseconds with preparation, peak and kept megabytes, averaged over runs."""
    means = {key: statistics.fmean(run[key] for run in runs) for key in runs[0]}
    return [
        means["cells"],
        means["seconds"],
        means["ms"] + preparing,
        means["megabytes"],
        means["bytes"] / 1e6,
    ]


def _format_value(row: list[float]) -> list[str]:
    cells, seconds, ms, peak, stored = row
    return [f"{cells:.0f}", f"{seconds:.1f}", f"{ms:.2f}", f"{peak:.0f}", f"{stored:.2f}"]


def members(study: Study) -> str:
    """What each peer is and what it sees."""
    return "\n".join(f"| {name} | {PEERS[name].what} | {PEERS[name].sees} |" for name in study.peers)


def failures(study: Study) -> str:
    """Who could not run, and why."""
    rows = [
        (name, ", ".join(str(seed) for seed in by_seed if seed not in study.finished(name)), reason)
        for name, by_seed in study.peers.items()
        for reason in sorted({row["reason"] for row in by_seed.values() if "reason" in row})
    ]
    rows += [
        (config, str(study.seeds[0]), row["reason"]) for config, row in study.costs.items() if "reason" in row
    ]
    lines = ["| who | seeds | why |", "| :-- | :-- | :-- |", *("| " + " | ".join(row) + " |" for row in rows)]
    return "\n".join(lines) if rows else "All ran."


def collected(study: Study) -> Row:
    """All that the page needs, small enough to be kept."""
    return {
        "figures": figures(study),
        "costs": spending(study),
        "members": members(study),
        "failures": failures(study),
        "seeds": list(study.seeds),
        "cells": len(np.load(study.out / "cells" / NAMES)),
        "machine": machine(),
    }


def write_page(found: Row, page: Path) -> str:
    """Write the page from what was collected; the tables, to be printed."""
    seeds = len(found["seeds"])
    tables = "\n\n".join(
        f"## {title}\n\n{quality(found['figures'], labels, seeds)}" for labels, title in LABELS.items()
    )
    fields = found | {
        "tables": tables,
        "seeds": " ".join(map(str, found["seeds"])),
        "cells": f"{found['cells']:,}",
        "wins": wins(found["figures"]),
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
