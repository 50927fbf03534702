"""The sentence of the README on what is reached, from the figures of a comparison."""

from normocyte.core.percent import percent
from studies.kit.common import Row

_FOUND = "sensitivity_at_specificity_99"


def headline(told: Row) -> str:
    """What default, the rule without learning and the published recipe find at 99 % specificity."""
    rows = {name: told["configurations"][name] for name in ("default", "stain_rule", "classic")}
    found = {name: percent(row["all_labels"][_FOUND]["value"]) for name, row in rows.items()}
    sure = percent(rows["default"]["without_doubtful"][_FOUND]["value"], 3)
    auroc = {name: f"{row['all_labels']['auroc']['value']:.3f}" for name, row in rows.items()}
    return (
        "On the NIH malaria cells of patients never seen, the threshold lets 99 % of healthy cells pass. "
        f"There the default finds {found['default']} of the infected cells, and {sure} without doubtful "
        f"labels. One line of arithmetic, the *stain rule*, finds {found['stain_rule']}. "
        f"The classic autoencoder finds {found['classic']}. "
        f"AUROC is {auroc['default']}, {auroc['stain_rule']} and {auroc['classic']}."
    )
