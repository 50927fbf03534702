"""What the answer to a smear rests on, for who wants to check it."""

import math

from normocyte.reports.drawing import formatting
from normocyte.reports.smear.numbers import p_value, percent, with_interval
from normocyte.reports.smear.words import name
from normocyte.results.smear import Smear
from normocyte.wording.language import figure, gettext, translated


def facts(smear: Smear) -> list[tuple[str, str]]:
    """What the answer rests on: each with its name."""
    answer = smear.answer
    test = (
        gettext(
            "{p_value}: how often a healthy smear has so many flagged cells", p_value=p_value(answer.p_value)
        )
        if math.isfinite(answer.p_value)
        else gettext("none was made")
    )
    is_told = answer.min_anomalous and not answer.looked_at  # a person has looked
    score = figure(formatting.score(smear.threshold))
    rows = [
        (gettext("Smear"), name(smear)),
        *((translated(formatting.plain(label)), formatting.plain(value)) for label, value in smear.labels),
        (gettext("Flagged cells"), translated(answer.reason)),
        (gettext("Test of the count"), test),
        (gettext("Must not be missed"), gettext("a parasitaemia of {share}", share=percent(answer.limit))),
        (gettext("By the count alone (inverted test)"), with_interval(answer.by_count)),
        (gettext("By the count alone (Rogan and Gladen)"), with_interval(answer.rogan_gladen)),
        (gettext("By the count alone (Bayes, never none)"), with_interval(answer.bayesian)),
        (
            gettext("Anomalous cells, without a person"),
            translated(answer.min_anomalous_text) if is_told else "",
        ),
        (gettext("Compared"), translated(smear.compared)),
        (gettext("Judged by"), formatting.plain(smear.bundle)),
        (gettext("Flagged from"), gettext("a score above {score}", score=score)),
        (gettext("What the threshold guarantees"), translated(smear.guarantee) if smear.cells else ""),
        (gettext("Not looked at"), formatting.plain(translated(smear.passed_over))),
        (gettext("Version"), f"normocyte {smear.normocyte}"),
    ]
    return [(fact, value) for fact, value in rows if value]


def judged_by(smear: Smear) -> str:
    """What judged the cells and what its threshold guarantees, in a few sentences."""
    said = gettext(
        "Judged by {bundle}; flagged above a score of {score}.",
        bundle=formatting.plain(smear.bundle),
        score=figure(formatting.score(smear.threshold)),
    )
    rests_on = (translated(smear.compared), translated(smear.guarantee)) if smear.cells else ()
    return " ".join(part for part in (said, *rests_on) if part)
