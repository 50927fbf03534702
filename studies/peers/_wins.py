"""Who wins where: the sentences below the tables of the peers, computed from their figures."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from _catalogue import PEERS
from _figures import LABELS, METRICS, Figures

ALL = next(iter(LABELS))
SEES = ("pixels", "crops", "contrast", "stain")
LITE = "_lite"
RULE = "**stain_rule**"
CLASSIC = "**classic**"


@dataclass(frozen=True)
class Means:
    """The mean over the seeds of each metric, all labels, by the name of the row, and the seeds behind it."""

    of: dict[str, dict[str, float]]
    seeds: dict[str, int]

    @classmethod
    def from_figures(cls, found: dict[str, Sequence[Figures]]) -> Means:
        """The means of what was found."""
        return cls(
            {
                name: {key: statistics.fmean(run[ALL][key] for run in runs) for key in METRICS}
                for name, runs in found.items()
            },
            {name: len(runs) for name, runs in found.items()},
        )

    def is_whole(self, *names: str) -> bool:
        """Whether no row has more seeds than these."""
        return all(self.seeds[name] == max(self.seeds.values()) for name in names)

    def title(self, name: str) -> str:
        """The name of a row in a sentence, and how many seeds stand behind it when others have more."""
        said = f"`{name}`" if name in PEERS else name
        return said if self.is_whole(name) else f"{said} ({self._count(name)})"

    def pair(self, before: str, after: str) -> str:
        """How many seeds stand behind two rows that are compared, when others have more."""
        if self.is_whole(before, after):
            return ""
        return f" ({self.seeds[before]} and {self._count(after)})"

    def _count(self, name: str) -> str:
        return f"{self.seeds[name]} of {max(self.seeds.values())} seeds"

    def peers(self, *sees: str) -> list[str]:
        """The peers that have figures and see one of these."""
        return [name for name in self.of if name in PEERS and PEERS[name].sees in sees]

    def best(self, key: str, names: Sequence[str]) -> tuple[str, float]:
        """Who has the highest figure, and the figure."""
        name = max(names, key=lambda one: self.of[one][key])
        return name, self.of[name][key]


def wins(found: dict[str, Sequence[Figures]]) -> list[str]:
    """One sentence or two for each question; those that nobody has figures for are left out."""
    means = Means.from_figures(found)
    sentences = [
        *_what_it_sees(means),
        *_what_it_learnt_before(means),
        *_against_the_rule(means),
        *_against_ours(means),
        *_classic(means),
    ]
    return [sentence for sentence in sentences if sentence]


def _what_it_sees(means: Means) -> Iterator[str]:
    """The same detector on colours and on what our preparation makes of them."""
    pairs = []
    for name in means.peers("contrast", "stain"):
        other = f"{name.removesuffix(PEERS[name].sees)}pixels"
        if other in means.of:
            before, after = (means.of[one]["auroc"] for one in (other, name))
            said = f"`{name}` {before:.3f} → {after:.3f}{means.pair(other, name)}"
            pairs.append((after - before, said))
    if pairs:
        higher = sum(gain > 0 for gain, _ in pairs)
        each = "; ".join(said for _, said in sorted(pairs)[::-1])
        yield (
            "**What a detector sees, against which detector it is.** AUROC from colours to contrast or stain "
            f"features rises for {higher} of {len(pairs)} peers: {each}."
        )


def _what_it_learnt_before(means: Means) -> Iterator[str]:
    """The same detector on colours, with a network of random weights and with one trained on ImageNet."""
    pairs = []
    for name in means.peers("crops"):
        other = name.replace(LITE, "_pixels")
        if other in means.of:
            before, after = (means.of[one]["auroc"] for one in (other, name))
            pairs.append(f"`{other}` {before:.3f}, `{name}` {after:.3f}{means.pair(other, name)}")
    if pairs:
        yield (
            "**A network trained on ImageNet at the size that it was trained with, against one with random "
            f"weights.** AUROC on colours: {'; '.join(pairs)}."
        )


def _against_the_rule(means: Means) -> Iterator[str]:
    """The best peer for each view beside the one line of arithmetic."""
    if RULE not in means.of:
        return
    rule = means.of[RULE]
    for sees in SEES:
        names = means.peers(sees)
        if names:
            name, value = means.best("auroc", names)
            found, share = means.best("sensitivity_at_specificity_99", names)
            place = _place(value, rule["auroc"])
            own = 100 * rule["sensitivity_at_specificity_99"]
            yield (
                f"**On {sees} the best peer is {place} the stain rule in AUROC:** {means.title(name)} "
                f"{value:.3f}, the "
                f"rule {rule['auroc']:.3f}. At 99 % specificity {means.title(found)} finds most, "
                f"{100 * share:.0f} % of the infected cells; the rule finds {own:.0f} %."
            )


def _place(value: float, other: float) -> str:
    return "above" if value > other else "below"


def _against_ours(means: Means) -> Iterator[str]:
    """The best of ours and the best peer, metric by metric."""
    ours, peers = [name for name in means.of if name not in PEERS], means.peers(*SEES)
    if not ours or not peers:
        return
    rows = []
    for key, (title, _) in METRICS.items():
        (own, value), (peer, other) = means.best(key, ours), means.best(key, peers)
        rows.append(f"{title}: {means.title(own)} {value:.3f}, {means.title(peer)} {other:.3f}")
    yield f"**The best of ours beside the best peer.** {'; '.join(rows)}."


def _classic(means: Means) -> Iterator[str]:
    """How many peers the published recipe leaves behind."""
    peers = means.peers(*SEES)
    if CLASSIC in means.of and peers:
        behind = sum(means.of[peer]["auroc"] < means.of[CLASSIC]["auroc"] for peer in peers)
        fewer = sum(not means.is_whole(peer) for peer in peers)
        partly = f"; {fewer} of these {len(peers)} have fewer seeds" if fewer else ""
        yield (
            f"**The published recipe**, `classic`, has AUROC {means.of[CLASSIC]['auroc']:.3f}. "
            f"It is ahead of {behind} of {len(peers)} peers{partly}."
        )
