"""Which photos of fields are good, usable or unusable, and from what their limits were learnt.

    python -m studies.photo_quality --data DIR

`DIR` holds `iml-malaria-fields/images`, `bccd-fields/JPEGImages` and `brain-mri`. Every second field by
sorted name teaches the limits; the others are graded, as they are and damaged, and so is what is no field.
Prints the lines of the code when its limits are not those learnt, and writes the page when they are.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np

from normocyte.core.files import write_text
from normocyte.core.types import Source
from normocyte.images.reading import read
from normocyte.photo_checks.contract import Limits, Photo
from normocyte.photo_checks.gate import FieldGate, Finding, finding_of
from normocyte.photo_checks.outlines import Outlines
from normocyte.results.verdict import Grade
from normocyte.segmentation.contract import Segmenter
from normocyte.segmentation.watershed import Watershed
from normocyte.workflows.smear.detections import photo_of
from studies.kit.common import machine, markdown
from studies.photo_quality.limits import RULES, all_limits, graded
from studies.photo_quality.not_fields import DRAWN, Image8, blurred, exposed, grainy, screen, vignetted

LABS = {"IML": "iml-malaria-fields/images", "BCCD": "bccd-fields/JPEGImages"}
EVERY = 8
DRAWINGS = 10
SLICES = 100
CHANCE = 7
GRADES = (Grade.GOOD, Grade.USABLE, Grade.UNUSABLE)
DAMAGES: dict[str, Callable[[Image8], Image8]] = {
    "blurred, sigma 0.2 % of the height": blurred(0.04),
    "blurred, sigma 0.4 %": blurred(0.08),
    "blurred, sigma 0.8 %": blurred(0.16),
    "blurred, sigma 1.6 %": blurred(0.32),
    "a fifth of the light": exposed(0.2),
    "half of the light": exposed(0.5),
    "1.3 times the light": exposed(1.3),
    "twice the light": exposed(2.0),
    "30 % less light in the corners": vignetted(0.3),
    "60 % less light in the corners": vignetted(0.6),
    "90 % less light in the corners": vignetted(0.9),
    "noise, 5 of 255": grainy(5.0),
    "noise, 20 of 255": grainy(20.0),
}


def files(data: Path, lab: str) -> list[Source]:
    """The fields of a laboratory, by sorted name."""
    return [Source(path) for path in sorted((data / LABS[lab]).iterdir())]


def found(pictures: Iterable[Image8], segmenter: Segmenter | None = None) -> list[Finding]:
    """What the gate says of each by a rough look; of its outlines by the segmenter, where there is one."""
    rough, outlines = FieldGate(), FieldGate([Outlines()])
    findings = []
    for pixels in pictures:
        taken = {measure.name: measure for measure in rough.assess(Photo(pixels)).measures}
        if segmenter:
            seen = outlines.assess(photo_of(pixels, segmenter.segment(pixels)))
            taken |= {measure.name: measure for measure in seen.measures}
        findings.append(finding_of([*taken.values()]))
    return findings


def shares(findings: Sequence[Finding]) -> list[str]:
    """How many there are, the shares of the three grades, and what most often makes one unusable."""
    grades = Counter(finding.grade for finding in findings)
    reasons = Counter(
        measure.name
        for finding in findings
        for measure in finding.measures
        if not measure.usable[0] <= measure.value <= measure.usable[1]
    )
    first = ", ".join(name for name, _ in reasons.most_common(3)) or "-"
    return [str(len(findings)), *(percent(grades[grade] / len(findings)) for grade in GRADES), first]


def percent(share: float) -> str:
    """A share in words."""
    return f"{share:.1%}".replace("%", " %")


def table(rows: Iterable[tuple[str, Sequence[Finding]]]) -> str:
    """One row of shares for each kind of photo."""
    columns = ("photos", "number", "good", "usable", "unusable", "outside of usable, most often")
    return markdown(columns, ([name, *shares(findings)] for name, findings in rows))


def in_code(finding: Finding) -> dict[str, tuple[Limits, Limits]]:
    """The limits that the code has."""
    return {measure.name: (measure.good, measure.usable) for measure in finding.measures}


def check_code(code: dict[str, tuple[Limits, Limits]], learnt: dict[str, tuple[Limits, Limits]]) -> None:
    """End with the lines that the code should have, where it has others."""
    lines = [
        f"    {name}_{grade}: Limits = {limits}".replace("inf", "np.inf")
        for name, both in learnt.items()
        for grade, limits in zip(("good", "usable"), both, strict=True)
        if both != code[name]
    ]
    if lines:
        raise SystemExit("The limits in the code are not those learnt:\n" + "\n".join(lines))


def limits_table(learnt: dict[str, tuple[Limits, Limits]]) -> str:
    """Every measure with its limits and how they came about."""
    rows = [
        [f"`{name}`", said(good), said(usable), RULES[name].how()] for name, (good, usable) in learnt.items()
    ]
    return markdown(("measure", "good", "usable", "limited sides, margin"), rows)


def said(limits: Limits) -> str:
    """Two limits in words."""
    return f"{limits[0]:.3g} and more" if np.isinf(limits[1]) else f"{limits[0]:.3g} to {limits[1]:.3g}"


def elsewhere(taught: dict[str, list[Finding]], asked: dict[str, list[Finding]]) -> str:
    """Fields of one laboratory by limits that only the other has taught."""
    names = list(LABS)
    rows = [
        (f"{other}, by limits from {own} alone", graded(asked[other], all_limits([taught[own]])))
        for own, other in (names, names[::-1])
    ]
    return table(rows)


def damaged(fields: Sequence[Image8]) -> str:
    """The same fields, damaged."""
    rows = [("as they are", found(fields))]
    rows += [(name, found(map(damage, fields))) for name, damage in DAMAGES.items()]
    return table(rows)


def others(data: Path, fields: Sequence[Image8]) -> str:
    """What is no blood field."""
    rng = np.random.default_rng(CHANCE)
    rows = [(name, found(draw(rng) for _ in range(DRAWINGS))) for name, draw in DRAWN.items()]
    slices = sorted((data / "brain-mri").rglob("*.jpg"))
    step = max(len(slices) // SLICES, 1)
    rows.append(("slice of a brain, MRI", found(read(Source(path)) for path in slices[::step])))
    rows.append(("field on a screen", found(screen(field, rng) for field in fields)))
    return table(rows)


def seconds(fields: Sequence[Image8]) -> str:
    """The median processor time a photo, on one core."""
    cv2.setNumThreads(1)
    times = []
    for field in fields:
        before = time.process_time()
        found([field])
        times.append(time.process_time() - before)
    return f"{np.median(times):.2f} s"


def main() -> None:
    """Learn, grade, print and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/field-quality.md"))
    asked = parser.parse_args()
    sources = {lab: files(asked.data, lab) for lab in LABS}
    taught = {lab: found(map(read, sources[lab][::2]), Watershed()) for lab in LABS}
    limits = all_limits(list(taught.values()))
    check_code(in_code(taught["IML"][0]), limits)
    checked = {lab: found(map(read, sources[lab][1::2]), Watershed()) for lab in LABS}
    fields = [read(source) for lab in LABS for source in sources[lab][1::EVERY]]
    template = Path(__file__).with_name("page.md.in").read_text(encoding="utf-8")
    page = template.format(
        drawings=DRAWINGS,
        taught=sum(map(len, taught.values())),
        limits=limits_table(limits),
        checked=table(checked.items()),
        elsewhere=elsewhere(taught, checked),
        damaged=damaged(fields),
        others=others(asked.data, fields),
        seconds=seconds([read(source) for source in sources["IML"][1::EVERY]]),
        machine=machine(),
    )
    print(page)
    write_text(asked.page, page)


if __name__ == "__main__":
    main()
