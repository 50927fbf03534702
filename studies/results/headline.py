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
        "On the NIH malaria cells, of patients not used in training, the threshold is set so that 99 % of "
        f"healthy cells are not flagged. At that threshold the default finds {found['default']} of the "
        f"infected cells (AUROC {auroc['default']}). "
        "The stain rule, one line of arithmetic without learning, "
        f"finds {found['stain_rule']} (AUROC {auroc['stain_rule']}). The classic autoencoder finds "
        f"{found['classic']} (AUROC {auroc['classic']}). Without the cells whose label experts doubted, the "
        f"default finds {sure}."
    )
