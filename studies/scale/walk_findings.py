"""The commands of the guide on a batch that is killed, and its page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studies.kit.measured import Page

KILL = "kill -9 $!"
RAY = "--engine ray --workers 2"


@dataclass(frozen=True)
class Step:
    """A command block of the guide; `results` is the folder of a batch that is killed."""

    lines: tuple[str, ...]
    results: str = ""

    def block(self, images: int) -> str:
        """What is typed."""
        return "\n".join(self.lines).format(images=images)


STEPS = {
    "draw": Step(("python -m studies.scale.draw cells --images {images}",)),
    "killed": Step(("normocyte batch cells --to results &", KILL), "results"),
    "early": Step(("normocyte summarise results",)),
    "resumed": Step(("normocyte batch cells --to results",)),
    "summarised": Step(("normocyte summarise results",)),
    "again": Step(("normocyte batch cells --to results",)),
    "ray_killed": Step((f"normocyte batch cells --to on-ray {RAY} &", KILL), "on-ray"),
    "ray_resumed": Step((f"normocyte batch cells --to on-ray {RAY}",)),
    "ray_summarised": Step(("normocyte summarise on-ray",)),
    "compared": Step(("diff -r results/rows on-ray/rows && echo equal",)),
}


PAGE = Page(
    Path(__file__).with_name("walk"),
    "../how-to/stop-and-go-on.md",
    {"blocks": STEPS},
    script="-m studies.scale.walk",
)
