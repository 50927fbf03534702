"""The tables of the page on infected cells among the healthy ones, made from the kept runs."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from pathlib import Path
from typing import Any

from studies.contamination.findings import RANKING as RANKING_TABLE
from studies.contamination.findings import THRESHOLDS
from studies.kit.common import Row
from studies.kit.tables import Table

WAYS = {
    "told 0": "plain",
    "told 0.05": "`infected = 0.05`",
    "told 0.1": "`infected = 0.1`",
    "healthy": "plain, of healthy cells alone",
}
CUTS = {
    "reviewed quantile": "`quantile` of reviewed cells",
    "reviewed infected_quantile": "`infected_quantile` of reviewed cells",
    "mixed quantile": "`quantile` of mixed cells",
    "mixed infected_quantile": "`infected_quantile` of mixed cells",
}
RANKING = ("AUROC", "sens. at 95 %", "sens. at 99 %", "sens. at 99.5 %", "AP at 1 %")
Levels = dict[float, list[Row]]


def found(out: Path) -> dict[tuple[str, str], Levels]:
    """All finished runs in a folder, by recipe and loss, then by level."""
    runs: dict[tuple[str, str], Levels] = defaultdict(lambda: defaultdict(list))
    for place in sorted(out.glob("*.json")):
        row = json.loads(place.read_text(encoding="utf-8"))
        runs[row["config"], row["loss"]][row["level"]].append(row)
    return runs


def mean(rows: list[Row], way: str, kind: str, key: str) -> tuple[float, ...]:
    """The mean over seeds of one entry of the rows: one number, or false positives and recall at a cut."""
    values = [row["ways"][way][kind][key] for row in rows]
    columns = zip(*(value if isinstance(value, list) else [value] for value in values), strict=True)
    return tuple(statistics.fmean(column) for column in columns)


def ranking_table(losses: dict[str, Levels]) -> Table:
    """How the scores rank the test cells, for each loss, each way to fit the tails and each level."""
    lines = [
        (f"{loss}; {said}", f"{level:g} %", *_ranking(rows, way))
        for loss, levels in losses.items()
        for way, said in WAYS.items()
        for level, rows in sorted(levels.items())
    ]
    return Table.of(("loss; tails", "infected", *RANKING, "false positives", "recall"), lines)


def _ranking(rows: list[Row], way: str) -> list[str]:
    figures = [mean(rows, way, "ranking", name)[0] for name in RANKING]
    false_positives, recall = mean(rows, way, "cuts", "reviewed quantile")
    first, *others = figures
    return [f"{first:.4f}", *(f"{value:.3f}" for value in others), f"{false_positives:.2%}", f"{recall:.3f}"]


def cut_table(levels: Levels) -> Table:
    """False positives and recall at the nominal cut, for each way to choose it and each level."""
    columns = ("tails; threshold", *(f"{level:g} %" for level in sorted(levels)))
    lines = [
        (f"{WAYS[way]}; {said}", *(_at_cut(rows, way, rule) for _, rows in sorted(levels.items())))
        for way in ("told 0", "told 0.05", "told 0.1")
        for rule, said in CUTS.items()
    ]
    return Table.of(columns, lines)


def _at_cut(rows: list[Row], way: str, rule: str) -> str:
    false_positives, recall = mean(rows, way, "cuts", rule)
    return f"{false_positives:.2%} / {recall:.3f}"


def commands(out: Path) -> list[str]:
    """The commands that made these runs, one for each recipe."""
    lines = []
    for (config, loss), levels in found(out).items():
        if loss == "plain":
            clean = levels[0.0]
            asked = {"seeds": " ".join(str(row["seed"]) for row in clean), **clean[0].get("asked", {})}
            given = " ".join(f"--{name} {value}" for name, value in asked.items() if value)
            lines.append(f"python -m studies.contamination --data DIR --configs {config} {given}")
    return lines


def tables(out: Path) -> dict[str, Table]:
    """Two tables for each recipe: how the cells are ranked, and what the threshold does."""
    parts: dict[str, Table] = {}
    for config, losses in by_recipe(out).items():
        parts[f"{RANKING_TABLE} {config}"] = ranking_table(losses)
        parts[f"{THRESHOLDS} {config}"] = cut_table(losses["plain"])
    return parts


def by_recipe(out: Path) -> dict[str, dict[str, Levels]]:
    """The finished runs of each recipe, by loss."""
    runs = found(out)
    configs = dict.fromkeys(config for config, _ in runs)
    return {
        config: {loss: levels for (name, loss), levels in runs.items() if name == config}
        for config in configs
    }


def facts(out: Path) -> dict[str, Any]:
    """The commands, from how many cells the figures of each recipe are, and whether any is of a network."""
    recipes = by_recipe(out)
    return {
        "commands": commands(out),
        "configs": {config: _said(losses["plain"]) for config, losses in recipes.items()},
        "has_robust": any("robust" in losses for losses in recipes.values()),
    }


def _said(levels: Levels) -> str:
    """From how many cells and seeds these figures are."""
    clean = levels[0.0]
    seeds = ", ".join(str(row["seed"]) for row in clean)
    cells = ", ".join(f"{row['cells']['train']:,}" for row in clean)
    epochs = f", {clean[0]['epochs']} epochs" if clean[0]["epochs"] else ""
    return f"Seeds {seeds}; {cells} healthy training cells{epochs}."
