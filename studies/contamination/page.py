"""The tables of the page on infected cells among the healthy ones, made from the kept runs."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from pathlib import Path

from studies.kit.common import Row, markdown

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


def ranking_table(losses: dict[str, Levels]) -> str:
    """How the scores rank the test cells, for each loss, each way to fit the tails and each level."""
    lines = [
        (f"{loss}; {said}", f"{level:g} %", *_ranking(rows, way))
        for loss, levels in losses.items()
        for way, said in WAYS.items()
        for level, rows in sorted(levels.items())
    ]
    return markdown(("loss; tails", "infected", *RANKING, "false positives", "recall"), lines)


def _ranking(rows: list[Row], way: str) -> list[str]:
    figures = [mean(rows, way, "ranking", name)[0] for name in RANKING]
    false_positives, recall = mean(rows, way, "cuts", "reviewed quantile")
    first, *others = figures
    return [f"{first:.4f}", *(f"{value:.3f}" for value in others), f"{false_positives:.2%}", f"{recall:.3f}"]


def cut_table(levels: Levels) -> str:
    """False positives and recall at the nominal cut, for each way to choose it and each level."""
    columns = ("tails; cut", *(f"{level:g} %" for level in sorted(levels)))
    lines = [
        (f"{WAYS[way]}; {said}", *(_at_cut(rows, way, rule) for _, rows in sorted(levels.items())))
        for way in ("told 0", "told 0.05", "told 0.1")
        for rule, said in CUTS.items()
    ]
    return markdown(columns, lines)


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


def sections(out: Path) -> str:
    """One section for each recipe: how the cells are ranked, and what the cut does."""
    runs, parts = found(out), []
    for config in dict.fromkeys(config for config, _ in runs):
        losses = {loss: levels for (name, loss), levels in runs.items() if name == config}
        parts += [f"## `{config}`", _said(losses["plain"]), ranking_table(losses)]
        parts += ["False positives / recall at the cut:", cut_table(losses["plain"])]
    if not any(loss == "robust" for _, loss in runs):
        parts.append("No network is measured here yet, so nothing is known of `robust_beyond`.")
    return "\n\n".join(parts)


def _said(levels: Levels) -> str:
    """From how many cells and seeds these figures are."""
    clean = levels[0.0]
    seeds = ", ".join(str(row["seed"]) for row in clean)
    cells = ", ".join(f"{row['cells']['train']:,}" for row in clean)
    epochs = f", {clean[0]['epochs']} epochs" if clean[0]["epochs"] else ""
    return f"Seeds {seeds}; {cells} healthy training cells{epochs}."
